/**
 * Long waits, in pieces: the service caps each wait, and a piece that ends without a match is asked for again.
 */
import type { Clock } from '../runtime/index.js';
import { pause } from './follow.js';

/** Longest wait of one call; below what services grant by default. */
const pieceMs = 30_000;

/** Pause after a piece that ended at once, so that a service that grants no wait is not asked in a tight loop. */
const shortPieceMs = 20;

/**
 * Asks until an answer satisfies or `waitMs` have passed; then the last answer counts.
 *
 * @param ask makes one call that waits so long
 */
export async function waiting<T>(
  ask: (waitMs: number) => Promise<T>,
  wait: { waitMs: number; isSatisfied: (answer: T) => boolean; clock: Clock; signal: AbortSignal },
): Promise<T> {
  const { clock, signal } = wait;
  const endMs = clock.monotonicMs() + wait.waitMs;
  for (;;) {
    const startMs = clock.monotonicMs();
    const answer = await ask(Math.min(pieceMs, Math.max(1, endMs - startMs)));
    const nowMs = clock.monotonicMs();
    if (wait.isSatisfied(answer) || nowMs > endMs - 1) return answer;
    if (nowMs - startMs < shortPieceMs) await pause(clock, shortPieceMs, signal);
    if (signal.aborted) throw signal.reason;
  }
}
