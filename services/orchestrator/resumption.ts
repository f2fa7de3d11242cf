/**
 * What an orchestrator finds that another one left: it stopped between two steps, which no space makes one.
 */
import { claimTemplate, controlSpace, type RoundTuple, readClaim } from '../general-node/index.js';
import type { Clock, Log } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { readAll } from '../tuplespace/index.js';
import type { Claims } from './claims.js';
import type { Ledger } from './ledger.js';
import type { RoundRecord } from './record.js';
import { RoundSpace } from './round-space.js';
import { onNodes, type Seating } from './seating.js';
import { currentSeats } from './views.js';

export interface ResumptionOptions {
  readonly space: TupleSpace;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly seating: Seating;
  readonly claims: Claims;
}

/**
 * Claims the rounds among these (undefined: among all) that are open and that nobody drives, and gives them back, each with its seats
 * handed out: one that was put into its space and got no further is seated now. Seats of rounds that have ended are taken away.
 */
export async function takeOver(
  numbers: readonly number[] | undefined,
  options: ResumptionOptions,
): Promise<readonly RoundTuple[]> {
  const { space, clock, ledger, seating, claims } = options;
  const wanted = numbers ?? (await ledger.entries()).map(({ number }) => number);
  const claimed = await claimedRounds(space);
  const roster = await seating.roster();
  const seated = new Set(roster.assignments.map(({ round }) => round));
  const open: RoundTuple[] = [];
  for (const number of wanted.filter((one) => !claimed.has(one))) {
    const record = await new RoundSpace(space, { number, clock }).head();
    const isOver = record?.end !== undefined;
    if (record === undefined || (isOver && !seated.has(number))) continue;
    if (!(await claims.claim(number))) continue;
    if (isOver) {
      await seating.withdraw(number);
      continue;
    }
    if (!seated.has(number)) await seat(record, options);
    options.log.info('round.taken_over', { round: number });
    open.push(record.round);
  }
  return open;
}

async function claimedRounds(space: TupleSpace): Promise<ReadonlySet<number>> {
  const rounds = new Set<number>();
  const request = { space: controlSpace, templates: [claimTemplate()] };
  for await (const tuple of readAll(space, request)) {
    const round = readClaim(tuple);
    if (round !== undefined) rounds.add(round);
  }
  return rounds;
}

/** As they were placed; a seat whose node is gone is moved afterwards, as any other. */
async function seat(record: RoundRecord, { seating }: ResumptionOptions): Promise<void> {
  const seats = onNodes(currentSeats(record), await seating.roster());
  const assignments = seating.prepare(record.round.number, seats);
  await seating.admit(assignments);
  await seating.assign(assignments);
}
