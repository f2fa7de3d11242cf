/**
 * The life of a service process: started, run until a signal asks it to end, stopped within a bound.
 */
import type { Clock } from './clock.js';
import type { Log } from './log.js';

export interface Stoppable {
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Where signals come from and where the process ends; `process` has this shape. */
export interface Process {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

/** What a process ends with by itself; the command line has further codes for what it found out. */
const exitCodes = { ok: 0, failed: 1, interrupted: 130 } as const;

/**
 * Starts something, waits for SIGTERM or SIGINT and stops it again. Resolves with the exit code: 0, or 1 when stopping took
 * longer than `stopMs` (default 4,000). A second signal ends the process at once with 130. Rejects with what `start` threw.
 */
export async function runUntilSignal(options: {
  start: () => Promise<Stoppable>;
  log: Log;
  clock: Clock;
  stopMs?: number;
  process: Process;
}): Promise<number> {
  const { start, log, clock, stopMs = 4_000, process } = options;
  let signalled = (): void => {};
  const asked = new Promise<void>((resolve) => {
    signalled = resolve;
  });
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(exitCodes.interrupted);
    isStopping = true;
    signalled();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  try {
    const running = await start();
    await asked;
    log.info('process.stopping');
    const isStopped = await within(running.stop(), stopMs, clock);
    if (isStopped) log.info('process.stopped');
    else log.error('process.stop_too_slow', { stopMs });
    return isStopped ? exitCodes.ok : exitCodes.failed;
  } finally {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, onSignal);
  }
}

/** True when the work is done within the time. */
function within(work: Promise<void>, ms: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const stopTimer = clock.after(ms, () => resolve(false));
    work.then(() => resolve(true), reject).finally(stopTimer);
  });
}
