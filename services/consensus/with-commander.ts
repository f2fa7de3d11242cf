/**
 * A council's protocol under a commander: one exchange more, in which the commander tells its order, and what
 * a general heard, or the default, is its input. Validity of the council gives obedience: all loyal generals
 * heard what a loyal commander ordered.
 */
import type { LockStepRules, Situation } from './lock-step-rules.js';
import { plainEntries, tellAll } from './plain-entries.js';
import type { Setting, Slot, Vote } from './protocol.js';
import { defaultVote, everyone } from './protocol.js';
import { heardVote } from './turns.js';

/** Until the order has come there is at most the commander's own. */
export type Commanded<Known> =
  | { readonly kind: 'ordered'; readonly order: Vote | undefined }
  | { readonly kind: 'council'; readonly known: Known };

/** The rules with the commander's exchange as phase 0; only for protocols in which nothing is relayed. */
export function withCommander<Known>(council: LockStepRules<Known>): LockStepRules<Commanded<Known>> {
  return {
    name: council.name,
    version: council.version,
    source: council.source,
    ...plainEntries,
    phaseCount: (setting) => 1 + council.phaseCount(setting),
    bound: council.bound,
    cost(setting) {
      const cost = council.cost(setting);
      const orderCount = setting.generals.length - 1;
      return {
        phaseCount: 1 + cost.phaseCount,
        messageCount: orderCount + cost.messageCount,
        tupleCount: orderCount + cost.tupleCount,
        receivedPerLieutenant: 1 + cost.receivedPerLieutenant,
      };
    },
    isOwed: (setting, slot) =>
      slot.phase === 0 ? isOrder(setting, slot) : council.isOwed(setting, before(slot)),
    begin: (_situation, order) => ({ kind: 'ordered', order }),
    tell: (situation, known, phase) =>
      known.kind === 'ordered'
        ? tellAll(situation.self, known.order ?? defaultVote)
        : council.tell(situation, known.known, phase - 1),
    hear(situation, known, { phase, heard }) {
      if (known.kind === 'council') {
        const next = council.hear(situation, known.known, { phase: phase - 1, heard });
        return { kind: 'council', known: next };
      }
      const input = known.order ?? heardVote(heard, situation.setting.commander) ?? defaultVote;
      return { kind: 'council', known: council.begin(situation, input) };
    },
    decide: (situation, known) => decide(council, situation, known),
  };
}

function decide<Known>(council: LockStepRules<Known>, situation: Situation, known: Commanded<Known>): Vote {
  return known.kind === 'ordered' ? (known.order ?? defaultVote) : council.decide(situation, known.known);
}

function isOrder({ commander }: Setting, { from, to }: Slot): boolean {
  return from === commander && to !== everyone;
}

function before(slot: Slot): Slot {
  return { ...slot, phase: slot.phase - 1 };
}
