/**
 * The faults of one run: drawn before it begins, so that nothing that happens changes what else will.
 */
import type { Chance } from './chance.js';
import type { FaultKind, Scenario } from './scenario.js';

/** A fault that will happen. */
export interface Fault {
  readonly kind: FaultKind;
  /** `space`, or a process by its name. */
  readonly of: string;
  /** After the start of the rounds. */
  readonly atMs: number;
  readonly forMs: number;
}

/** In the order of time. */
export function drawFaults({ faults, nodes, orchestratorCount }: Scenario, chance: Chance): readonly Fault[] {
  const drawn = faults.map(({ kind, of, chance: probability, atMs, forMs }) => {
    const isComing = chance.happens(probability);
    const word = chance.word();
    const counts = { node: nodes.count, orchestrator: orchestratorCount };
    const fault = {
      kind,
      of: of === 'node' || of === 'orchestrator' ? `${of}-${1 + (word % counts[of])}` : of,
      atMs: chance.within(atMs),
      forMs: chance.within(forMs),
    };
    return { isComing, fault };
  });
  return drawn
    .filter(({ isComing }) => isComing)
    .map(({ fault }) => fault)
    .sort((left, right) => left.atMs - right.atMs);
}
