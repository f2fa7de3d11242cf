/**
 * King with bugs that others shipped or that its papers warn of, as councils.
 */
import { kingRules, phasesOfTurn } from '../king.js';
import { lockStep } from '../lock-step.js';
import type { Heard, LockStepRules } from '../lock-step-rules.js';
import { type PhaseKingKnown, phaseKingRules } from '../phase-king.js';
import type { Entry, Protocol } from '../protocol.js';
import { defaultVote, everyone, votes } from '../protocol.js';
import { countOf, heardVote, kingOf } from '../turns.js';

type Rules = typeof kingRules;

/** m proposals are enough to take a value over, where a traitor can make them alone. */
const atLeastM: Rules = {
  ...kingRules,
  hear: (situation, known, told) => {
    const next = kingRules.hear(situation, known, told);
    if (told.phase % phasesOfTurn !== 1) return next;
    const { traitorsMax } = situation.setting;
    const adopted = votes.find((vote) => countOf(vote, told.heard, known.proposal) >= traitorsMax);
    return { ...next, value: adopted ?? known.value };
  },
};

/** One king only, who may be a traitor. */
const oneTurn: Rules = { ...kingRules, phaseCount: () => phasesOfTurn };

/** All turns have the same king. */
const sameKing: Rules = {
  ...kingRules,
  isOwed: (setting, slot) => kingRules.isOwed(setting, { ...slot, phase: slot.phase % phasesOfTurn }),
  hear: (situation, known, { phase, heard }) =>
    kingRules.hear(situation, known, { phase: phase % phasesOfTurn, heard }),
};

/** The king's word is taken from whoever says it last. */
const anyKing: Rules = {
  ...kingRules,
  isOwed: (_setting, { to }) => to !== everyone,
  hear: (situation, known, { phase, heard }) => {
    if (phase % phasesOfTurn !== 2) return kingRules.hear(situation, known, { phase, heard });
    const last = [...heard.values()].at(-1)?.[0]?.vote;
    return { ...known, isSure: false, value: known.isSure ? known.value : (last ?? defaultVote) };
  },
};

/** Votes are counted, not senders: a message may hold two, and both count. */
const votesCounted: Rules = {
  ...kingRules,
  paths: (_setting, { from }) => [[from], [from, from]],
  places: (_setting, { from, entries }) => [
    { path: [from], entries },
    { path: [from, from], entries: [] },
  ],
  judge: (_setting, { from }, entries) => ({
    legal: entries.filter(({ path }) => path.every((id) => id === from)),
    ignored: [],
  }),
  hear: (situation, known, { phase, heard }) =>
    kingRules.hear(situation, known, { phase, heard: eachByItself(heard) }),
};

/** Two phases a turn, a value being kept that n - m told: what is summarized as "Phase King for n > 3m" (KA12). */
const twoPhases: LockStepRules<PhaseKingKnown> = {
  ...phaseKingRules,
  hear: (situation, known, { phase, heard }) => {
    if (phase % 2 === 0) return phaseKingRules.hear(situation, known, { phase, heard });
    const { setting, self } = situation;
    const king = kingOf(setting, Math.floor(phase / 2));
    if (king === self || known.count >= setting.generals.length - setting.traitorsMax) return known;
    return { ...known, value: heardVote(heard, king) ?? defaultVote };
  },
};

export const buggedKing: Readonly<Record<string, Protocol<unknown>>> = {
  'at least m': lockStep(atLeastM),
  'one turn': lockStep(oneTurn),
  'same king': lockStep(sameKing),
  'any king': lockStep(anyKing),
  'votes counted': lockStep(votesCounted),
  'two phases': lockStep(twoPhases),
};

function eachByItself(heard: Heard): Heard {
  return new Map(
    [...heard].flatMap(([from, entries]) =>
      entries.map((entry, i): [string, readonly Entry[]] => [i === 0 ? from : `${from}, ${i} more`, [entry]]),
    ),
  );
}
