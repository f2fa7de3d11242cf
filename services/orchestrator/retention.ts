/**
 * How long rounds are kept: an ended one is dropped whole, with its space, when its time is over.
 */
import { roundSpace } from '../general-node/index.js';
import type { Clock, Log } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { pause } from '../tuplespace/index.js';
import type { Ledger } from './ledger.js';
import { RoundSpace } from './round-space.js';

export interface RetentionOptions {
  readonly space: TupleSpace;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  /** How long an ended round is kept, in ms. */
  readonly roundRetentionMs: number;
  readonly signal: AbortSignal;
}

/** Looks now and again, ten times within the retention but not more often than each second, until the signal. */
export async function dropOldRounds(options: RetentionOptions): Promise<void> {
  const { clock, signal, log, roundRetentionMs } = options;
  const pauseMs = Math.min(60_000, Math.max(1_000, roundRetentionMs / 10));
  while (!signal.aborted) {
    await pause(clock, pauseMs, signal);
    if (signal.aborted) return;
    // What fails now is tried again at the next look.
    await sweep(options).catch((error: unknown) => log.warn('rounds.sweep_failed', { error }));
  }
}

async function sweep({
  space,
  ledger,
  clock,
  log,
  roundRetentionMs,
  signal,
}: RetentionOptions): Promise<void> {
  const entries = await ledger.entries(signal);
  const newest = entries.at(-1)?.number;
  for (const { number } of entries) {
    const endedAtMs = (await new RoundSpace(space, { number, clock }).head({ signal }))?.end?.atMs;
    if (endedAtMs === undefined || endedAtMs > clock.wallMs() - roundRetentionMs) continue;
    await space.dropSpace({ space: roundSpace(number) }, { signal });
    // The newest entry stays, so that no number is given twice.
    if (number !== newest) await ledger.remove(number);
    log.info('round.dropped', { round: number });
  }
}
