/**
 * SM(m), agreement by signed messages: Lamport, Shostak and Pease, "The Byzantine Generals Problem", ACM
 * TOPLAS 4(3), 1982, section 4, in the form of Dolev and Strong, "Authenticated Algorithms for Byzantine
 * Agreement", SIAM J. Comput. 12(4), 1983: a lieutenant relays a vote once, when it is new to it, and at most
 * two votes, since two show already that the commander is a traitor.
 *
 * A chain counts in the phase in which it has one signature more than the phase's number, the last of them
 * its writer's. The papers also take longer chains; with one slot for each phase, sender and recipient,
 * equality keeps the judgement of a general that starts anew the same. Without any such rule a traitor could
 * show its order to one general in the last phase, when it is too late to relay it.
 */
import { assert } from './assert.js';
import { atLeast } from './bounds.js';
import type { Heard, LockStepRules, Situation } from './lock-step-rules.js';
import type { Bound, Entry, GeneralId, Path, Setting, Slot, Vote } from './protocol.js';
import { defaultVote, everyone } from './protocol.js';
import { beginChain, extendChain } from './signed-chain.js';
import { forgeChain } from './sm-forgery.js';
import { judgeChains } from './sm-judge.js';

/** What a general knows between phases. */
export interface SmKnown {
  /** The votes that the commander has signed, in the order in which they were seen; never more than two. */
  readonly accepted: readonly Vote[];
  /** What it tells in the phase that runs, its own signature under each. */
  readonly fresh: readonly Entry[];
  /** Every chain that counted in the last phase: what it could relay if it were a traitor. */
  readonly held: readonly Entry[];
}

/** The rules under a commander; for a council, see council.ts. */
export const smRules: LockStepRules<SmKnown> = {
  name: 'sm',
  version: 1,
  source: 'Lamport, Shostak, Pease 1982, section 4, as Dolev, Strong: SIAM J. Comput. 12(4), 1983',
  phaseCount: ({ traitorsMax }) => traitorsMax + 1,
  bound: ({ generals, traitorsMax }) => atLeast(generals.length, traitorsMax + 2, { rule: 'n ≥ m + 2' }),
  cost({ generals, traitorsMax }) {
    const n = generals.length;
    const relayPhaseCount = Math.max(0, Math.min(traitorsMax, n - 2));
    const pairCount = (n - 1) * (n - 2);
    return {
      phaseCount: traitorsMax + 1,
      // Loyal lieutenants relay the one order once, whatever m is; in later phases they say that nothing is new.
      messageCount: n - 1 + (relayPhaseCount > 0 ? pairCount : 0),
      tupleCount: n - 1 + relayPhaseCount * pairCount,
      receivedPerLieutenant: 1 + (relayPhaseCount > 0 ? n - 2 : 0),
    };
  },
  isOwed,
  // Who stands between the commander and the sender is up to what was heard.
  paths: ({ commander }, { phase, from }) => [phase === 0 ? [commander] : [commander, from]],
  places: ({ commander }, { phase, from, entries }) => [
    { path: phase === 0 ? [commander] : [commander, from], entries },
  ],
  judge: judgeChains,
  begin(situation, order) {
    const { setting, self } = situation;
    if (self !== setting.commander) return { accepted: [], fresh: [], held: [] };
    assert(order !== undefined, 'the commander starts with an order');
    return { accepted: [order], fresh: [beginChain(order, self, signingOf(situation))], held: [] };
  },
  tell:
    (_situation, { fresh }) =>
    (to) =>
      fresh.filter(({ path }) => !path.includes(to)),
  hear,
  decide: (_situation, { accepted }) => (accepted.length === 1 ? (accepted[0] ?? defaultVote) : defaultVote),
  say: sayAnything,
};

/** In a council the majority of the orders must be that of the loyal generals; for m > 0 that is the stronger demand. */
export function smCouncilBound({ generals, traitorsMax }: Setting): Bound {
  return atLeast(generals.length, Math.max(2, 2 * traitorsMax + 1), { rule: 'n ≥ 2m + 1' });
}

/** In phase 0 the commander owes each lieutenant a message, later each lieutenant every other one. */
function isOwed({ generals, commander }: Setting, { phase, from, to }: Slot): boolean {
  if (to === everyone || to === commander) return false;
  if (phase === 0) return from === commander;
  // Beside the recipient there are phase - 1 signers and the sender, all of them lieutenants.
  return from !== commander && phase <= generals.length - 2;
}

function hear(
  situation: Situation,
  known: SmKnown,
  { phase, heard }: { readonly phase: number; readonly heard: Heard },
): SmKnown {
  const { setting, self } = situation;
  if (self === setting.commander) return { ...known, fresh: [] };
  const held = [...heard.values()].flat();
  const accepted = [...known.accepted];
  const news: Entry[] = [];
  for (const entry of held) {
    if (accepted.length >= acceptedMax || accepted.includes(entry.vote)) continue;
    accepted.push(entry.vote);
    news.push(entry);
  }
  const isRelayed = phase + 1 < setting.traitorsMax + 1;
  const fresh = isRelayed ? news.map((entry) => extendChain(entry, self, signingOf(situation))) : [];
  return { accepted, fresh, held };
}

/** One would not do: the second vote is what shows everybody that the commander is a traitor. */
const acceptedMax = 2;

/** What a traitor can show for a vote: its own order, a chain that it holds, or a forgery. */
function sayAnything(situation: Situation, { held }: SmKnown, slot: Slot, _path: Path, vote: Vote): Entry {
  const { setting, self } = situation;
  const signing = signingOf(situation);
  if (self === setting.commander) return beginChain(vote, self, signing);
  const isGood = (entry: Entry) => entry.vote === vote && canRelay(entry, slot.to);
  const good = held.find(isGood);
  return good === undefined ? forgeChain(situation, held, { slot, vote }) : extendChain(good, self, signing);
}

function canRelay({ path }: Entry, to: GeneralId): boolean {
  return !path.includes(to);
}

function signingOf({ signing }: Situation) {
  assert(signing !== undefined, 'signed messages need a signature scheme');
  return signing;
}
