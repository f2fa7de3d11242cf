/**
 * What a protocol of agreement is: a pure step function over closed unions. No I/O, no clock, no randomness;
 * the services, the checker, the simulator and replay all run these lines.
 *
 * Time is a count of phases. A phase ends for a general when every slot owed to it is filled, or when its
 * close comes. Phase numbers start at 0, the exchange in which the commander speaks.
 */

/** What generals agree on. */
export type Vote = 'Attack' | 'Retreat';

export const votes: readonly Vote[] = ['Attack', 'Retreat'];

/** Stands for whatever did not come, and wins where no vote has a majority. */
export const defaultVote: Vote = 'Retreat';

/** `general-<index>`, index from 0 in decimal without leading zeros. */
export type GeneralId = string;

/**
 * The generals that a vote came through, oldest first: the commander of the instance, then each relay. Where
 * nothing is relayed it is the sender alone.
 */
export type Path = readonly GeneralId[];

export type ProtocolName = 'om' | 'sm' | 'king' | 'phase-king' | 'majority' | 'flat';

/**
 * Who may read a message, and what it carries:
 * - `mailbox`: its recipient alone; oral messages.
 * - `signed`: its recipient alone, and each vote comes with the signatures of its path.
 * - `board`: everybody; a message has no recipient, so nobody can tell two generals two things.
 */
export type Mode = 'mailbox' | 'signed' | 'board';

export const modes: readonly Mode[] = ['mailbox', 'signed', 'board'];

/** The recipient of a message on a board. No general is called so. */
export const everyone = 'everyone';

/** What every general of a round knows before it starts. */
export interface Setting {
  readonly protocol: ProtocolName;
  readonly mode: Mode;
  /** All generals, in canonical order; n is their number. */
  readonly generals: readonly GeneralId[];
  /** Who gives the order. In a council nobody does: then the first general, and it means nothing. */
  readonly commander: GeneralId;
  /**
   * In a council every general has an input of its own, and validity says: if all loyal generals propose the
   * same, that is chosen. Otherwise the commander alone has one, its order.
   */
  readonly isCouncil: boolean;
  /** How many traitors the round is dimensioned for, m. */
  readonly traitorsMax: number;
}

/** One value that a message carries. */
export interface Entry {
  readonly path: Path;
  readonly vote: Vote;
  /** In `signed` mode: of each general of the path, in its order; each covers the vote and all before it. */
  readonly signatures?: readonly Uint8Array[];
}

/** How one general signs and checks signatures; passed in, so that the core stays pure. */
export interface Signing {
  /** Tells this round from every other; part of what is signed. */
  readonly instance: string;
  /** Signs as this general. The same bytes, the same signature. */
  readonly sign: (bytes: Uint8Array) => Uint8Array;
  /** False for whatever does not verify; never throws. */
  readonly verify: (signer: GeneralId, bytes: Uint8Array, signature: Uint8Array) => boolean;
}

/** Where a message stands: at most one message fills it, ever. */
export interface Slot {
  readonly phase: number;
  /** The writer as the tuple space stamped it. */
  readonly from: GeneralId;
  /** A general, or `everyone` on a board. */
  readonly to: GeneralId;
}

/**
 * All that one general sends another in one phase; entries in canonical order of their paths. Without entries
 * it says that a loyal general has nothing to say, so that silence is left to the faulty.
 */
export interface Message extends Slot {
  readonly entries: readonly Entry[];
}

/** All that can happen to a general. */
export type Input =
  /** Begin. The order is the commander's; in a council everybody has one, its own input. */
  | { readonly kind: 'start'; readonly order?: Vote }
  /** A message from an authenticated writer, in the order of the space. */
  | { readonly kind: 'message'; readonly message: Message }
  /** The phase is over: what has not come counts as absent. */
  | { readonly kind: 'close'; readonly phase: number };

/** All that a general can do. */
export type Output =
  /** All messages of one phase, to be written in one step. Never empty. */
  | { readonly kind: 'send'; readonly phase: number; readonly messages: readonly Message[] }
  /** The phase ended for this general, because nothing more can arrive or because it was closed. */
  | { readonly kind: 'phase-ended'; readonly phase: number; readonly by: 'full' | 'close' }
  /** A message, or one entry of it (then with its path), did not count. */
  | { readonly kind: 'ignored'; readonly slot: Slot; readonly reason: IgnoredReason; readonly path?: Path }
  /** The one decision; nothing follows it. */
  | { readonly kind: 'decide'; readonly vote: Vote };

/** Why something did not count. */
export type IgnoredReason =
  /** Nobody owes that message: wrong phase, sender or recipient. */
  | 'not_owed'
  /** The slot is filled already. */
  | 'slot_filled'
  /** It came after the phase ended for this general. */
  | 'late'
  /** The path is not one that this sender owes this recipient in this phase. */
  | 'illegal_path'
  /** The same path twice in one message. */
  | 'repeated_path'
  /** Not a vote. */
  | 'illegal_vote'
  /** A signature is missing or does not verify. */
  | 'illegal_signature';

/**
 * What a general knows, as a tree: the vote heard by a path and what the general makes of it. For people and
 * for replay.
 */
export interface VoteNode {
  readonly path: Path;
  /** What was heard; undefined when nothing legal came, and the default stands in. */
  readonly heard?: Vote;
  /** The majority over `heard` and the children; equals `heard`, or the default, at a leaf. */
  readonly value: Vote;
  readonly children: readonly VoteNode[];
}

/** What a round costs when everybody speaks. */
export interface Cost {
  readonly phaseCount: number;
  /**
   * Values sent, as the literature counts messages, when all generals are loyal and, in a council, of one
   * mind. Explicit empty messages carry none.
   */
  readonly messageCount: number;
  /** Tuples written: one per slot. */
  readonly tupleCount: number;
  /** Values that one lieutenant receives; a general that rules as king hears itself, and so receives less. */
  readonly receivedPerLieutenant: number;
}

/** What a protocol assumes of n and m. */
export interface Bound {
  readonly isWithin: boolean;
  /** Such as `n ≥ 3m + 1`. */
  readonly rule: string;
  /** Such as `4 ≥ 4`. */
  readonly numbers: string;
}

/** What stands, or may stand, at one place of a slot. */
export interface PlacedEntries {
  readonly path: Path;
  /** Mostly one; none where a loyal general has nothing to say. */
  readonly entries: readonly Entry[];
}

/** The entries of one message that count, and why the others do not. */
export interface JudgedEntries {
  readonly legal: readonly Entry[];
  readonly ignored: readonly { readonly reason: IgnoredReason; readonly path: Path }[];
}

/**
 * A protocol as it is run in one form (with a commander or as a council) and mode. `State` is immutable and
 * opaque to everybody else.
 */
export interface Protocol<State> {
  readonly name: ProtocolName;
  /** Rises when the same inputs would give other outputs; a brief pins it. */
  readonly version: number;
  /** Paper and section. */
  readonly source: string;
  readonly phaseCount: (setting: Setting) => number;
  readonly bound: (setting: Setting) => Bound;
  readonly cost: (setting: Setting) => Cost;
  /** The slots that a loyal run fills in a phase, in canonical order. */
  slots(setting: Setting, phase: number): readonly Slot[];
  /** True when `slots` holds the slot; enumerates nothing. */
  isSlotOwed(setting: Setting, slot: Slot): boolean;
  /**
   * The places of a slot where one value can stand, in canonical order; empty when the slot is not owed. For
   * oral messages that are relayed these are the paths of its entries; elsewhere there is one place, named by
   * the sender alone.
   */
  paths(setting: Setting, slot: Slot): readonly Path[];
  /**
   * True when `paths` of that slot holds the path; enumerates nothing, so it is safe before the cost is
   * known.
   */
  isOwed(setting: Setting, slot: Slot, path: Path): boolean;
  /** The entries of a message that a loyal general sent, by place. */
  places(setting: Setting, message: Message): readonly PlacedEntries[];
  /**
   * Judges the entries of a message in an owed slot, each by itself, as every loyal recipient does. Without
   * `signing` signatures are not looked at.
   */
  judge(setting: Setting, slot: Slot, entries: readonly Entry[], signing?: Signing): JudgedEntries;
  /** The state of a general that has not begun. `signing` is needed in `signed` mode alone. */
  init(setting: Setting, self: GeneralId, signing?: Signing): State;
  step(state: State, input: Input): { readonly state: State; readonly outputs: readonly Output[] };
  /**
   * How the general of this state says a vote at a place, whatever a loyal one would say there: with
   * signatures as good as it can make them. For traitors only.
   */
  say(state: State, slot: Slot, path: Path, vote: Vote): Entry;
  /** The vote tree of a general; undefined for one that receives nothing, such as the commander. */
  explain(state: State): VoteNode | undefined;
}
