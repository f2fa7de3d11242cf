/**
 * Starts rounds: gives each its number, puts it into its space and hands out its seats. A retry under the same key finds its round,
 * also one that got its number and no further.
 */
import type { RoundTuple, SeatTuple } from '../general-node/index.js';
import { roundSettings } from '../general-node/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import type { Ledger } from './ledger.js';
import { openingTuples } from './opening.js';
import type { Round, RoundRequest } from './orchestrator.js';
import { patiently } from './patiently.js';
import type { ResolvedRound } from './resolve.js';
import { RoundSpace } from './round-space.js';
import type { Seating } from './seating.js';
import { placedRound } from './views.js';

export interface RoundStarterOptions {
  readonly space: TupleSpace;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly seating: Seating;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** A round as it stands; undefined when there is none with that number. */
  readonly look: (number: number) => Promise<Round | undefined>;
  /** Lets a round run that has been placed. */
  readonly drive: (round: RoundTuple) => void;
  /** Throws when no more rounds may run; a retry that finds its round needs no room. */
  readonly checkRoom: () => void;
}

export class RoundStarter {
  readonly #options: RoundStarterOptions;
  /** Rounds that have a number and are being placed. */
  readonly #beginning = new Map<number, Promise<Round>>();

  constructor(options: RoundStarterOptions) {
    this.#options = options;
  }

  /** Errors: failed_precondition (nobody serves a general), already_exists (the key stands for another request). */
  async start(request: RoundRequest, resolved: ResolvedRound, signal?: AbortSignal): Promise<Round> {
    const { seating, ledger, look } = this.#options;
    const [placing, known] = await Promise.all([
      settled(seating.place(resolved.setting.generals, signal)),
      ledger.entries(signal),
    ]);
    // A retry finds its round although nodes may have gone meanwhile, and although no other may run.
    const standing = ledger.find(request, known);
    if (standing === undefined) this.#options.checkRoom();
    if (standing === undefined && placing.status === 'rejected') throw placing.reason;
    // A caller that gives up from here on stops nothing: the round would have a number and never begin.
    const { number, isNew } =
      standing === undefined ? await ledger.enter(request, known) : { number: standing, isNew: false };
    const begun = isNew ? undefined : await look(number);
    if (begun !== undefined) return begun;
    if (placing.status === 'rejected') throw placing.reason;
    const { value: seats } = placing;
    // Of several retries at once the first begins the round.
    const beginning = this.#beginning.get(number) ?? this.#begin(number, resolved, seats);
    this.#beginning.set(number, beginning);
    return beginning.finally(() => this.#beginning.delete(number));
  }

  /** A space that is away meanwhile is waited for: the round has its number, and nobody else would begin it. */
  async #begin(number: number, resolved: ResolvedRound, seats: readonly SeatTuple[]): Promise<Round> {
    const { space, clock, log, seating, drive } = this.#options;
    const roundSpace = new RoundSpace(space, { number, clock });
    const { setting, protocolVersion, phaseMs } = resolved;
    const round: RoundTuple = { number, setting, protocolVersion, phaseMs };
    const assignments = seating.prepare(number, seats);
    const tuples = openingTuples(round, resolved, assignments);
    const surely = <T>(call: () => Promise<T>): Promise<T> => patiently(this.#options, call);
    await surely(() => space.putSpace({ space: roundSpace.name, settings: roundSettings }));
    await Promise.all([
      surely(() => seating.admit(assignments)),
      surely(() => space.write({ space: roundSpace.name, tuples })),
    ]);
    const [record] = await Promise.all([
      surely(() => roundSpace.record({ withVotes: false })),
      surely(() => seating.assign(assignments)),
    ]);
    drive(round);
    log.info('round.started', { round: number, protocol: setting.protocol, generals: seats.length });
    if (record === undefined) throw new ServiceError('internal', `${roundSpace.name} lost its first tuples`);
    return placedRound(record, roundSpace.name);
  }
}

/** The promise as a value: to be judged later. */
async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([promise]);
  return result;
}
