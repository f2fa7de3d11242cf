/**
 * How a protocol in lock-step is written down; lock-step.ts runs it.
 */
import type {
  Bound,
  Cost,
  Entry,
  GeneralId,
  JudgedEntries,
  Path,
  Protocol,
  ProtocolName,
  Setting,
  Signing,
  Slot,
  Vote,
} from './protocol.js';

/** Whose rules are applied. */
export interface Situation {
  readonly setting: Setting;
  readonly self: GeneralId;
  readonly signing: Signing | undefined;
}

/** What was told in a phase that is over, by sender in canonical order; only entries that count. */
export type Heard = ReadonlyMap<GeneralId, readonly Entry[]>;

/** What is told to each recipient; the same entries may go to several. */
export type Telling = (to: GeneralId) => readonly Entry[];

/** A protocol, written down. `Known` is what a general knows between phases. Immutable. */
export interface LockStepRules<Known> {
  readonly name: ProtocolName;
  readonly version: number;
  readonly source: string;
  readonly phaseCount: (setting: Setting) => number;
  readonly bound: (setting: Setting) => Bound;
  readonly cost: (setting: Setting) => Cost;
  /** Asked for phases of the protocol alone, and for two generals of the setting, or a general and `everyone`. */
  readonly isOwed: (setting: Setting, slot: Slot) => boolean;
  /** The places of an owed slot. */
  readonly paths: (setting: Setting, slot: Slot) => readonly Path[];
  /** The entries of a message in an owed slot, by place. */
  readonly places: Protocol<unknown>['places'];
  readonly judge: (
    setting: Setting,
    slot: Slot,
    entries: readonly Entry[],
    signing: Signing | undefined,
  ) => JudgedEntries;
  /** `order` is undefined for whoever has none. */
  readonly begin: (situation: Situation, order: Vote | undefined) => Known;
  /** What a loyal general tells in a phase, to each whom it owes a message; no entries are an explicit empty one. */
  readonly tell: (situation: Situation, known: Known, phase: number) => Telling;
  /** What it knows once the phase is over. */
  readonly hear: (
    situation: Situation,
    known: Known,
    heard: { readonly phase: number; readonly heard: Heard },
  ) => Known;
  /** What it would decide with what it knows. */
  readonly decide: (situation: Situation, known: Known) => Vote;
  readonly say: (situation: Situation, known: Known, slot: Slot, path: Path, vote: Vote) => Entry;
}
