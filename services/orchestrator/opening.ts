/**
 * What stands in a round's space before any general speaks.
 */
import type { Assignment, RoundTuple } from '../general-node/index.js';
import { briefTuple, labTuple, roundTuple, seatTuple } from '../general-node/index.js';
import type { Tuple } from '../tuplespace/index.js';
import type { ResolvedRound } from './resolve.js';

/** What everybody may know first, then what the orchestrator keeps for itself, a brief for each general, and who sits where. */
export function openingTuples(
  round: RoundTuple,
  resolved: ResolvedRound,
  assignments: readonly Assignment[],
): Tuple[] {
  const { setting, traitors, order, inputs, seed } = resolved;
  const traitorIds = traitors.map(({ general }) => general);
  const specs = new Map(traitors.map((spec) => [spec.general, spec]));
  const briefs = setting.generals.map((general) => {
    const spec = specs.get(general);
    return briefTuple({
      general,
      ...(setting.isCouncil || general === setting.commander ? { order: inputs.get(general) ?? order } : {}),
      ...(spec === undefined ? {} : { treason: { seed, traitors: traitorIds, spec } }),
    });
  });
  return [
    roundTuple(round),
    labTuple({ seed, order, traitors, inputs }),
    ...briefs,
    ...assignments.map(seatTuple),
  ];
}
