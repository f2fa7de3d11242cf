/**
 * The outcome of a round as text, the form in which it stands in the verdict's tuple. Written and read only here.
 */
import type { Outcome } from './outcome.js';

export function encodeOutcome({ verdict, messageCount, ignored, refusals, metrics }: Outcome): string {
  return JSON.stringify({ verdict, messageCount, ignored, refusals, metrics });
}

/** The orchestrator's own word: its form is trusted. */
export function decodeOutcome(text: string): Outcome {
  return JSON.parse(text) as Outcome;
}
