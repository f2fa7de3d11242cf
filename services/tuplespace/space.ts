/**
 * `TupleSpace`: the one interface of the tuple space. The memory store and the gRPC client implement it, and one
 * conformance suite (conformance.suite.ts) tests them all. A `TupleSpace` belongs to one caller.
 *
 * Promises, for every implementation:
 * 1. An effect is visible to every call begun after its answer: linearizable per space.
 * 2. One revision per step that changes tuples, expiry and lease death included; per space gapless and in commit order.
 *    A step that relies on an expiry logs that expiry first. The store's time never runs back.
 * 3. A tuple is in at most one successful take. A hold gives it back by expiry, release or lease death, with its
 *    delivery count raised; a late settle is refused (failed_precondition).
 * 4. The same request id gives the same answer, recorded in the same atomic step as the effect.
 * 5. Oldest first among the matches of a template; first come first served among waiters; no waiter outlives its call.
 *    A template that would examine more tuples than the space's limit is refused (resource_exhausted).
 * 6. An expired tuple is never returned; expiry goes by the store's clock and is an event.
 * 7. A watch from revision r delivers every later event once and in order, or refuses (out_of_range, with the oldest
 *    revision it has in the details). Cursors carry the space's incarnation.
 * 8. "Nothing matched in time" is an answer, not an error.
 * 9. Over a limit is resource_exhausted; nothing is cut silently.
 *
 * Errors that every call may give: invalid_argument (a malformed field, named), not_found (no such space),
 * unauthenticated, permission_denied (the space's policy, by the rule in the details; or nobody of this kind may),
 * failed_precondition (the caller's epoch is over, or the rule that allowed it), unavailable (the store is down
 * or shutting down), cancelled (the signal was aborted; it rejects with `signal.reason`).
 */
import type { Caller, CallerKind } from './caller.js';
import type { SpaceLimits } from './limits.js';
import type { Policy, PolicyOperation } from './policy/policy.js';
import type { Template } from './template.js';
import type { StoredTuple, Tuple } from './tuple.js';

export interface TupleSpace {
  /** Puts tuples in, all or none, as one revision. Errors: already_exists (a unique rule), resource_exhausted, not_found (lease). */
  write(request: WriteRequest, options?: CallOptions): Promise<WriteAnswer>;
  /** Shows matching tuples, oldest first, and leaves them; can wait until enough match. */
  read(request: ReadRequest, options?: CallOptions): Promise<ReadAnswer>;
  /** Removes matching tuples, oldest first, or holds them; can wait until enough match. */
  take(request: TakeRequest, options?: CallOptions): Promise<TakeAnswer>;
  /** Ends or extends a hold. Errors: not_found (never was), failed_precondition (is over). */
  settle(request: SettleRequest, options?: CallOptions): Promise<SettleAnswer>;
  /** Grants, renews or revokes a lease. Errors: not_found (never was), failed_precondition (is over). */
  lease(request: LeaseRequest, options?: CallOptions): Promise<LeaseAnswer>;
  /**
   * Follows a space. Ends by the signal, by `return()`, or with an error: out_of_range (the history no longer reaches
   * back, or another incarnation), not_found (the space was dropped), unavailable (resume elsewhere from the last cursor).
   */
  watch(request: WatchRequest, options?: CallOptions): AsyncIterable<WatchFrame>;

  /** Creates a space. The same settings again are the same space; others are already_exists. */
  putSpace(request: PutSpaceRequest, options?: CallOptions): Promise<PutSpaceAnswer>;
  /** The spaces by name. */
  listSpaces(request: ListSpacesRequest, options?: CallOptions): Promise<ListSpacesAnswer>;
  /** Removes a space with all it holds; its waiters and watches end with not_found. Only its creator or an orchestrator may. */
  dropSpace(request: { readonly space: string }, options?: CallOptions): Promise<void>;
  /** How a read of this template would find its tuples, without reading them. */
  explain(request: ExplainRequest, options?: CallOptions): Promise<ExplainAnswer>;
  /** What the service runs on and what it promises there. */
  getInfo(options?: CallOptions): Promise<SpaceServiceInfo>;
  /** Refused acts and conflicting writes of a space, oldest first. Only an orchestrator may. */
  readAudit(request: ReadAuditRequest, options?: CallOptions): Promise<ReadAuditAnswer>;

  /** Makes a token for a node, an orchestrator, a viewer or a client that shows the bootstrap secret. */
  enrol(request: EnrolRequest, options?: CallOptions): Promise<EnrolAnswer>;
  /** Registers a token by its hash; a higher epoch of the same id and space fences the lower ones. Only an orchestrator may. */
  putToken(request: PutTokenRequest, options?: CallOptions): Promise<void>;
  /** Makes a token void from the next step on. Only an orchestrator may. Unknown tokens: not_found. */
  revokeToken(request: { readonly tokenHash: string }, options?: CallOptions): Promise<void>;
}

/** `signal` ends the call; a waiter is removed before the promise rejects. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** What the call is a part of, as a W3C traceparent; a service that traces makes a span of it. */
  readonly trace?: string | undefined;
}

/**
 * Names one mutating call for ever, so that a retry gives the first answer. The record of an answer is kept at least
 * until `lowestUnanswered` passes it or the session has been idle for ten minutes; a sequence below the highest
 * `lowestUnanswered` seen is failed_precondition. A retry while the first call still waits takes its place: the first ends
 * with aborted. A refused call leaves no record: its retry is judged anew.
 */
export interface RequestId {
  /** The client's session: 1 to 64 characters, best random. */
  readonly session: string;
  /** Rises with every mutating call of the session; from 1, up to 2^53-1. */
  readonly sequence: number;
  /** The lowest sequence of this session whose answer the client still waits for; at most `sequence`. */
  readonly lowestUnanswered: number;
}

export interface WriteRequest {
  readonly space: string;
  /** At least one, at most the space's `writeTuplesMax`. */
  readonly tuples: readonly Tuple[];
  /** The tuples expire after this many ms of the store's clock. Not with `leaseId`. */
  readonly ttlMs?: number;
  /** The tuples die with this lease. */
  readonly leaseId?: string;
  /** Writes only if no tuple, held ones included, matches. */
  readonly unless?: Template;
  readonly requestId?: RequestId;
}

export type WriteAnswer =
  /** `ids` in the order of the request. A tuple that repeats the one in its slot gives that one's id and is not written again. */
  | { readonly kind: 'written'; readonly ids: readonly bigint[]; readonly revision: bigint }
  /** `unless` matched: nothing was written, this tuple stands in the way. */
  | { readonly kind: 'blocked'; readonly by: StoredTuple; readonly revision: bigint };

export interface ReadRequest {
  readonly space: string;
  /** A tuple counts once if any of them matches; 1 to `templatesMax`. */
  readonly templates: readonly Template[];
  /** At most this many tuples in the answer; 1 to `readTuplesMax`, which is the default. */
  readonly limit?: number;
  /** Wait until at least this many match; default 0 with no wait, 1 with one. */
  readonly min?: number;
  /** How long to wait for `min`, in ms; default 0: do not wait. Capped by the service. */
  readonly waitMs?: number;
  /** Only `count`, no tuples. */
  readonly countOnly?: boolean;
  /** Also tuples that are under a hold. */
  readonly includeHeld?: boolean;
  /** Page on: only tuples with a greater id than this. */
  readonly afterId?: bigint;
}

export interface ReadAnswer {
  readonly tuples: readonly StoredTuple[];
  /** With `countOnly` all matches, else the number of `tuples`. */
  readonly count: number;
  /** False when `min` was not reached in time; `tuples` then holds what did match. */
  readonly isSatisfied: boolean;
  /** Set when more tuples match than `limit`: pass it as `afterId` for the next page. */
  readonly nextAfterId?: bigint;
  /** The space's revision at the time of the answer. */
  readonly revision: bigint;
}

export interface TakeRequest {
  readonly space: string;
  readonly templates: readonly Template[];
  /** At most this many; default 1. */
  readonly max?: number;
  /** All or nothing below this; default 1. */
  readonly min?: number;
  readonly waitMs?: number;
  /** 0 or absent removes now; else the tuples are held this long, until settled or given back. */
  readonly holdMs?: number;
  /** The hold dies with this lease. Only with `holdMs`. */
  readonly leaseId?: string;
  readonly requestId?: RequestId;
}

export interface TakeAnswer {
  /** Empty when `min` was not reached in time. */
  readonly tuples: readonly StoredTuple[];
  /** Only for holds; secret, and good for one settle. */
  readonly holdToken?: string;
  /**
   * Store's time, ms since 1970, when the hold gives the tuples back: no later than the first of them expires. A hold ends as
   * a whole: when it is settled, at this time, with its lease, or when one of its tuples expires.
   */
  readonly holdExpiresAtMs?: number;
  readonly revision: bigint;
}

export interface SettleRequest {
  readonly space: string;
  readonly holdToken: string;
  readonly action: SettleAction;
  readonly requestId?: RequestId;
}

export type SettleAction =
  /** Removes the held tuples and writes these, in one step. */
  | {
      readonly kind: 'commit';
      readonly tuples?: readonly Tuple[];
      readonly ttlMs?: number;
      readonly leaseId?: string;
    }
  /** Gives the tuples back at once. */
  | { readonly kind: 'release' }
  /** Holds them for this long from now. */
  | { readonly kind: 'extend'; readonly holdMs: number };

export interface SettleAnswer {
  readonly ids: readonly bigint[];
  readonly holdExpiresAtMs?: number;
  readonly revision: bigint;
}

export interface LeaseRequest {
  readonly space: string;
  /** Absent: grant a new one. */
  readonly leaseId?: string;
  /** How long from now, in ms; 0 revokes. The space's limits apply. */
  readonly ttlMs: number;
  /**
   * Tie the lease to the stream of this call: when the stream breaks, the lease ends after this many ms unless it is
   * renewed before. Only over a stream (the client's default transport); ignored by the stores themselves.
   */
  readonly graceMs?: number;
  /** Only if the lease still ends at this store's time, in ms since 1970; else aborted, and nothing was changed. With `leaseId`. */
  readonly ifExpiresAtMs?: number;
  readonly requestId?: RequestId;
}

export interface LeaseAnswer {
  readonly leaseId: string;
  /** Store's time, ms since 1970; the time of the revocation for a revoked one. */
  readonly expiresAtMs: number;
  readonly revision: bigint;
}

/** A place in a space's history. Revision 0 means: a snapshot first. */
export interface Cursor {
  /** Of the space, from an earlier frame; absent or empty: whichever it is. */
  readonly incarnation?: string;
  /** Events after this revision are delivered. */
  readonly revision: bigint;
}

export interface WatchRequest {
  readonly space: string;
  /** Events of tuples that match any of these; empty: of all tuples. */
  readonly templates: readonly Template[];
  readonly from: Cursor;
}

export type WatchFrame =
  /** The tuples that stood at `cursor`, oldest first, in one or more frames; `isLast` ends them. Held ones are included. */
  | {
      readonly kind: 'snapshot';
      readonly cursor: RequiredCursor;
      readonly tuples: readonly StoredTuple[];
      readonly isLast: boolean;
    }
  /** All that one revision did to matching tuples; never split. */
  | { readonly kind: 'events'; readonly cursor: RequiredCursor; readonly events: readonly SpaceEvent[] }
  /** Nothing else matched up to `cursor`. Sent once the watch has caught up, and about every `progressMs` while idle. */
  | { readonly kind: 'progress'; readonly cursor: RequiredCursor; readonly storeTimeMs: number };

export type RequiredCursor = Required<Cursor>;

export interface SpaceEvent {
  readonly kind: SpaceEventKind;
  readonly tuple: StoredTuple;
}

/** `taken` is also what a committed hold does to its tuples; `released` also what an expired hold does. */
export type SpaceEventKind = 'written' | 'taken' | 'held' | 'released' | 'expired';

/** What a space is made with. Immutable. */
export interface SpaceSettings {
  /** Limits that differ from the store's defaults; see limits.ts. */
  readonly limits?: Partial<SpaceLimits>;
  /** How many events the history keeps for watches to resume from. */
  readonly historyMax?: number;
  readonly uniqueRules?: readonly UniqueRule[];
  /** Who may do what; absent: everyone with a good token may do everything. */
  readonly policy?: Policy;
}

/**
 * One tuple per slot: among tuples that match `template`, at most one stands for each combination of the rule's name, the
 * `fields` and, with `isPerWriter`, the writer. An equal tuple is the same write; another one is refused
 * (already_exists) and goes to the audit. Rules that share a name share their slots.
 */
export interface UniqueRule {
  readonly name: string;
  readonly template: Template;
  /** Positions in the tuple, from 0. */
  readonly fields: readonly number[];
  readonly isPerWriter: boolean;
}

export interface PutSpaceRequest {
  /** 1 to 128 characters of a-z, A-Z, 0-9, `.`, `_`, `-`, `/`. */
  readonly space: string;
  readonly settings: SpaceSettings;
}

export interface PutSpaceAnswer {
  readonly incarnation: string;
  readonly isNew: boolean;
  readonly revision: bigint;
}

export interface ListSpacesRequest {
  readonly prefix?: string;
  readonly afterSpace?: string;
  /** 1 to 1,000; default 100. */
  readonly limit?: number;
}

export interface ListSpacesAnswer {
  readonly spaces: readonly SpaceInfo[];
  readonly nextAfterSpace?: string;
}

export interface SpaceInfo {
  readonly space: string;
  readonly incarnation: string;
  /** Id of the caller that created it. */
  readonly creator: string;
  readonly revision: bigint;
  /** A watch can resume from this revision or any later one. */
  readonly oldestRevision: bigint;
  readonly tupleCount: number;
  readonly heldCount: number;
  readonly tupleBytes: number;
  readonly leaseCount: number;
  readonly waiterCount: number;
  readonly watchCount: number;
  readonly settings: SpaceSettings;
}

export interface ExplainRequest {
  readonly space: string;
  readonly template: Template;
}

export interface ExplainAnswer {
  /**
   * The index used, in words: `field 2 = "general-3"`, `field 1 = 7 and field 2 = 9`, `field 4 in a range`, or `length 6`.
   */
  readonly index: string;
  /** How many tuples a read of all matches would examine. */
  readonly examinedCount: number;
  /** The space's limit for that. */
  readonly examinedMax: number;
  /** Calls that wait in the space now. */
  readonly waiterCount: number;
}

export interface SpaceServiceInfo {
  readonly backend: 'memory' | 'redis' | 'postgres';
  /** What an acknowledged write survives, as checked at start. */
  readonly durability: 'process' | 'store-process' | 'power-loss';
  /** The settings of the store that were looked at; none of memory. */
  readonly findings: readonly Finding[];
  /** Random, new at each start of the service process. */
  readonly instanceId: string;
  readonly version: string;
  readonly storeTimeMs: number;
  readonly spaceCount: number;
  /** The defaults that a space gets where its settings say nothing. */
  readonly limits: SpaceLimits;
}

/** One setting of a store. */
export interface Finding {
  /** As the store calls it: `appendfsync`, `synchronous_commit`. */
  readonly setting: string;
  readonly found: string;
  /** What the declared durability needs. */
  readonly needed: string;
  readonly isMet: boolean;
}

export interface ReadAuditRequest {
  readonly space: string;
  readonly afterSequence?: number;
  /** 1 to 1,000; default 100. */
  readonly limit?: number;
}

export interface ReadAuditAnswer {
  readonly entries: readonly AuditEntry[];
  /** How many older entries the bounded log has dropped. */
  readonly droppedCount: number;
  /** How often each rule has refused each caller, those that were dropped included. */
  readonly refusals: readonly RefusalCount[];
}

export interface RefusalCount {
  readonly callerId: string;
  readonly rule: string;
  readonly count: number;
}

/** One refused act. */
export interface AuditEntry {
  readonly sequence: number;
  readonly atMs: number;
  readonly callerId: string;
  readonly callerEpoch: number;
  /** The node that the caller's token is bound to; absent: none. */
  readonly callerNode?: string;
  /** `manage` is what makes and ends spaces and tokens, and reads the audit. */
  readonly operation: PolicyOperation | 'manage';
  /**
   * What refused it: the name of the policy's or of a unique rule; `default` where no rule of the policy fits; `epoch` for a seat that
   * has moved, `space` for a token of another space, `kind` for what this kind of caller may do nowhere; or the name of a limit.
   */
  readonly rule: string;
  /** The tuple that was refused; of a Write refused as a whole, its first; empty where it was about none. */
  readonly tuple: Tuple;
  /** Of a read, watch or take, the template that was refused; absent: about none, or about everything. */
  readonly template?: Template;
  /** The tuple that stood in the slot; 0 where there was none. */
  readonly standingId: bigint;
}

export interface EnrolRequest {
  readonly kind: Exclude<CallerKind, 'general'>;
  /** The caller's own id: 1 to 64 characters of a-z, A-Z, 0-9, `.`, `_`, `-`. `orchestrator` and `general-` are reserved. */
  readonly id: string;
  /** The bootstrap secret; empty where the store was started without one. */
  readonly secret: string;
}

export interface EnrolAnswer {
  readonly token: string;
  readonly caller: Caller;
}

export interface PutTokenRequest {
  readonly tokenHash: string;
  readonly caller: Caller;
  /**
   * How long the token is good, in ms, 1 to 366 days, from the step that puts it: instead of `caller.expiresAtMs`, for those who do not
   * know the store's time. A token that is put again keeps its first expiry.
   */
  readonly ttlMs?: number;
}
