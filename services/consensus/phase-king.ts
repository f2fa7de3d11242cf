/**
 * Phase King, consensus in two phases a king: Berman and Garay, "Cloture Votes: n/4-resilient Distributed
 * Consensus in t+1 Rounds", Mathematical Systems Theory 26, 1993, section 3. It needs n > 4m; taken for a
 * protocol for n > 3m, as it often is, it breaks even validity, and stands here to show that.
 *
 * Everybody tells its value; the king tells the more frequent one it heard; whoever heard a value more than
 * n/2 + m times keeps it, the others take the king's.
 */
import { atLeast } from './bounds.js';
import type { LockStepRules, Situation } from './lock-step-rules.js';
import { plainEntries, tellAll } from './plain-entries.js';
import type { Vote } from './protocol.js';
import { defaultVote, everyone } from './protocol.js';
import { countOf, heardVote, kingOf, turnCount } from './turns.js';

/** What a general knows between phases. */
export interface PhaseKingKnown {
  readonly value: Vote;
  /** How many told this value in the last vote. */
  readonly count: number;
}

/** The rules of the council; with a commander, see with-commander.ts. */
export const phaseKingRules: LockStepRules<PhaseKingKnown> = {
  name: 'phase-king',
  version: 1,
  source: 'Berman, Garay: Cloture Votes, Mathematical Systems Theory 26, 1993, section 3',
  ...plainEntries,
  phaseCount: (setting) => phasesOfTurn * turnCount(setting),
  bound: ({ generals, traitorsMax }) => atLeast(generals.length, 4 * traitorsMax + 1, { rule: 'n ≥ 4m + 1' }),
  cost(setting) {
    const n = setting.generals.length;
    const turns = turnCount(setting);
    const messageCount = turns * (n - 1) * (n + 1);
    return {
      phaseCount: phasesOfTurn * turns,
      messageCount,
      tupleCount: messageCount,
      receivedPerLieutenant: turns * n,
    };
  },
  isOwed: (setting, { phase, from, to }) =>
    to !== everyone && (phase % phasesOfTurn === 0 || from === kingOf(setting, turnOf(phase))),
  begin: (_situation, order = defaultVote) => ({ value: order, count: 0 }),
  tell: ({ self }, { value }) => tellAll(self, value),
  hear(situation, known, { phase, heard }) {
    if (phase % phasesOfTurn === 0) {
      const attackCount = countOf('Attack', heard, known.value);
      const retreatCount = countOf('Retreat', heard, known.value);
      // A tie goes to the default.
      return attackCount > retreatCount
        ? { value: 'Attack', count: attackCount }
        : { value: 'Retreat', count: retreatCount };
    }
    const king = kingOf(situation.setting, turnOf(phase));
    if (king === situation.self || isKept(situation, known)) return known;
    return { ...known, value: heardVote(heard, king) ?? defaultVote };
  },
  decide: (_situation, { value }) => value,
};

const phasesOfTurn = 2;

function turnOf(phase: number): number {
  return Math.floor(phase / phasesOfTurn);
}

function isKept({ setting }: Situation, { count }: PhaseKingKnown): boolean {
  return count > setting.generals.length / 2 + setting.traitorsMax;
}
