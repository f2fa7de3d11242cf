/**
 * The gRPC face of a node: for looking, and for chaos where it is allowed.
 */
import type { General as WireGeneral } from '../../proto/generated/byzantine/v1/General.js';
import type {
  GeneralNodeDefinition,
  GeneralNodeHandlers,
} from '../../proto/generated/byzantine/v1/GeneralNode.js';
import type { HeardVote as WireHeardVote } from '../../proto/generated/byzantine/v1/HeardVote.js';
import type { Vote, VoteNode } from '../consensus/index.js';
import type { ServiceMount } from '../runtime/index.js';
import { loadContract } from '../runtime/index.js';
import type { Chaos } from './chaos.js';
import { decodeFaultKind } from './fault-kind.js';
import type { Node } from './node.js';
import type { HostedGeneral } from './seats.js';

export function generalNodeContract() {
  return loadContract<GeneralNodeDefinition>({
    file: 'byzantine/v1/general_node.proto',
    service: 'byzantine.v1.GeneralNode',
  });
}

export function generalNodeMount(node: Node, chaos: Chaos): ServiceMount {
  return {
    contract: generalNodeContract(),
    implement(handlers) {
      const implementation: GeneralNodeHandlers = {
        ListGenerals: handlers.unary(async ({ round }) => ({
          node: node.id,
          generals: node.seats
            .list()
            .filter((general) => round === '0' || general.round === Number(round))
            .map(encodeGeneral),
        })),
        GetGeneral: handlers.unary(async ({ round, general }) => {
          const hosted = node.seats.get(Number(round), general);
          return {
            ...encodeGeneral(hosted),
            votes: hosted.votes === undefined ? [] : [...flatten(hosted.votes)],
          };
        }),
        Fault: handlers.unary(async ({ kind, forMs }) => ({
          recoverAddress: await chaos.strike(decodeFaultKind(kind), Number(forMs)),
        })),
      };
      return implementation;
    },
  };
}

function encodeGeneral(general: HostedGeneral): WireGeneral {
  return {
    id: general.id,
    round: general.round,
    isCommander: general.isCommander,
    isTraitor: general.isTraitor,
    epoch: general.epoch,
    phase: general.phase,
    decision: encodeVote(general.decision),
    messageCount: general.sentCount,
    status: general.status,
    restartCount: general.restartCount,
  };
}

/** The tree in its own order: a path before those that go on from it. */
function* flatten({ path, heard, value, children }: VoteNode): Generator<WireHeardVote> {
  yield { path: [...path], heard: encodeVote(heard), value: encodeVote(value) };
  for (const child of children) yield* flatten(child);
}

function encodeVote(vote: Vote | undefined): 'ATTACK' | 'RETREAT' | 'VOTE_UNSPECIFIED' {
  if (vote === undefined) return 'VOTE_UNSPECIFIED';
  return vote === 'Attack' ? 'ATTACK' : 'RETREAT';
}
