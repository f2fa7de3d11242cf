/**
 * The gRPC face of the orchestrator: decode, call, encode.
 */
import type {
  OrchestratorDefinition,
  OrchestratorHandlers,
} from '../../proto/generated/byzantine/v1/Orchestrator.js';
import type { ServiceMount } from '../runtime/index.js';
import { invalidArgument, loadContract } from '../runtime/index.js';
import type { Orchestrator } from './orchestrator.js';
import { decodeCursor, decodeFault, decodeRequest, encodeEvent, encodeNode } from './wire-calls.js';
import { encodeEvidence } from './wire-evidence.js';
import { encodeRound } from './wire-round.js';

export function orchestratorContract() {
  return loadContract<OrchestratorDefinition>({
    file: 'byzantine/v1/orchestrator.proto',
    service: 'byzantine.v1.Orchestrator',
  });
}

export function orchestratorMount(orchestrator: Orchestrator): ServiceMount {
  return {
    contract: orchestratorContract(),
    implement(handlers) {
      const implementation: OrchestratorHandlers = {
        StartRound: handlers.unary(async (request, { signal, trace }) =>
          encodeRound(await orchestrator.startRound(decodeRequest(request), { signal, trace })),
        ),
        WatchRound: handlers.serverStream(async function* ({ number, from }, { signal }) {
          const events = orchestrator.watchRound(
            { number: roundNumber(number), ...(from === null ? {} : { from: decodeCursor(from) }) },
            { signal },
          );
          for await (const event of events) yield encodeEvent(event);
        }),
        GetRound: handlers.unary(async ({ number, withMessages }, { signal }) =>
          encodeRound(await orchestrator.getRound({ number: roundNumber(number), withMessages }, { signal })),
        ),
        GetEvidence: handlers.unary(async ({ number }, { signal }) =>
          encodeEvidence(await orchestrator.getEvidence({ number: roundNumber(number) }, { signal })),
        ),
        ListRounds: handlers.unary(async ({ beforeNumber, limit }, { signal }) => {
          const before = Number(beforeNumber);
          const rounds = await orchestrator.listRounds(
            { ...(before === 0 ? {} : { beforeNumber: before }), ...(limit === 0 ? {} : { limit }) },
            { signal },
          );
          return { rounds: rounds.map(encodeRound) };
        }),
        CancelRound: handlers.unary(async ({ number, because }, { signal }) =>
          encodeRound(await orchestrator.cancelRound({ number: roundNumber(number), because }, { signal })),
        ),
        ListNodes: handlers.unary(async (_, { signal }) => ({
          nodes: (await orchestrator.listNodes({ signal })).map(encodeNode),
        })),
        FaultNode: handlers.unary(async (request, { signal }) => {
          await orchestrator.faultNode(decodeFault(request), { signal });
          return {};
        }),
      };
      return implementation;
    },
  };
}

function roundNumber(text: string): number {
  const number = Number(text);
  if (number < 1) throw invalidArgument('number', 'rounds are numbered from 1');
  return number;
}
