/**
 * Puts a plan between the loyal engine and the tuple space.
 */
import type { Entry, Message, Output, Protocol, Setting, Vote } from '../protocol.js';
import { votes } from '../protocol.js';
import type { Act, Place, Plan, Stray, Timing } from './plan.js';

/** What comes out of a traitor: what comes out of a loyal general, and what never would. */
export type TraitorOutput =
  | Output
  /** Messages of the phase that are held back on purpose. */
  | {
      readonly kind: 'send-later';
      readonly phase: number;
      readonly when: Timing;
      readonly messages: readonly Message[];
    }
  /** Messages that nobody owes, each to be written by itself: the space may refuse it, and that hinders nothing. */
  | {
      readonly kind: 'stray';
      /** The phase in which it is said, whatever phase the message claims. */
      readonly phase: number;
      readonly when?: Timing;
      readonly message: Message;
    };

/** One value, what a loyal general would have said there, and what the traitor did. */
export interface Lie {
  readonly place: Place;
  readonly act: Act;
}

/** Whose outputs are rewritten: the protocol, and the loyal state that they came with. */
export interface Betrayed {
  readonly protocol: Protocol<unknown>;
  readonly setting: Setting;
  readonly state: unknown;
  /** What loyal generals said in the phase; for a traitor that rushes. */
  readonly seen?: readonly Message[];
  /** Told of every value that is said otherwise than a loyal general would. */
  readonly onLie?: (lie: Lie) => void;
}

/**
 * What the traitor sends instead of what a loyal general would. Entries keep their order; a message is left
 * out when the plan says nothing at every place of it, and a send without messages with it. All values of a slot
 * stand in one message: it goes when the last of them does. All other outputs stay as they are.
 */
export function rewrite(outputs: readonly Output[], plan: Plan, betrayed: Betrayed): TraitorOutput[] {
  return outputs.flatMap((output): TraitorOutput[] => {
    if (output.kind !== 'send') return [output];
    const { phase } = output;
    const said = output.messages.map((message) => rewriteMessage(message, plan, betrayed));
    const at = (when: Timing | undefined) =>
      said.flatMap((one) => (one.when === when && one.message !== undefined ? [one.message] : []));
    const now = at(undefined);
    return [
      ...(now.length === 0 ? [] : [{ ...output, messages: now }]),
      ...sendLater(phase, 'last-moment', at('last-moment')),
      ...sendLater(phase, 'late', at('late')),
      ...said.flatMap(({ strays }) => strays.map((stray) => ({ ...stray, phase }))),
    ];
  });
}

interface Rewritten {
  /** Undefined when nothing is said. */
  readonly message: Message | undefined;
  readonly when: Timing | undefined;
  readonly strays: readonly { readonly kind: 'stray'; readonly when?: Timing; readonly message: Message }[];
}

/** One pass, without lists on the way: a simulation rewrites millions of values. */
function rewriteMessage(message: Message, plan: Plan, betrayed: Betrayed): Rewritten {
  const { protocol, setting, state, seen = [], onLie } = betrayed;
  const { phase, from, to } = message;
  const slot = { phase, from, to };
  const entries: Entry[] = [];
  const strays: Rewritten['strays'][number][] = [];
  let isSilent = true;
  let when: Timing | undefined;
  for (const { path, entries: loyal } of protocol.places(setting, message)) {
    const loyalVote = loyal[0]?.vote;
    const place = { phase, from, to, path, loyalVote, seen };
    const act = plan(place);
    const isTruth =
      act.kind === 'loyal' || (act.kind === 'say' && loyal.length === 1 && act.vote === loyalVote);
    if (!isTruth || act.when !== undefined || act.also !== undefined) onLie?.({ place, act });
    if (isTruth) entries.push(...loyal);
    else for (const vote of saidVotes(act)) entries.push(protocol.say(state, slot, path, vote));
    if (act.kind !== 'nothing') {
      isSilent = false;
      when = later(when, act.when);
    }
    if (act.also !== undefined) strays.push(strayOf(act.also, act.when));
  }
  return { message: isSilent ? undefined : { phase, from, to, entries }, when, strays };
}

function saidVotes(act: Act): readonly Vote[] {
  if (act.kind === 'both') return votes;
  return act.kind === 'say' ? [act.vote] : [];
}

/** All values of a slot stand in one message, which goes when the last of them does. */
function later(one: Timing | undefined, other: Timing | undefined): Timing | undefined {
  if (one === 'late' || other === 'late') return 'late';
  return one ?? other;
}

function sendLater(phase: number, when: Timing, messages: readonly Message[]): TraitorOutput[] {
  return messages.length === 0 ? [] : [{ kind: 'send-later', phase, when, messages }];
}

function strayOf(also: Stray, when: Timing | undefined): Rewritten['strays'][number] {
  const message = strayMessage(also);
  return when === undefined ? { kind: 'stray', message } : { kind: 'stray', when, message };
}

/** Whoever reads it judges whether it is one. */
function strayMessage({ phase, from, to, path, vote }: Stray): Message {
  return { phase, from, to, entries: [{ path, vote: vote as Vote }] };
}
