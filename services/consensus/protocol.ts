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

/** The generals that a vote came through, oldest first: the commander of the instance, then each relay. */
export type Path = readonly GeneralId[];

export type ProtocolName = 'om';

/** Who may read a message: `mailbox` is its recipient alone (oral messages). */
export type Mode = 'mailbox';

/** What every general of a round knows before it starts. */
export interface Setting {
  readonly protocol: ProtocolName;
  readonly mode: Mode;
  /** All generals, in canonical order; n is their number. */
  readonly generals: readonly GeneralId[];
  readonly commander: GeneralId;
  /** How many traitors the round is dimensioned for, m. */
  readonly traitorsMax: number;
}

/** One value that a message carries. */
export interface Entry {
  readonly path: Path;
  readonly vote: Vote;
}

/** Where a message stands: at most one message fills it, ever. */
export interface Slot {
  readonly phase: number;
  /** The writer as the tuple space stamped it. */
  readonly from: GeneralId;
  readonly to: GeneralId;
}

/** All that one general sends another in one phase; entries in canonical order of their paths. */
export interface Message extends Slot {
  readonly entries: readonly Entry[];
}

/** All that can happen to a general. */
export type Input =
  /** Begin. Only the commander has an order. */
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
  | 'illegal_vote';

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
  /** Values sent, as the literature counts messages. */
  readonly messageCount: number;
  /** Tuples written: one per slot. */
  readonly tupleCount: number;
  /** Values that one lieutenant receives. */
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

/** A protocol. `State` is immutable and opaque to everybody else. */
export interface Protocol<State> {
  readonly name: ProtocolName;
  /** Rises when the same inputs would give other outputs; a brief pins it. */
  readonly version: number;
  /** Paper and section. */
  readonly source: string;
  phaseCount(setting: Setting): number;
  bound(setting: Setting): Bound;
  cost(setting: Setting): Cost;
  /** The slots that a loyal run fills in a phase, in canonical order. */
  slots(setting: Setting, phase: number): readonly Slot[];
  /** The paths owed in a slot, in canonical order; empty when the slot is not owed. */
  paths(setting: Setting, slot: Slot): readonly Path[];
  /**
   * True when `paths` of that slot holds the path; enumerates nothing, so it is safe before the cost is
   * known.
   */
  isOwed(setting: Setting, slot: Slot, path: Path): boolean;
  /** The state of a general that has not begun. */
  init(setting: Setting, self: GeneralId): State;
  step(state: State, input: Input): { readonly state: State; readonly outputs: readonly Output[] };
  /** The vote tree of a general; undefined for one that receives nothing, such as the commander. */
  explain(state: State): VoteNode | undefined;
}
