/**
 * Starts rounds: gives each its number, puts it into its space and hands out its seats. A retry under the same key finds its round,
 * also one that got its number and no further.
 */
import type { GeneralId } from '../consensus/index.js';
import type { RoundTuple } from '../general-node/index.js';
import { roundSettings, traceTuple } from '../general-node/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { pause, withTrace } from '../tuplespace/index.js';
import type { Claims } from './claims.js';
import type { Ledger } from './ledger.js';
import { openingTuples } from './opening.js';
import type { CallOptions, Round, RoundRequest } from './orchestrator.js';
import { patiently } from './patiently.js';
import type { ResolvedRound } from './resolve.js';
import { RoundSpace } from './round-space.js';
import type { RoundTraces } from './round-traces.js';
import type { PlacedSeat, Seating } from './seating.js';
import { placedRound } from './views.js';

export interface RoundStarterOptions {
  readonly space: TupleSpace;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly seating: Seating;
  readonly claims: Claims;
  readonly traces: RoundTraces;
  /** Resolves when a node comes or goes. */
  readonly nodesChanged: () => Promise<void>;
  /** How long a round waits for nodes that can host all of its generals, in ms. */
  readonly placementWaitMs: number;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** A round as it stands; undefined when there is none with that number. */
  readonly look: (number: number) => Promise<Round | undefined>;
  /** Lets a round run that has been placed. */
  readonly drive: (round: RoundTuple, seats: readonly PlacedSeat[]) => void;
  /** Throws when no more rounds may run; a retry that finds its round needs no room. */
  readonly checkRoom: () => void;
}

interface Beginning {
  readonly resolved: ResolvedRound;
  readonly seats: readonly PlacedSeat[];
  readonly trace: string | undefined;
}

export class RoundStarter {
  readonly #options: RoundStarterOptions;
  /** Rounds that have a number and are being placed. */
  readonly #beginning = new Map<number, Promise<Round>>();

  constructor(options: RoundStarterOptions) {
    this.#options = options;
  }

  isBeginning(number: number): boolean {
    return this.#beginning.has(number);
  }

  /** Errors: unavailable (too few nodes in time), already_exists (the key stands for another request). */
  async start(
    request: RoundRequest,
    resolved: ResolvedRound,
    { signal, trace }: CallOptions = {},
  ): Promise<Round> {
    const { seating, ledger, look, checkRoom } = this.#options;
    const { generals } = resolved.setting;
    const [placing, known] = await Promise.all([
      settled(seating.place(generals, signal)),
      ledger.around(request, signal),
    ]);
    // A retry finds its round although nodes may have gone meanwhile, and although no other may run.
    const standing = ledger.find(request, known);
    if (standing === undefined) checkRoom();
    const found = standing === undefined ? undefined : await look(standing);
    if (found !== undefined) return found;
    const seats = placing.status === 'fulfilled' ? placing.value : await this.#awaitNodes(generals, signal);
    // A caller that gives up from here on stops nothing: the round would have a number and never begin.
    const { number, isNew } =
      standing === undefined ? await ledger.enter(request, known) : { number: standing, isNew: false };
    const begun = isNew ? undefined : await look(number);
    if (begun !== undefined) return begun;
    // Of several retries at once the first begins the round.
    const beginning = this.#beginning.get(number) ?? this.#begin(number, { resolved, seats, trace });
    this.#beginning.set(number, beginning);
    return beginning.finally(() => this.#beginning.delete(number));
  }

  /** Places the generals once there are nodes enough. Errors: unavailable (there are not, in time). */
  async #awaitNodes(generals: readonly GeneralId[], asked?: AbortSignal): Promise<readonly PlacedSeat[]> {
    const { seating, clock, nodesChanged, placementWaitMs, signal } = this.#options;
    const endMs = clock.monotonicMs() + placementWaitMs;
    const end = AbortSignal.any([signal, ...(asked === undefined ? [] : [asked])]);
    for (;;) {
      const changed = nodesChanged();
      const placing = await settled(seating.place(generals, asked));
      if (placing.status === 'fulfilled') return placing.value;
      const leftMs = endMs - clock.monotonicMs();
      if (!isTooFew(placing.reason) || leftMs <= 0) throw placing.reason;
      const waited = new AbortController();
      await Promise.race([changed, pause(clock, leftMs, AbortSignal.any([end, waited.signal]))]);
      waited.abort();
      end.throwIfAborted();
    }
  }

  /** What an orchestrator that was away for longer than its lease finds begun by another is the same round. */
  async #begin(number: number, beginning: Beginning): Promise<Round> {
    try {
      return await this.#open(number, beginning);
    } catch (error) {
      this.#options.traces.end(number, error);
      const isTaken = error instanceof ServiceError && error.code === 'already_exists';
      const standing = isTaken ? await this.#options.look(number) : undefined;
      if (standing === undefined) throw error;
      return standing;
    }
  }

  /** A space that is away meanwhile is waited for: the round has its number, and nobody else would begin it. */
  async #open(number: number, { resolved, seats, trace: parent }: Beginning): Promise<Round> {
    const { clock, seating, claims, traces, drive } = this.#options;
    const log = this.#options.log.with({ round: number });
    const { protocol, generals } = resolved.setting;
    const trace = traces.begin(number, { parent, protocol, n: generals.length });
    const space = withTrace(this.#options.space, trace);
    const roundSpace = new RoundSpace(space, { number, clock });
    const { setting, protocolVersion, phaseMs } = resolved;
    const round: RoundTuple = { number, setting, protocolVersion, phaseMs };
    const assignments = seating.prepare(round, seats);
    const tuples = openingTuples(round, resolved, assignments);
    if (trace !== '') tuples.push(traceTuple(trace));
    const surely = <T>(call: () => Promise<T>): Promise<T> => patiently({ ...this.#options, log }, call);
    const [isOurs] = await Promise.all([
      surely(() => claims.claim(number)),
      surely(() => space.putSpace({ space: roundSpace.name, settings: roundSettings(setting) })),
    ]);
    if (!isOurs) throw begunElsewhere(number);
    await Promise.all([
      surely(() => seating.admit(assignments)),
      surely(() => space.write({ space: roundSpace.name, tuples })),
    ]);
    const [startedAtMs] = await Promise.all([
      surely(() => roundSpace.startedAtMs()),
      surely(() => seating.assign(assignments)),
    ]);
    drive(round, seats);
    log.info('round.started', { protocol: setting.protocol, generals: seats.length });
    const seatsTold = seats.map(({ general, node, epoch }) => ({ general, node, epoch }));
    return placedRound({ round, lab: resolved, seats: seatsTold, startedAtMs }, roundSpace.name);
  }
}

function isTooFew(error: unknown): boolean {
  return error instanceof ServiceError && error.details['missing'] !== undefined;
}

function begunElsewhere(number: number): ServiceError {
  return new ServiceError('unavailable', `another orchestrator is beginning round ${number}; ask again`);
}

/** The promise as a value: to be judged later. */
async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([promise]);
  return result;
}
