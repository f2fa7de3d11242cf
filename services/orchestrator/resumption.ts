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
  /** This orchestrator drives the round, or is just beginning it. */
  readonly isUnderWay: (round: number) => boolean;
}

/**
 * Claims the rounds among these (undefined: among all) that are open and that nobody drives, and gives them back one by one, each with its
 * seats handed out: one that was put into its space and got no further is seated now. Seats of rounds that have ended are taken away.
 * What it claimed before it failed it finds again.
 */
export async function* takeOver(
  numbers: readonly number[] | undefined,
  options: ResumptionOptions,
): AsyncGenerator<RoundTuple, void, undefined> {
  const { space, clock, ledger, seating, claims, isUnderWay } = options;
  const wanted = numbers ?? (await ledger.entries()).map(({ number }) => number);
  const claimed = await claimedElsewhere(options);
  const roster = await seating.roster();
  const seated = new Set(roster.assignments.map(({ round }) => round));
  for (const number of wanted.filter((one) => !claimed.has(one))) {
    const record = await new RoundSpace(space, { number, clock }).head();
    const isOver = record?.end !== undefined;
    if (record === undefined || (isOver && !seated.has(number)) || isUnderWay(number)) continue;
    if (!(await claims.claim(number))) continue;
    if (isOver) {
      await seating.withdraw(number);
      continue;
    }
    if (!seated.has(number)) await seat(record, options);
    options.log.info('round.taken_over', { round: number });
    yield record.round;
  }
}

async function claimedElsewhere({ space, claims }: ResumptionOptions): Promise<ReadonlySet<number>> {
  const rounds = new Set<number>();
  const request = { space: controlSpace, templates: [claimTemplate()] };
  for await (const tuple of readAll(space, request)) {
    const claim = readClaim(tuple);
    if (claim !== undefined && !claims.isOwn(claim)) rounds.add(claim.round);
  }
  return rounds;
}

/** As they were placed; a seat whose node is gone is moved afterwards, as any other. */
async function seat(record: RoundRecord, { seating }: ResumptionOptions): Promise<void> {
  const seats = onNodes(currentSeats(record), await seating.roster());
  const assignments = seating.prepare(record.round, seats);
  await seating.admit(assignments);
  await seating.assign(assignments);
}
