/**
 * What a dump of the state machine is made of: records, in an order that a machine with the same state always gives. Whoever comes
 * later refers to whoever came before.
 *
 *     header
 *     token*  epoch*
 *     for each space: space  standing  term*  hold*  (term | tuple)*  history  event*  audit  refusal*  rates  requests  (session answer*)*
 *     end
 *
 * Only what the machine's answers depend on is in it. What makes them fast or belongs to calls under way (index refinements, waiters,
 * claims, watches, records of calls that wait) is not.
 */
import type { EffectiveSettings } from '../../checks-admin.js';
import type {
  AuditEntry,
  LeaseAnswer,
  PutTokenRequest,
  RefusalCount,
  SettleAnswer,
  SpaceEventKind,
  SpaceSettings,
  TakeAnswer,
  WriteAnswer,
} from '../../space.js';
import type { Kept } from './entry.js';
import type { Rates } from './quotas.js';

/** The state in each kind of record. */
export interface Shapes {
  readonly header: HeaderShape;
  readonly token: PutTokenRequest;
  readonly epoch: EpochShape;
  readonly space: SpaceShape;
  readonly standing: StandingShape;
  readonly term: TermShape;
  readonly hold: HoldShape;
  readonly tuple: TupleShape;
  readonly history: HistoryShape;
  readonly event: EventShape;
  readonly audit: AuditShape;
  readonly refusal: RefusalShape;
  readonly rates: Rates;
  readonly requests: RequestsShape;
  readonly session: SessionShape;
  readonly answer: AnswerShape;
  readonly end: EndShape;
}

export type RecordKind = keyof Shapes;

export type DumpRecord<Kind extends RecordKind = RecordKind> = {
  readonly [K in Kind]: { readonly kind: K; readonly state: Shapes[K] };
}[Kind];

/** The records that follow on a space's own. */
export type SpaceRecord = DumpRecord<StateKind | RequestsKind>;
export type StateKind = StandingKind | 'history' | 'event' | 'audit' | 'refusal' | 'rates';
export type StandingKind = 'standing' | 'term' | 'hold' | 'tuple';
export type RequestsKind = 'requests' | 'session' | 'answer';

export interface HeaderShape {
  readonly format: number;
}

/** The highest epoch of a seat. */
export interface EpochShape {
  readonly seat: string;
  readonly epoch: number;
}

export interface SpaceShape {
  readonly name: string;
  readonly creator: string;
  readonly settings: SpaceSettings;
  readonly effective: EffectiveSettings;
  readonly incarnation: string;
  readonly ticketKey: string;
}

/** The newest numbers that were given. */
export interface StandingShape {
  readonly lastId: number;
  readonly lastHold: number;
  readonly lastLease: number;
  /** Of the deadlines. */
  readonly lastSequence: number;
  /** Of the bag. */
  readonly freedCount: number;
}

export interface DeadlineShape {
  readonly dueMs: number;
  /** No two in a space have the same. */
  readonly sequence: number;
}

/** Before the first tuple that lives under it; a lease before all tuples. */
export interface TermShape extends DeadlineShape {
  /** Of a lease; 0 for a time to live. */
  readonly number: number;
}

export interface HoldShape extends DeadlineShape {
  readonly number: number;
  /** Number of the lease whose end ends it too; 0: none. */
  readonly lease: number;
}

/** In the order of ids. */
export interface TupleShape extends Kept {
  /** Sequence of its term's deadline; 0: it has none. */
  readonly term: number;
  /** Number of the hold that it is under; 0: it is free. */
  readonly hold: number;
}

export interface HistoryShape {
  readonly oldestRevision: number;
}

/** Each revision after the oldest has at least one. */
export interface EventShape extends Kept {
  readonly kind: SpaceEventKind;
  readonly revision: number;
}

export interface AuditShape {
  /** The newest number that was given. */
  readonly lastSequence: number;
  readonly refusals: readonly RefusalCount[];
}

export interface RefusalShape {
  readonly entry: AuditEntry;
  /** Canonical size of the tuple. */
  readonly bytes: number;
}

export interface RequestsShape {
  readonly nextSweepMs: number;
}

export interface SessionShape {
  readonly key: string;
  readonly lowestUnanswered: number;
  readonly lastUsedMs: number;
}

/** Of the session before it; one of the four answers is there. */
export interface AnswerShape {
  readonly sequence: number;
  /** Canonical size of its tuples. */
  readonly bytes: number;
  readonly write?: WriteAnswer | undefined;
  readonly take?: TakeAnswer | undefined;
  readonly settle?: SettleAnswer | undefined;
  readonly lease?: LeaseAnswer | undefined;
}

export interface EndShape {
  /** How many records came before. */
  readonly recordCount: number;
}
