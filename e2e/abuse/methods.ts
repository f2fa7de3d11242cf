/**
 * The methods of a service that answer once, by its contract.
 */
import { generalNodeContract } from '../../services/general-node/index.js';
import { orchestratorContract } from '../../services/orchestrator/index.js';
import { loadTupleSpaceContract } from '../../services/tuplespace/wire/contract.js';

export function methodsOf(service: string): readonly string[] {
  const contracts = [loadTupleSpaceContract(), orchestratorContract(), generalNodeContract()];
  const found = contracts.find(({ name }) => name === service);
  return Object.entries(found?.methods ?? {})
    .filter(([, { requestStream, responseStream }]) => !requestStream && !responseStream)
    .map(([name]) => name);
}
