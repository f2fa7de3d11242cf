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
      ...later(phase, 'last-moment', at('last-moment')),
      ...later(phase, 'late', at('late')),
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

function rewriteMessage(message: Message, plan: Plan, betrayed: Betrayed): Rewritten {
  const { protocol, setting, state, seen = [], onLie } = betrayed;
  const { phase, from, to } = message;
  const slot = { phase, from, to };
  const acts: Act[] = [];
  const entries: Entry[] = [];
  for (const { path, entries: loyal } of protocol.places(setting, message)) {
    const [first] = loyal;
    const place = { ...slot, path, loyalVote: first?.vote, seen };
    const act = plan(place);
    acts.push(act);
    const isTruth =
      act.kind === 'loyal' || (act.kind === 'say' && loyal.length === 1 && act.vote === first?.vote);
    if (!isTruth || act.when !== undefined || act.also !== undefined) onLie?.({ place, act });
    if (isTruth) entries.push(...loyal);
    else for (const vote of saidVotes(act)) entries.push(protocol.say(state, slot, path, vote));
  }
  const isSilent = acts.every(({ kind }) => kind === 'nothing');
  return {
    message: isSilent ? undefined : { ...slot, entries },
    when: latest(acts),
    strays: acts.flatMap(({ also, when }) =>
      also === undefined
        ? []
        : [{ kind: 'stray' as const, ...(when === undefined ? {} : { when }), message: strayMessage(also) }],
    ),
  };
}

function saidVotes(act: Act): readonly Vote[] {
  if (act.kind === 'both') return votes;
  return act.kind === 'say' ? [act.vote] : [];
}

function latest(acts: readonly Act[]): Timing | undefined {
  const said = acts.filter(({ kind }) => kind !== 'nothing').map(({ when }) => when);
  return said.includes('late') ? 'late' : said.includes('last-moment') ? 'last-moment' : undefined;
}

function later(phase: number, when: Timing, messages: readonly Message[]): TraitorOutput[] {
  return messages.length === 0 ? [] : [{ kind: 'send-later', phase, when, messages }];
}

/** Whoever reads it judges whether it is one. */
function strayMessage({ phase, from, to, path, vote }: Stray): Message {
  return { phase, from, to, entries: [{ path, vote: vote as Vote }] };
}
