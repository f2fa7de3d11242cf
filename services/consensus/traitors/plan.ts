/**
 * What a traitor does to a message: a traitor runs the unchanged loyal engine, and its plan says of each
 * value that the engine would send what is said instead. Honest code knows nothing of this folder.
 */
import type { GeneralId, Message, Path, Setting, Vote } from '../protocol.js';

/** One value that a loyal general in the traitor's place would send. */
export interface Place {
  readonly phase: number;
  readonly from: GeneralId;
  readonly to: GeneralId;
  readonly path: Path;
  /** Undefined where a loyal general says that it has nothing to say. */
  readonly loyalVote: Vote | undefined;
  /**
   * For a strategy that rushes: what loyal generals told this traitor in this phase, in the order in which it
   * came. Empty for all others.
   */
  readonly seen: readonly Message[];
}

/** When something is said; default at once. */
export type Timing =
  /** As late as counts: just before the phase is closed. Whether it was in time, the tuple space decides. */
  | 'last-moment'
  /** Just after the phase was closed: it counts for nothing. */
  | 'late';

export const timings: readonly Timing[] = ['last-moment', 'late'];

/**
 * A message that no loyal general would send: written with the traitor's own token, and to be ignored and counted
 * by whoever reads it. Nothing in it is checked: ids, path and vote may be any text.
 */
export interface Stray {
  readonly phase: number;
  readonly from: string;
  readonly to: string;
  readonly path: readonly string[];
  readonly vote: string;
}

/** What the traitor does with one value. */
export type Act = (
  | { readonly kind: 'say'; readonly vote: Vote }
  /** Both votes at one place, which only signed messages have a legal use for. */
  | { readonly kind: 'both' }
  /** Leaves it out; a message without values is not sent. */
  | { readonly kind: 'nothing' }
  /** Whatever a loyal general would say there. */
  | { readonly kind: 'loyal' }
) & { readonly when?: Timing; readonly also?: Stray };

/** Pure: the same place, the same act, at any time and after a restart. */
export type Plan = (place: Place) => Act;

/** All that the traitors of a round have in common; one controller plans for all of them. */
export interface PlanContext {
  readonly setting: Setting;
  /** All traitors of the round. */
  readonly traitors: readonly GeneralId[];
  /** 0 to 2^32-1. */
  readonly seed: number;
}

/** Says this vote. */
export function say(vote: Vote): Act {
  return vote === 'Attack' ? sayAttack : sayRetreat;
}

/** Leaves the value out; a message without values is not sent. */
export const sayNothing: Act = { kind: 'nothing' };

/** Says what a loyal general would. */
export const sayTruth: Act = { kind: 'loyal' };

/** The other vote. */
export function opposite(vote: Vote): Vote {
  return vote === 'Attack' ? 'Retreat' : 'Attack';
}

const sayAttack: Act = { kind: 'say', vote: 'Attack' };
const sayRetreat: Act = { kind: 'say', vote: 'Retreat' };
