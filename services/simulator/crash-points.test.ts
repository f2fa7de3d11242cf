/**
 * A crash at every moment of a round: of each process, at each time at which anything happens. Whatever was under way is lost. Others take
 * over what a node held, or the orchestrator starts anew, and the round must come to its end with every promise kept.
 */
import type { ScenarioFault } from './scenario.js';
import { builtInScenarios, readScenarioFile } from './scenario-file.js';
import { simulate } from './simulation.js';

const quiet = readScenarioFile(builtInScenarios().get('quiet') ?? '');
const scenario = {
  ...quiet,
  nodes: { ...quiet.nodes, leaseGraceMs: 10 },
  expect: { ...quiet.expect, verdicts: ['held'] as const },
};
const seed = 3;

/** Every time at which something happens in the round without faults, since its beginning. */
async function moments(): Promise<readonly number[]> {
  const times = new Set<number>();
  const { begunMs } = await simulate(quiet, { seed, onEvent: ({ atMs }) => void times.add(atMs) });
  // A crash comes before whatever else happens at its moment, and so after all that the moment before has set going.
  return [...times].map((atMs) => atMs - begunMs).filter((atMs) => atMs >= 0);
}

test.each([
  ['node-1', 1],
  ['node-2', 1],
  ['node-3', 1],
  ['node-4', 1],
  ['orchestrator-1', 1],
  ['orchestrator-1', 2],
] as const)(
  '%s may crash at any moment of a round, with %i orchestrators',
  async (of, orchestratorCount) => {
    let [lostCount, movedCount] = [0, 0];
    const times = await moments();
    expect(times.length).toBeGreaterThan(50);
    for (const atMs of times) {
      // Of two orchestrators the other one goes on, and of the nodes.
      const forMs = of === 'orchestrator-1' && orchestratorCount === 1 ? 20 : 60_000;
      const crash: ScenarioFault = {
        kind: 'crash',
        of,
        chance: 1,
        atMs: [atMs, atMs],
        forMs: [forMs, forMs],
      };
      const { problems, rounds } = await simulate(
        { ...scenario, orchestratorCount, faults: [crash] },
        { seed },
      );
      expect({ of, atMs, problems }).toEqual({ of, atMs, problems: [] });
      if ((rounds[0]?.verdict?.lost.length ?? 0) > 0) lostCount += 1;
      if (rounds[0]?.seats.some(({ epoch }) => epoch > 1)) movedCount += 1;
    }
    // Taken over well within a phase of 200 ms, nobody is late.
    expect(lostCount).toBe(0);
    if (of !== 'orchestrator-1') expect(movedCount).toBeGreaterThan(times.length / 2);
  },
  120_000,
);
