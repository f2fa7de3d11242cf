/**
 * Drives one round until it has ended, whatever fails on the way: a runner that fails is replaced by one that goes on from the space, and
 * a round that none of them can go on with is cancelled, since a round that hangs is worse.
 */
import type { RoundTuple } from '../general-node/index.js';
import { ServiceError } from '../runtime/index.js';
import { pause } from '../tuplespace/index.js';
import { endOnce, type RunnerOptions, runRound } from './runner.js';

/** So many runners are tried. */
const runnersMax = 6;

/** Pause before the second one, in ms; doubles up to `pauseMsMax`. */
const firstPauseMs = 100;
const pauseMsMax = 10_000;

/** Resolves when the round has ended, or its space is gone. Errors: the signal's reason. */
export async function driveToEnd(round: RoundTuple, options: RunnerOptions): Promise<void> {
  const { signal, log, clock, isNew } = options;
  let pauseMs = firstPauseMs;
  let because = '';
  for (let runner = 1; ; runner += 1) {
    try {
      if (runner > runnersMax) return await giveUp(because, options);
      return await runRound(round, { ...options, isNew: isNew && runner === 1 });
    } catch (error) {
      if (signal.aborted) throw error;
      if (isGone(error)) return log.error('round.gone', { error });
      log.error('round.runner_failed', { runner, error });
      because = error instanceof Error ? error.message : String(error);
    }
    await pause(clock, pauseMs, signal);
    signal.throwIfAborted();
    pauseMs = Math.min(pauseMs * 2, pauseMsMax);
  }
}

async function giveUp(last: string, { space, signal, log }: RunnerOptions): Promise<void> {
  const because = `the orchestrator failed ${runnersMax} times to go on with it, last by: ${last}`;
  if (await endOnce(space, { kind: 'cancelled', because }, signal)) log.error('round.given_up', { because });
}

function isGone(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'not_found';
}
