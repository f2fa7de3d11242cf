/**
 * King, consensus with n > 3m and messages in number polynomial: Berman, Garay and Perry, "Towards Optimal
 * Distributed Consensus", FOCS 1989, section 3. Every general has an input; m + 1 kings follow each other, so
 * one of them is loyal, and after its turn all loyal generals agree and stay agreed.
 *
 * A king's turn has three phases: everybody tells its value; everybody proposes what it heard n - m times and
 * takes over what more than m propose; the king tells its value, and whoever saw no value proposed n - m
 * times takes the king's.
 */
import { atLeast } from './bounds.js';
import type { Heard, LockStepRules, Situation, Telling } from './lock-step-rules.js';
import { plainEntries, tellAll } from './plain-entries.js';
import type { GeneralId, Setting, Vote } from './protocol.js';
import { defaultVote, everyone, votes } from './protocol.js';
import { countOf, heardVote, kingOf, turnCount } from './turns.js';

/** What a general knows between phases. */
export interface KingKnown {
  readonly value: Vote;
  /** What it proposes in this turn. */
  readonly proposal: Vote | undefined;
  /** It saw a value proposed n - m times in this turn, and so keeps its own. */
  readonly isSure: boolean;
}

/** The rules of the council; with a commander, see with-commander.ts. */
export const kingRules: LockStepRules<KingKnown> = {
  name: 'king',
  version: 1,
  source: 'Berman, Garay, Perry: Towards Optimal Distributed Consensus, FOCS 1989, section 3',
  ...plainEntries,
  phaseCount: (setting) => phasesOfTurn * turnCount(setting),
  bound: ({ generals, traitorsMax }) => atLeast(generals.length, 3 * traitorsMax + 1, { rule: 'n ≥ 3m + 1' }),
  cost(setting) {
    const n = setting.generals.length;
    const turns = turnCount(setting);
    const messageCount = turns * (n - 1) * (2 * n + 1);
    return {
      phaseCount: phasesOfTurn * turns,
      messageCount,
      tupleCount: messageCount,
      receivedPerLieutenant: turns * (2 * (n - 1) + 1),
    };
  },
  isOwed: (setting, { phase, from, to }) =>
    to !== everyone && (phase % phasesOfTurn !== kingPhase || from === kingOf(setting, turnOf(phase))),
  begin: (_situation, order = defaultVote) => ({ value: order, proposal: undefined, isSure: false }),
  tell,
  hear(situation, known, { phase, heard }) {
    switch (phase % phasesOfTurn) {
      case votePhase:
        return { ...known, proposal: frequent(situation, heard, known.value) };
      case proposalPhase:
        return takeProposals(situation, known, heard);
      default:
        return obeyKing(situation, known, kingOf(situation.setting, turnOf(phase)), heard);
    }
  },
  decide: (_situation, { value }) => value,
};

/** Vote, proposal, king. */
export const phasesOfTurn = 3;
const votePhase = 0;
const proposalPhase = 1;
const kingPhase = 2;

function turnOf(phase: number): number {
  return Math.floor(phase / phasesOfTurn);
}

function tell({ self }: Situation, { value, proposal }: KingKnown, phase: number): Telling {
  return tellAll(self, phase % phasesOfTurn === proposalPhase ? proposal : value);
}

/** The value that n - m generals told, this one included; outside the bound there may be two, then Attack. */
function frequent({ setting }: Situation, heard: Heard, own: Vote | undefined): Vote | undefined {
  return votes.find((vote) => countOf(vote, heard, own) >= leastSure(setting));
}

function takeProposals(situation: Situation, known: KingKnown, heard: Heard): KingKnown {
  const { proposal } = known;
  const { traitorsMax } = situation.setting;
  // More than m propose it, so a loyal general does.
  const adopted = votes.find((vote) => countOf(vote, heard, proposal) > traitorsMax);
  const isSure = frequent(situation, heard, proposal) !== undefined;
  return { value: adopted ?? known.value, proposal: undefined, isSure };
}

function obeyKing({ self }: Situation, known: KingKnown, king: GeneralId, heard: Heard): KingKnown {
  if (known.isSure || king === self) return { ...known, isSure: false };
  return { ...known, value: heardVote(heard, king) ?? defaultVote };
}

function leastSure({ generals, traitorsMax }: Setting): number {
  return generals.length - traitorsMax;
}
