/**
 * The service as proto-loader reads it from the proto file, with its codec put aside for ours.
 */
import { type Contract, loadContract, type RawMethod, rawMethod } from '../../runtime/index.js';

/** Every method of the service. */
export const methodNames = [
  'Write',
  'Read',
  'Take',
  'Settle',
  'Lease',
  'Watch',
  'Pipe',
  'PutSpace',
  'ListSpaces',
  'DropSpace',
  'Explain',
  'GetInfo',
  'ReadAudit',
  'Enrol',
  'PutToken',
  'RevokeToken',
] as const;

export type MethodName = (typeof methodNames)[number];

export type TupleSpaceMethods = { readonly [K in MethodName]: RawMethod };

/** Header of a pipe's answer; see the contract. */
export const soleInstanceHeader = 'byzantine-sole-instance';

export function loadTupleSpaceContract(): Contract<TupleSpaceMethods> {
  const contract = loadContract<TupleSpaceMethods>({
    file: 'byzantine/v1/tuplespace.proto',
    service: 'byzantine.v1.TupleSpace',
  });
  const methods = methodNames.map((name) => [name, rawMethod(contract.methods[name])]);
  return { ...contract, methods: Object.fromEntries(methods) as TupleSpaceMethods };
}
