/**
 * The log behind a replicated store: what Redis and Postgres keep, and all that they do.
 *
 * A replicated store is a state machine (the memory store's spaces) in every replica of the service, and one durable log that all
 * replicas share. A call that changes something is appended to the log, and its answer is what the state machine makes of it at its
 * place there; a call that only reads first pulls what the log has gained. So a log knows nothing of tuples: it orders entries, stamps
 * them with the store's time and loses none that it acknowledged. Schneider, "Implementing Fault-Tolerant Services Using the State
 * Machine Approach" (1990); Balakrishnan et al., "Tango: Distributed Data Structures over a Shared Log" (2013).
 */
import type { Finding, SpaceServiceInfo } from '../../space.js';

export type { Finding };

/** One entry, as the log keeps it. */
export interface LogEntry {
  /** From 1, without gaps, in the order of commit. */
  readonly position: number;
  /** The store's time when it was appended, whole ms since 1970; never less than an earlier entry's. */
  readonly timeMs: number;
  readonly body: Uint8Array;
}

/** What a log held at one moment. */
export interface Pulled {
  /** The entries after the position that was asked for, in order, from the next one on; at most `pullMax`. */
  readonly entries: readonly LogEntry[];
  /** Position of the newest entry; 0 while there is none. More than `entries` reach: pull again. */
  readonly headPosition: number;
  /** The store's time, never less than that of the newest entry. */
  readonly timeMs: number;
}

/** What became of an append. */
export interface Appended {
  readonly position: number;
  readonly timeMs: number;
  /** The entries of others between the position that was given and this one; at most `pullMax` of the first of them. */
  readonly missed: readonly LogEntry[];
}

/** How many entries one answer has at most. */
export const pullMax = 1_000;

/** The state at a position, in parts, from which a replica goes on with the entries after it. */
export interface Snapshot {
  readonly position: number;
  readonly parts: AsyncIterable<Uint8Array>;
}

/**
 * Opens one store's log. Each `open` makes connections of its own; when one is lost, the open log is of no more use, and another is
 * opened. Errors of `open`: failed_precondition (the store is weaker than declared, of another version, or its log was made by a newer
 * version of this service: which setting, what was found, what is needed), unauthenticated (the password), unavailable (not reached).
 * No error names a password.
 */
export interface LogOpener {
  open(events: LogEvents): Promise<OpenLog>;
}

export interface LogEvents {
  /** A hint that there are entries up to this position; some hints get lost, and the log looks by itself from time to time. */
  readonly onGrowth: (position: number) => void;
  /** The log can no longer be used; called once, not after `close`. */
  readonly onLost: (error: Error) => void;
}

/** Errors of every call: unavailable (the connection broke: an append may have happened or not). */
export interface OpenLog {
  readonly facts: LogFacts;
  /**
   * Appends an entry after all others, in one atomic step, and stamps it with the store's time, read after the log is locked.
   * Acknowledged only once it is as durable as `facts` say. Appends of one caller take effect in the order in which they were begun,
   * though several are under way. Errors: resource_exhausted (the store is full; nothing was appended).
   * @param after position up to which the caller has all entries, or will have; it may be beyond the head
   */
  append(after: number, body: Uint8Array): Promise<Appended>;
  /**
   * All that was acknowledged before this call began is in the answer, or is announced by `headPosition`. Errors: out_of_range (entries
   * after `after` are gone: begin again from the snapshot).
   */
  pull(after: number): Promise<Pulled>;
  /** The newest whole snapshot; undefined before the first. Reading its parts may fail with aborted: it was replaced, ask again. */
  readSnapshot(): Promise<Snapshot | undefined>;
  /**
   * Puts a snapshot in the place of the last one, when it is whole, and then forgets the entries up to its position but for the newest
   * `keepCount` of them. False when a newer one stands already, or another replica is writing one: then nothing was done.
   */
  writeSnapshot(snapshot: Snapshot, keepCount: number): Promise<boolean>;
  close(): Promise<void>;
}

export interface LogFacts {
  readonly backend: Exclude<SpaceServiceInfo['backend'], 'memory'>;
  /** What an acknowledged entry survives, as the store's settings really are. */
  readonly durability: Durability;
  /** The settings that were looked at, with what was found: for `byz doctor`. */
  readonly findings: readonly Finding[];
}

/** How an acknowledged write survives: a crash of the store, or of its machine too. */
export type Durability = Exclude<SpaceServiceInfo['durability'], 'process'>;
