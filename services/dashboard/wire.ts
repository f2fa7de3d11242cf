/**
 * What the server of the dashboard and its page tell each other, as JSON. Rounds come as the events of their records, see
 * record/trace.ts; here is the rest. Types only: the page imports them, and nothing else of the server.
 */
import type { Evidence, GeneralId, Setting, TraitorSpec, Verdict, Vote } from '../consensus/index.js';
import type { Ended, TraceSeat } from '../record/index.js';

/** What a page must know of its server. */
export interface About {
  readonly version: string;
  /** Where the tuples are kept, in words. */
  readonly place: string;
  /** A key is set: who has it may start rounds. */
  readonly isWritable: boolean;
  /** Nodes are processes of their own, which can be crashed and hung where they allow it. */
  readonly hasFaults: boolean;
  /** What a round takes where its request says nothing. */
  readonly defaults: {
    readonly protocol: string;
    readonly generalCount: number;
    readonly faultCount: number;
    readonly strategy: string;
    readonly phaseMs: number;
    readonly messagesMax: number;
  };
}

/** A line of `GET /api/system`: each kind is sent at once, and again whenever something of it changed. */
export type SystemLine =
  | { readonly kind: 'about'; readonly about: About }
  | { readonly kind: 'nodes'; readonly nodes: readonly NodeFacts[] }
  /** The newest first; at most 50. */
  | { readonly kind: 'rounds'; readonly rounds: readonly RoundFacts[] };

export interface NodeFacts {
  readonly node: string;
  /** live, lapsing (a sign of life is missing), draining or gone. */
  readonly state: string;
  /** Since its last sign of life, in ms. */
  readonly silentMs: number;
  readonly seats: readonly { readonly round: number; readonly general: GeneralId; readonly epoch: number }[];
  /** Generals that it brings by its own list; empty: any. */
  readonly generals: readonly GeneralId[];
  /** What its loss would cost each running round: faults then, against those that the round withstands. */
  readonly losses: readonly {
    readonly round: number;
    readonly faultCount: number;
    readonly faultsMax: number;
  }[];
}

/** Body of `POST /api/nodes/<node>/fault`. */
export interface FaultRequest {
  readonly kind: 'crash' | 'hang' | 'recover';
  /** Of a hang, in ms. */
  readonly forMs?: number;
}

/** A round without its messages. */
export interface RoundFacts {
  readonly number: number;
  readonly status: 'running' | 'finished' | 'cancelled';
  readonly setting: Setting;
  readonly traitors: readonly GeneralId[];
  readonly order: Vote;
  readonly seed: number;
  readonly seats: readonly TraceSeat[];
  readonly startedAtMs: number;
  readonly messageCount: number;
  readonly expectedMessageCount: number;
  readonly verdict?: Verdict;
  readonly metrics?: NonNullable<Ended['metrics']>;
}

/** Body of `POST /api/rounds`; what is absent takes its default. */
export interface StartRound {
  readonly protocol?: string;
  readonly mode?: string;
  readonly isCouncil?: boolean;
  readonly inputs?: Readonly<Record<GeneralId, Vote>>;
  readonly generalCount?: number;
  readonly faultCount?: number;
  readonly traitorCount?: number;
  readonly strategy?: string;
  readonly traitors?: readonly TraitorSpec[];
  readonly order?: Vote;
  readonly seed?: number;
  readonly phaseMs?: number;
  readonly isOutsideBoundAllowed?: boolean;
  /** A retry with the same key gives the same round. */
  readonly key?: string;
}

/** Body of every answer that is no success. */
export interface Refusal {
  /** One of the codes of runtime/errors.ts. */
  readonly code: string;
  /** Lower case, no full stop. */
  readonly message: string;
}

/** `GET /api/rounds/<number>/evidence`. */
export interface EvidenceFacts extends Omit<Evidence, 'proven'> {
  readonly proven: readonly {
    readonly signer: GeneralId;
    readonly instance: string;
    /** Hexadecimal, as are the bytes and signatures below. */
    readonly publicKey: string;
    readonly orders: readonly { readonly vote: Vote; readonly bytes: string; readonly signature: string }[];
  }[];
}
