/**
 * What an orchestrator finds when it starts, and another one may have left half done: it stopped between two steps, which no space makes
 * one.
 */
import type { RoundTuple, SeatTuple } from '../general-node/index.js';
import { seatTuple } from '../general-node/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import type { Ledger } from './ledger.js';
import type { RoundRecord } from './record.js';
import { RoundSpace } from './round-space.js';
import type { Seating } from './seating.js';

export interface ResumptionOptions {
  readonly space: TupleSpace;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly seating: Seating;
}

/**
 * The rounds that are open, each with its seats handed out: one that was put into its space and got no further is seated now. Seats of
 * rounds that have ended are taken away.
 */
export async function resumeRounds(options: ResumptionOptions): Promise<readonly RoundTuple[]> {
  const { space, clock, ledger, seating } = options;
  const seated = await seating.seatedRounds();
  const open: RoundTuple[] = [];
  for (const { number } of await ledger.entries()) {
    const record = await new RoundSpace(space, { number, clock }).head();
    if (record === undefined) continue;
    if (record.end !== undefined) {
      if (seated.has(number)) await seating.withdraw(number);
      continue;
    }
    if (!seated.has(number)) await seat(record, options);
    open.push(record.round);
  }
  return open;
}

/** Without a node for each general the round goes on all the same, and its generals count as lost. */
async function seat({ round, seats }: RoundRecord, options: ResumptionOptions): Promise<void> {
  const { space, clock, log, seating } = options;
  const { number } = round;
  try {
    const now = await seating.keepOrMove(seats);
    const moved = now.filter(({ epoch }, i) => epoch !== seats[i]?.epoch);
    const assignments = seating.prepare(number, now);
    await seating.admit(assignments);
    await writeSeats(new RoundSpace(space, { number, clock }).name, moved, space);
    await seating.assign(assignments);
    log.info('round.seated', { round: number, moved: moved.length });
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === 'failed_precondition')) throw error;
    log.warn('round.not_seated', { round: number, error });
  }
}

async function writeSeats(name: string, moved: readonly SeatTuple[], space: TupleSpace): Promise<void> {
  if (moved.length > 0) await space.write({ space: name, tuples: moved.map(seatTuple) });
}
