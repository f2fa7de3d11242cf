/**
 * SM(m) with bugs that others shipped or that its papers warn of. Where a bug lets a traitor say more than the
 * rules allow, the variant lets it say that too.
 */
import { lockStep } from '../lock-step.js';
import type { LockStepRules } from '../lock-step-rules.js';
import type { Entry, JudgedEntries, Protocol, Setting, Signing, Slot } from '../protocol.js';
import { defaultVote, everyone } from '../protocol.js';
import { extendChain, signedBytes } from '../signed-chain.js';
import { type SmKnown, smRules } from '../sm.js';
import { judgeChains } from '../sm-judge.js';
import { opposite } from '../traitors/plan.js';

type Rules = LockStepRules<SmKnown>;

/** A chain counts though it has fewer signatures than its phase demands, and from whoever brings it (KA13). */
const lateReveal: Rules = {
  ...smRules,
  isOwed: (setting, slot) => smRules.isOwed(setting, slot) || isOfCommander(setting, slot),
  paths: (setting, slot) => (slot.from === setting.commander ? [[slot.from]] : smRules.paths(setting, slot)),
  places: (setting, message) =>
    message.from === setting.commander
      ? [{ path: [message.from], entries: message.entries }]
      : smRules.places(setting, message),
  judge: (setting, slot, entries, signing) =>
    together(
      entries.map((entry) => {
        const { path } = entry;
        const asIfThen = { ...slot, phase: path.length - 1, from: path.at(-1) ?? '' };
        return path.length <= slot.phase + 1
          ? judgeChains(setting, asIfThen, [entry], signing)
          : judgeChains(setting, slot, [entry], signing);
      }),
    ),
};

/** Nobody looks at signatures. */
const unchecked: Rules = {
  ...smRules,
  judge: (setting, slot, entries) => judgeChains(setting, slot, entries),
};

/** Only the writer's own signature is looked at, not those before it. */
const lastChecked: Rules = {
  ...smRules,
  judge: (setting, slot, entries, signing) => {
    const { legal, ignored } = judgeChains(setting, slot, entries);
    const isGood = (entry: Entry) => signing === undefined || isLastSigned(entry, signing);
    return { legal: legal.filter(isGood), ignored };
  },
  say: (situation, known, slot, path, vote) => {
    const said = smRules.say(situation, known, slot, path, vote);
    const { signing, self } = situation;
    if (signing === undefined) return said;
    const inner = { ...said, path: said.path.slice(0, -1), signatures: (said.signatures ?? []).slice(0, -1) };
    return extendChain(inner, self, signing);
  },
};

/** Signatures cover the chain, but not the vote. */
const voteNotCovered: Rules = {
  ...smRules,
  judge: (setting, slot, entries, signing) =>
    together(
      entries.map((entry) => {
        const asSaid = judgeChains(setting, slot, [entry], signing);
        const turned = judgeChains(setting, slot, [{ ...entry, vote: opposite(entry.vote) }], signing);
        return asSaid.legal.length === 0 && turned.legal.length > 0
          ? { legal: [entry], ignored: [] }
          : asSaid;
      }),
    ),
  say: (situation, known, slot, path, vote) => {
    const holdsOther = known.held.every((entry) => entry.vote !== vote) && known.held.length > 0;
    const said = smRules.say(situation, known, slot, path, holdsOther ? opposite(vote) : vote);
    return { ...said, vote };
  },
};

/** A second order is not kept, though it shows that the commander is a traitor. */
const oneKept: Rules = {
  ...smRules,
  hear: (situation, known, told) => {
    const next = smRules.hear(situation, known, told);
    const accepted = next.accepted.slice(0, 1);
    const isNew = ({ vote }: Entry) => accepted.includes(vote) && !known.accepted.includes(vote);
    return { ...next, accepted, fresh: next.fresh.filter(isNew) };
  },
};

/** A second order is kept, but not passed on. */
const secondNotRelayed: Rules = {
  ...smRules,
  hear: (situation, known, told) => {
    const next = smRules.hear(situation, known, told);
    return { ...next, fresh: known.accepted.length > 0 ? [] : next.fresh.slice(0, 1) };
  },
};

/** Of two orders the first is obeyed. */
const firstObeyed: Rules = {
  ...smRules,
  decide: (_situation, { accepted }) => accepted[0] ?? defaultVote,
};

/** m phases are too few: whoever hears an order in the last one cannot pass it on. */
const phaseTooFew: Rules = { ...smRules, phaseCount: ({ traitorsMax }) => traitorsMax };

export const buggedSm: Readonly<Record<string, Protocol<unknown>>> = {
  'late reveal': lockStep(lateReveal),
  'signatures unchecked': lockStep(unchecked),
  'last signature only': lockStep(lastChecked),
  'vote not covered': lockStep(voteNotCovered),
  'one order kept': lockStep(oneKept),
  'second not relayed': lockStep(secondNotRelayed),
  'first obeyed': lockStep(firstObeyed),
  'a phase too few': lockStep(phaseTooFew),
};

function isOfCommander({ commander }: Setting, { from, to }: Slot): boolean {
  return from === commander && to !== everyone;
}

function together(judged: readonly JudgedEntries[]): JudgedEntries {
  return {
    legal: judged.flatMap(({ legal }) => legal),
    ignored: judged.flatMap(({ ignored }) => ignored),
  };
}

function isLastSigned({ path, vote, signatures = [] }: Entry, signing: Signing): boolean {
  const [signer, signature] = [path.at(-1), signatures.at(-1)];
  if (signer === undefined || signature === undefined) return false;
  const bytes = signedBytes(signing.instance, vote, path.slice(0, -1), signatures.slice(0, -1), signer);
  return signing.verify(signer, bytes, signature);
}
