/**
 * A history: what clients of a space asked for, what they were told and when. It says nothing of what the space did inside; the rules
 * (rules/) judge from it whether a space that keeps its promises could have answered so. Herlihy and Wing, "Linearizability" (1990);
 * the split into ok, fail and unknown is Jepsen's.
 */
import type { ErrorCode } from '../../runtime/index.js';
import type { SpaceEventKind, SpaceServiceInfo } from '../space.js';
import type { Template } from '../template.js';
import type { Tuple } from '../tuple.js';

export const historySchema = 'byzantine.history/1';

/** The first line of a history. */
export interface HistoryHeader {
  readonly schema: typeof historySchema;
  readonly backend: SpaceServiceInfo['backend'];
  /** What the space had promised that an acknowledged write survives. `process`: a mark that loses the space is no fault. */
  readonly durability: SpaceServiceInfo['durability'];
  readonly replicaCount: number;
  readonly tolerances: Tolerances;
  /** What else a reader should know: the seed, the fault, the number of clients. Not judged. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What is allowed beyond the promise itself, in ms. */
export interface Tolerances {
  /** From the moment a tuple is there until a call that waits for it has its answer. */
  readonly wakeMs: number;
  /** From the end of a hold until its tuples can be taken. */
  readonly returnMs: number;
  /** From the end of a tuple's time to live until nobody sees it any more. */
  readonly expiryMs: number;
  /** How far the store's clock and that of the history may drift apart within a hold. */
  readonly clockMs: number;
  /** By how much the store's clock may have been stepped: what ends by time may end so much earlier or later. */
  readonly stepMs: number;
  /** After a fault has ended: how long until waits are judged by `wakeMs` again. */
  readonly recoveryMs: number;
}

export const defaultTolerances: Tolerances = {
  wakeMs: 1_000,
  returnMs: 1_000,
  expiryMs: 1_000,
  clockMs: 100,
  stepMs: 0,
  recoveryMs: 5_000,
};

/** One call of one client. Times are ms of one monotonic clock for the whole history. */
interface CallOf<Kind extends string, Request, Answer> {
  readonly kind: Kind;
  /** Unique in the history. */
  readonly op: number;
  readonly client: string;
  /** The replica that the client was connected to; empty where it is not known. */
  readonly replica: string;
  readonly request: Request;
  readonly invokedMs: number;
  /** Of its invocation, in the file. */
  readonly line: number;
  readonly outcome: Outcome<Answer>;
}

export type Outcome<Answer> =
  | { readonly kind: 'ok'; readonly answer: Answer; readonly atMs: number; readonly line: number }
  /** It had no effect for sure. */
  | { readonly kind: 'fail'; readonly code: ErrorCode; readonly atMs: number; readonly line: number }
  /** It may have had its effect, or have it still: its answer was lost, or the client gave up. */
  | { readonly kind: 'unknown' };

export type WriteOperation = CallOf<'write', WriteCall, WriteResult>;
export type ReadOperation = CallOf<'read', ReadCall, ReadResult>;
export type TakeOperation = CallOf<'take', TakeCall, TakeResult>;
export type SettleOperation = CallOf<'settle', SettleCall, SettleResult>;
export type Operation = WriteOperation | ReadOperation | TakeOperation | SettleOperation;

/** The requests are those of `TupleSpace`, without what no rule looks at. */
export interface WriteCall {
  readonly space: string;
  readonly tuples: readonly Tuple[];
  readonly ttlMs?: number;
  readonly unless?: Template;
  readonly requestId?: RequestKey;
}

/** Calls with the same one are the same call, tried again. */
export interface RequestKey {
  readonly session: string;
  readonly sequence: number;
}

export interface ReadCall {
  readonly space: string;
  readonly templates: readonly Template[];
  readonly limit?: number;
  readonly min?: number;
  readonly waitMs?: number;
  readonly countOnly?: boolean;
  readonly includeHeld?: boolean;
}

export interface TakeCall {
  readonly space: string;
  readonly templates: readonly Template[];
  readonly max?: number;
  readonly min?: number;
  readonly waitMs?: number;
  readonly holdMs?: number;
  readonly requestId?: RequestKey;
}

export interface SettleCall {
  readonly space: string;
  readonly holdToken: string;
  readonly action: 'commit' | 'release' | 'extend';
  /** Of a commit: written in the same step. */
  readonly tuples?: readonly Tuple[];
  readonly ttlMs?: number;
  /** Of an extension. */
  readonly holdMs?: number;
  readonly requestId?: RequestKey;
}

/** A tuple in an answer. */
export interface SeenTuple {
  readonly id: bigint;
  readonly values: Tuple;
  readonly revision: bigint;
  readonly deliveryCount: number;
}

export type WriteResult =
  | { readonly kind: 'written'; readonly ids: readonly bigint[]; readonly revision: bigint }
  | { readonly kind: 'blocked'; readonly by: SeenTuple; readonly revision: bigint };

export interface ReadResult {
  readonly tuples: readonly SeenTuple[];
  readonly count: number;
  readonly isSatisfied: boolean;
  readonly revision: bigint;
}

export interface TakeResult {
  readonly tuples: readonly SeenTuple[];
  readonly holdToken?: string;
  readonly revision: bigint;
}

export interface SettleResult {
  readonly ids: readonly bigint[];
  readonly revision: bigint;
}

/** A watch, with what it delivered. */
export interface Watch {
  readonly op: number;
  readonly client: string;
  readonly space: string;
  readonly templates: readonly Template[];
  /** Events after this revision are due. */
  readonly fromRevision: bigint;
  readonly line: number;
  readonly frames: readonly WatchedFrame[];
}

/** All that one revision did, or, without events, that nothing else was done up to it. */
export interface WatchedFrame {
  readonly revision: bigint;
  readonly events: readonly { readonly kind: SpaceEventKind; readonly tuple: SeenTuple }[];
  readonly atMs: number;
  readonly line: number;
}

/** What those who made the history did besides calling. */
export interface Mark {
  readonly mark: MarkKind;
  /** Of the fault. */
  readonly name: string;
  readonly atMs: number;
  readonly line: number;
}

export type MarkKind =
  | 'fault-begins'
  | 'fault-ends'
  /** The process that keeps the space was ended: with durability `process` all tuples are gone. */
  | 'space-lost'
  /** From here on everything that is left is taken out. */
  | 'drain';

export interface History {
  readonly header: HistoryHeader;
  /** By time of invocation. */
  readonly operations: readonly Operation[];
  readonly watches: readonly Watch[];
  readonly marks: readonly Mark[];
}
