/**
 * `Orchestrator`: the one interface to rounds. The engine in this folder implements it over a tuple space, and
 * `OrchestratorClient` over gRPC, so that the command line works the same embedded and remote.
 *
 * Errors that every call may give: unauthenticated, permission_denied, unavailable, cancelled.
 */
import type {
  Cost,
  Evidence,
  GeneralId,
  IgnoredReason,
  Setting,
  TraitorSpec,
  Verdict,
  Vote,
} from '../consensus/index.js';
import type { Cursor, RefusalCount, RequiredCursor } from '../tuplespace/index.js';
import type { NodeFault } from './node-faults.js';

export interface Orchestrator {
  /**
   * Starts a round and answers once it is placed; it runs on by itself. Errors: invalid_argument (the field is named),
   * failed_precondition (outside the bound without `isOutsideBoundAllowed`), unavailable (too few nodes after the wait for them),
   * resource_exhausted (more than `messagesMax` values), already_exists (`key` stands for another request).
   */
  startRound(request: RoundRequest, options?: CallOptions): Promise<Round>;
  /** What happened in a round, then what happens; ends after `ended`. Errors: not_found, out_of_range (see Cursor). */
  watchRound(
    request: { readonly number: number; readonly from?: Cursor },
    options?: CallOptions,
  ): AsyncIterable<RoundEvent>;
  /** Errors: not_found. */
  getRound(
    request: { readonly number: number; readonly withMessages?: boolean },
    options?: CallOptions,
  ): Promise<Round>;
  /**
   * What the record of a round says about who did wrong. Errors: not_found, resource_exhausted (it has too many values to look
   * through).
   */
  getEvidence(request: { readonly number: number }, options?: CallOptions): Promise<Evidence>;
  /** Newest first, without messages. `limit` 1 to 200, default 20. */
  listRounds(
    request: { readonly beforeNumber?: number; readonly limit?: number },
    options?: CallOptions,
  ): Promise<readonly Round[]>;
  /** Ends a running round without a verdict. Errors: not_found, failed_precondition (it is over). */
  cancelRound(
    request: { readonly number: number; readonly because: string },
    options?: CallOptions,
  ): Promise<Round>;
  /** The nodes, by id: those that are enrolled, and those that are gone not long ago or are still missed. */
  listNodes(options?: CallOptions): Promise<readonly NodeInfo[]>;
  /**
   * Crashes, hangs or wakes a node that allows it; resolves once it has agreed. Errors: not_found (no such node is enrolled),
   * failed_precondition (chaos is off there, it has no service of its own, or it does not hang), invalid_argument (`forMs`).
   */
  faultNode(fault: NodeFault, options?: CallOptions): Promise<void>;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** What the call is a part of, as a W3C traceparent; a round that it starts is a part of that too. */
  readonly trace?: string | undefined;
}

/** What is asked for. Whatever is absent takes the orchestrator's default. */
export interface RoundRequest {
  readonly protocol?: string;
  /** Default: the one that the protocol is usually run in. */
  readonly mode?: string;
  /** Every general has an input of its own; nobody commands. */
  readonly isCouncil?: boolean;
  /** In a council, the inputs that differ from `order`. */
  readonly inputs?: ReadonlyMap<GeneralId, Vote>;
  /** n. */
  readonly generalCount?: number;
  /** m, what the round is dimensioned for; default: `traitorCount` if given, else the orchestrator's. */
  readonly faultCount?: number;
  /** How many generals are traitors; those that `traitors` does not name are drawn by the seed. Default: `faultCount`. */
  readonly traitorCount?: number;
  /** Of every traitor that has none of its own. */
  readonly strategy?: string;
  readonly traitors?: readonly TraitorSpec[];
  /** The commander's, or everybody's in a council; default Attack. */
  readonly order?: Vote;
  /** 0 to 2^32-1; default: drawn. */
  readonly seed?: number;
  /** How long a phase waits for what is missing. */
  readonly phaseMs?: number;
  readonly messagesMax?: number;
  /** Run although the protocol promises nothing for these numbers. */
  readonly isOutsideBoundAllowed?: boolean;
  /** A retry with the same key gives the same round. */
  readonly key?: string;
}

export type RoundStatus = 'running' | 'finished' | 'cancelled';

/** A round as it stands. */
export interface Round {
  readonly number: number;
  /** Name of its tuple space. */
  readonly space: string;
  readonly status: RoundStatus;
  readonly setting: Setting;
  readonly traitors: readonly TraitorSpec[];
  readonly order: Vote;
  /** Of a council, the inputs that differ from `order`. */
  readonly inputs: ReadonlyMap<GeneralId, Vote>;
  readonly seed: number;
  readonly phaseMs: number;
  readonly cost: Cost;
  readonly seats: readonly Seat[];
  /** Store's time, ms since 1970. */
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** Of loyal generals, in time. */
  readonly decisions: ReadonlyMap<GeneralId, Vote>;
  /** Values in the record so far. */
  readonly messageCount: number;
  readonly ignored: readonly IgnoredCount[];
  /** What the space refused, by caller and rule: second values, other names, other people's mail. */
  readonly refusals: readonly RefusalCount[];
  readonly verdict?: Verdict;
  readonly metrics?: RoundMetrics;
  readonly messages?: readonly RecordedMessage[];
  readonly cancelledBecause?: string;
}

export interface Seat {
  readonly general: GeneralId;
  readonly node: string;
  /** From 1; rises each time the seat moves. */
  readonly epoch: number;
}

/** One tuple of the record, read as a message. */
export interface RecordedMessage {
  readonly phase: number;
  readonly from: GeneralId;
  /** A general, or `everyone` on a board. */
  readonly to: GeneralId;
  /** None: it said that it had nothing to say. */
  readonly entries: readonly RecordedEntry[];
  /** False: after the close of its phase, or not owed; it counts for nothing. */
  readonly counts: boolean;
}

export interface RecordedEntry {
  readonly path: readonly GeneralId[];
  readonly vote: Vote;
  /** A loyal general in the sender's place would not have said so. */
  readonly isFalse: boolean;
  /** In `signed` mode: of each general of the path, in its order. */
  readonly signatures?: readonly Uint8Array[];
}

export interface IgnoredCount {
  readonly reason: IgnoredReason | 'malformed' | 'forged_sender' | 'conflict';
  readonly count: number;
}

/** All in ms. Round figures are of the general that spent most; sums are over all generals that reported. */
export interface RoundMetrics {
  /** From the start of the round to the last decision of a loyal general, by the store's clock. */
  readonly wallMs: number;
  readonly coordinationMs: number;
  readonly computeMs: number;
  readonly coordinationSumMs: number;
  readonly computeSumMs: number;
  /** computeMs / coordinationMs. */
  readonly granularityRatio: number;
  readonly generals: readonly GeneralMetrics[];
}

export interface GeneralMetrics {
  readonly general: GeneralId;
  /** Tuple-space calls and waiting for phases. */
  readonly coordinationMs: number;
  /** Parts of `coordinationMs`. */
  readonly spaceCallMs: number;
  readonly waitingMs: number;
  /** The core's steps. */
  readonly computeMs: number;
  /** Values. */
  readonly sentCount: number;
  readonly receivedCount: number;
  /** Of each phase, the first one first; none where the general does not say. */
  readonly phases: readonly {
    readonly spaceCallMs: number;
    readonly waitingMs: number;
    readonly computeMs: number;
  }[];
}

export type RoundEvent = { readonly cursor: RequiredCursor; readonly atMs: number } & (
  | { readonly kind: 'started'; readonly round: Round }
  /** In `signed` mode: a general made its public key known, the 32 bytes of Ed25519. */
  | {
      readonly kind: 'key';
      readonly general: GeneralId;
      readonly epoch: number;
      readonly publicKey: Uint8Array;
    }
  | { readonly kind: 'message'; readonly message: RecordedMessage }
  | { readonly kind: 'closed'; readonly phase: number }
  | { readonly kind: 'decision'; readonly general: GeneralId; readonly vote: Vote }
  /** A seat went to another node, or to the same one anew. */
  | { readonly kind: 'moved'; readonly seat: Seat }
  | { readonly kind: 'report'; readonly metrics: GeneralMetrics }
  /** The last event. */
  | { readonly kind: 'ended'; readonly round: Round }
);

export interface NodeInfo {
  readonly node: string;
  /** Of its GeneralNode service; undefined where it has none. */
  readonly address?: string;
  readonly state: NodeState;
  /** By its last sign and the store's clock, ms since 1970; 0 when that is forgotten. */
  readonly lastSeenMs: number;
  /** Seats of running rounds. */
  readonly seats: readonly { readonly round: number; readonly general: GeneralId; readonly epoch: number }[];
  /** Generals that the node brings by its own list; empty: any. */
  readonly generals: readonly GeneralId[];
  /** Seats that it takes at once. */
  readonly seatsMax: number;
  readonly enrolledAtMs: number;
  /** What its loss would cost each running round that has seats there. */
  readonly losses: readonly NodeLoss[];
}

export type NodeState =
  | 'live'
  /** It has missed a sign of life: it hangs, or is cut off. When its lease has run out its seats move. */
  | 'lapsing'
  /** It was told to stop and hands its seats over. */
  | 'draining'
  | 'gone';

export interface NodeLoss {
  readonly round: number;
  /** Generals of the round on the node. */
  readonly generalCount: number;
  /** Faults that the round would have without it: these generals, and the traitors. */
  readonly faultCount: number;
  /** m: with more faults than these the round promises nothing. */
  readonly faultsMax: number;
}
