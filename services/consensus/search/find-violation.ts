/**
 * Finds a treason with a name that breaks a round: what to show, as flags, when a round outside the bound held by
 * luck. search.ts goes further and finds tables.
 */
import { assert } from '../assert.js';
import type { GeneralId, Setting, Vote } from '../protocol.js';
import { votes } from '../protocol.js';
import { simulateRound } from '../run.js';
import type { TraitorSpec } from '../traitors/spec.js';
import { strategies } from '../traitors/strategies.js';
import type { Verdict } from '../verdict.js';
import { subsets } from './subsets.js';

/** Where to look, and for how long. */
export interface ViolationSearch {
  readonly setting: Setting;
  /** In a council, the inputs that differ from the order. */
  readonly inputs?: ReadonlyMap<GeneralId, Vote>;
  /** How many generals betray, 0 to n; default: the setting's `traitorsMax`. */
  readonly traitorCount?: number;
  /** Rounds to run at most; default 2,000. */
  readonly runsMax?: number;
}

/** A round that breaks agreement or validity; `simulateRound` with these gives the verdict again. */
export interface Violation {
  readonly order: Vote;
  readonly traitors: readonly TraitorSpec[];
  readonly seed: number;
  readonly verdict: Verdict;
}

/**
 * The first violation among all choices of traitors, shipped strategies and both orders, with seed 0, then 1,
 * and so on; undefined when `runsMax` rounds show none, which proves nothing. Costs up to `runsMax` rounds,
 * so keep it to small settings.
 */
export function findViolation(search: ViolationSearch): Violation | undefined {
  const { setting, inputs, traitorCount = setting.traitorsMax, runsMax = 2_000 } = search;
  const isPossible =
    Number.isInteger(traitorCount) && traitorCount >= 0 && traitorCount <= setting.generals.length;
  assert(isPossible, `0 to ${setting.generals.length} generals can betray, got ${traitorCount}`);
  let runCount = 0;
  for (const candidate of candidates(setting, traitorCount)) {
    if (runCount >= runsMax) return undefined;
    runCount += 1;
    const given = inputs === undefined ? {} : { inputs };
    const { verdict } = simulateRound({ setting, ...given, ...candidate });
    const isBroken = verdict.agreement.status === 'violated' || verdict.validity.status === 'violated';
    if (isBroken) return { ...candidate, verdict };
  }
  return undefined;
}

/** Goes on for all seeds: its reader decides when to stop. */
function* candidates(setting: Setting, traitorCount: number): Generator<Omit<Violation, 'verdict'>> {
  for (let seed = 0; seed <= 0xffffffff; seed += 1) {
    for (const { name, isSeeded } of strategies) {
      if (!isSeeded && seed > 0) continue;
      for (const traitors of subsets(setting.generals, traitorCount)) {
        const specs = traitors.map((general) => ({ general, strategy: name }));
        for (const order of votes) yield { order, traitors: specs, seed };
      }
    }
  }
}
