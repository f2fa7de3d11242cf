/**
 * Drives one round that has been placed: closes its phases when their time is over, ends it when everybody has decided or the last
 * phase is over, and writes the verdict. It keeps nothing that is not in the space, so another runner can take over at any point.
 */
import { protocolOf, summary } from '../consensus/index.js';
import type { End, RoundTuple } from '../general-node/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { OrchestratorMetrics } from './metrics.js';
import { conclude } from './outcome.js';
import { encodeOutcome } from './outcome-text.js';
import { patiently } from './patiently.js';
import type { RoundRecord } from './record.js';
import type { RoundSpace } from './round-space.js';

export interface RunnerOptions {
  readonly space: RoundSpace;
  readonly clock: Clock;
  /** With the round on each line. */
  readonly log: Log;
  /** Ends the runner without ending the round. */
  readonly signal: AbortSignal;
  /** The round has just been placed: there is nothing of it to go on with. */
  readonly isNew: boolean;
  /** Absent: nothing is counted. */
  readonly metrics?: OrchestratorMetrics | undefined;
}

/** Runs the round to its verdict; resolves when that is written, or when the signal is aborted. */
export async function runRound(round: RoundTuple, options: RunnerOptions): Promise<void> {
  const { setting } = round;
  const phaseCount = protocolOf(setting).phaseCount(setting);
  const closed = options.isNew ? new Map<number, bigint>() : await closedBefore(options);
  if (closed === undefined) return;
  if (!closed.has(phaseCount)) await closePhases(round, { ...options, phaseCount, first: closed.size });
  await conclusion(options);
}

/** The closes that another runner has written; undefined when the round is over or was never begun. */
async function closedBefore(options: RunnerOptions): Promise<RoundRecord['closes'] | undefined> {
  const { space, signal } = options;
  const begun = await patiently(options, () => space.record({ withVotes: false, signal }));
  return begun?.end === undefined ? begun?.closes : undefined;
}

async function closePhases(
  round: RoundTuple,
  options: RunnerOptions & { readonly phaseCount: number; readonly first: number },
): Promise<void> {
  const { phaseCount, first } = options;
  for (let phase = first; phase < phaseCount; phase += 1) {
    if (await allDecided(round, options)) return close(phaseCount, options);
    await close(phase, options);
  }
  // The time after the last phase is for decisions.
  await allDecided(round, options);
  await close(phaseCount, options);
}

async function allDecided(round: RoundTuple, options: RunnerOptions): Promise<boolean> {
  const { space, signal } = options;
  // A wait that a lost connection cut short begins anew: the running phase gets its full time again.
  return patiently(options, () => space.allDecided(round, { waitMs: round.phaseMs, signal }));
}

async function close(phase: number, options: RunnerOptions): Promise<void> {
  await patiently(options, () => options.space.close(phase, options.signal));
  options.log.info('phase.closed', { phase });
}

async function conclusion(options: RunnerOptions): Promise<void> {
  const { space, signal, log } = options;
  const [record, refusals] = await patiently(options, () =>
    Promise.all([space.record({ withVotes: true, signal }), space.refusals({ signal })]),
  );
  if (record === undefined) return;
  const outcome = conclude(record, { refusals });
  const said = summary(outcome.verdict);
  const end = { kind: 'verdict', summary: said, result: encodeOutcome(outcome) } as const;
  const isFirst = await patiently(options, () => endOnce(space, end, signal));
  if (!isFirst) return;
  options.metrics?.ended(record, outcome);
  log.info('round.ended', { verdict: said });
}

/** False when the round has ended already: it was cancelled, or another runner was first. */
export async function endOnce(space: RoundSpace, end: End, signal: AbortSignal): Promise<boolean> {
  try {
    await space.end(end, { signal });
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'already_exists') return false;
    throw error;
  }
}
