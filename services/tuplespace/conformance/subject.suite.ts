/**
 * What the conformance suite is given: a running implementation of `TupleSpace`, and its time. Also the shape
 * of a check.
 */
import type { TupleSpace } from '../space.js';
import type { Scene } from './scene.suite.js';

/**
 * One running implementation. Each check makes spaces and callers of its own, so many may share one subject.
 */
export interface ConformanceSubject {
  /** The spaces as the holder of this token sees them; empty: anonymous, which the subject must allow. */
  as(token: string): TupleSpace;
  /** What `enrol` asks for. */
  readonly enrolmentSecret: string;
  /**
   * The unit of the suite's durations, in ms. A handful of calls must fit into it with ease: 1,000 where time
   * is driven by hand, a few hundred where it passes by itself.
   */
  readonly unitMs: number;
  /** How long a watch is idle before it sends a progress frame, in ms. */
  readonly progressMs: number;
  /** How long a condition may take to come true, in ms of real time; default 10,000. */
  readonly patienceMs?: number;
  /**
   * Returns when the store's time has moved on by at least `ms`; where it is driven by hand, by exactly that.
   */
  elapse(ms: number): Promise<void>;
  /**
   * Stops the store or service. What `as` gave stays, so that a check sees what callers then get. Idempotent.
   */
  stop(): Promise<void>;
}

/** Opens a subject of its own. */
export type OpenSubject = () => Promise<ConformanceSubject>;

/** One behaviour that every implementation has. */
export interface Check {
  /** What is claimed, as a sentence without an end. */
  readonly claim: string;
  /** Throws where the claim does not hold. */
  readonly run: (scene: Scene) => Promise<void>;
}

/** Checks that belong together. */
export interface CheckGroup {
  readonly topic: string;
  readonly checks: readonly Check[];
}
