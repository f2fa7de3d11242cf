/**
 * The nodes as people see them: how each is, what it holds, and what its loss would cost the running rounds.
 */
import type { GeneralId } from '../consensus/index.js';
import type { CallOptions, TupleSpace } from '../tuplespace/index.js';
import type { NodeInfo, NodeLoss, NodeState } from './orchestrator.js';
import type { RoundRecord } from './record.js';
import type { EnrolledNode, Roster } from './roster.js';
import type { RoundSpace } from './round-space.js';
import type { Seating } from './seating.js';

export interface NodeListOptions extends CallOptions {
  readonly space: TupleSpace;
  readonly seating: Seating;
  readonly roundSpace: (number: number) => RoundSpace;
}

/** By id; also those that are gone and were seen not long ago, or whose seats nobody has taken. */
export async function listNodes(options: NodeListOptions): Promise<readonly NodeInfo[]> {
  const { space, seating, roundSpace, signal } = options;
  const [roster, { storeTimeMs }] = await Promise.all([
    seating.roster({ withSeen: true, signal }),
    space.getInfo({ signal }),
  ]);
  const rounds = new Set(roster.assignments.map(({ round }) => round));
  const heads = await Promise.all([...rounds].map((round) => roundSpace(round).head({ signal })));
  const records = heads.filter((head) => head !== undefined);
  const enrolled = roster.nodes.map((node) => {
    const { address, generals, seatsMax, enrolledAtMs } = node;
    const state = stateOf(node, roster, storeTimeMs);
    return {
      ...held(node, roster, records),
      ...(address === '' ? {} : { address }),
      state,
      generals,
      seatsMax,
      enrolledAtMs,
    };
  });
  const gone = goneNodes(roster).map((node) => ({
    ...held({ node }, roster, records),
    state: 'gone' as const,
    generals: [],
    seatsMax: 0,
    enrolledAtMs: 0,
  }));
  return [...enrolled, ...gone].sort((left, right) => (left.node < right.node ? -1 : 1));
}

function stateOf({ node, leaseMs, isDraining }: EnrolledNode, roster: Roster, nowMs: number): NodeState {
  if (isDraining) return 'draining';
  const seenAtMs = roster.seenAtMs.get(node) ?? 0;
  // It gives a sign three times in a lease.
  return nowMs - seenAtMs > leaseMs / 2 ? 'lapsing' : 'live';
}

function goneNodes({ nodes, assignments, seenAtMs }: Roster): readonly string[] {
  const known = new Set([...seenAtMs.keys(), ...assignments.map(({ node }) => node)]);
  for (const { node } of nodes) known.delete(node);
  return [...known];
}

/** What counts by the node's id: another process may have held a seat that still has to move. */
function held({ node }: { readonly node: string }, roster: Roster, records: readonly RoundRecord[]) {
  const own = roster.assignments.filter((assignment) => assignment.node === node);
  return {
    node,
    lastSeenMs: roster.seenAtMs.get(node) ?? 0,
    seats: own.map(({ round, general, epoch }) => ({ round, general, epoch })),
    losses: records.flatMap((record) => lossOf(record, own) ?? []),
  };
}

function lossOf(
  { round, lab }: RoundRecord,
  own: readonly { readonly round: number; readonly general: GeneralId }[],
): NodeLoss | undefined {
  const generals = own.filter((seat) => seat.round === round.number).map(({ general }) => general);
  if (generals.length === 0) return undefined;
  const faulty = new Set([...lab.traitors.map(({ general }) => general), ...generals]);
  return {
    round: round.number,
    generalCount: generals.length,
    faultCount: faulty.size,
    faultsMax: round.setting.traitorsMax,
  };
}
