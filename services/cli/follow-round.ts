/**
 * Stays with a round until it is over, and shows on the terminal how far it is.
 */
import { judge } from '../consensus/index.js';
import type { Orchestrator, Round, RoundEvent } from '../orchestrator/index.js';
import type { Clock } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { Cursor } from '../tuplespace/index.js';
import { pause } from '../tuplespace/index.js';
import { Progress } from './output/progress.js';
import type { Terminal } from './output/terminal.js';

export interface FollowOptions {
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Aborted: the round is cancelled, and shown as far as it came. */
  readonly signal: AbortSignal;
}

/**
 * Follows a round to its end, or cancels it, and gives it with its messages. It has a verdict, if only of
 * what is known.
 */
export async function followRound(
  orchestrator: Orchestrator,
  { number, cost }: Round,
  { terminal, clock, signal }: FollowOptions,
): Promise<Round> {
  const state = { phase: 0, valueCount: 0 };
  const progress = new Progress(terminal, clock, (elapsedMs) => {
    const phase = Math.min(state.phase + 1, cost.phaseCount);
    const values = `${state.valueCount} of ${cost.messageCount} messages`;
    const seconds = (elapsedMs / 1000).toFixed(1);
    return `round ${number} · phase ${phase} of ${cost.phaseCount} · ${values} · ${seconds} s`;
  });
  try {
    for await (const event of eventsOf(orchestrator, number, { clock, signal })) note(event, state);
  } finally {
    progress.stop();
  }
  if (signal.aborted) await cancel(orchestrator, number);
  return withVerdict(await orchestrator.getRound({ number, withMessages: true }));
}

/**
 * The events of a round; goes on from the last one when the orchestrator was away for a while. Ends by the
 * signal, without an error.
 */
export async function* eventsOf(
  orchestrator: Orchestrator,
  number: number,
  { clock, signal, from }: { clock: Clock; signal: AbortSignal; from?: Cursor },
): AsyncGenerator<RoundEvent> {
  let cursor = from;
  for (let failureCount = 0; ; ) {
    try {
      const start = cursor === undefined ? {} : { from: cursor };
      for await (const event of orchestrator.watchRound({ number, ...start }, { signal })) {
        failureCount = 0;
        cursor = event.cursor;
        yield event;
        if (event.kind === 'ended') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      failureCount += 1;
      const isAway = error instanceof ServiceError && error.code === 'unavailable';
      // An orchestrator that was never there is not waited for.
      if (!isAway || cursor === undefined || failureCount > failureCountMax) throw error;
    }
    await pause(clock, retryMs, signal);
    if (signal.aborted) return;
  }
}

/** How often a watch that broke is begun again, and the pause before. */
const failureCountMax = 20;
const retryMs = 250;

/** A round that is not over is judged by what is known. */
export function withVerdict(round: Round): Round {
  if (round.verdict !== undefined) return round;
  const { setting, order, decisions } = round;
  const traitors = round.traitors.map(({ general }) => general);
  return { ...round, verdict: judge({ setting, order, traitors, lost: [], decisions, isOver: false }) };
}

function note(event: RoundEvent, state: { phase: number; valueCount: number }): void {
  if (event.kind === 'closed') state.phase = event.phase + 1;
  if (event.kind === 'message') state.valueCount += event.message.entries.length;
}

/** The round may have ended in the meantime, which is as good. */
async function cancel(orchestrator: Orchestrator, number: number): Promise<void> {
  try {
    await orchestrator.cancelRound({ number, because: 'interrupted by its user' });
  } catch (error) {
    const { status } = await orchestrator.getRound({ number });
    if (status === 'running') throw error;
  }
}
