/**
 * Rounds back to back, of several forms, and what became of each.
 */
import { randomUUID } from 'node:crypto';
import { random } from '../../services/consensus/index.js';
import type { Orchestrator, Round, RoundRequest } from '../../services/orchestrator/index.js';
import { ServiceError } from '../../services/runtime/index.js';

export interface RoundFigures {
  readonly rounds: number;
  readonly held: number;
  /** With more faults than m, where nothing is promised. */
  readonly outside: number;
  /** Within the bound, and a property was violated: each is a bug. */
  readonly violated: readonly number[];
  /** That did not end in time, or ended without a verdict. */
  readonly unfinished: readonly number[];
  /** Slots with two values, and second values that were refused. */
  readonly doubled: number;
  /** Writes of an epoch that was over. */
  readonly fenced: number;
  /** Loyal generals that were late or lost. */
  readonly lost: number;
  readonly longestMs: number;
}

const roundMsMax = 120_000;
const retryMs = 200;

/** What a round is asked for; a phase outlasts a lease and the move of a seat, except where a silent traitor keeps all waiting. */
const forms: readonly RoundRequest[] = [
  { generalCount: 4, faultCount: 1, traitorCount: 0, phaseMs: 8_000 },
  { generalCount: 4, faultCount: 1, strategy: 'two-faced', phaseMs: 8_000 },
  { generalCount: 7, faultCount: 2, traitorCount: 1, strategy: 'random', phaseMs: 8_000 },
  { generalCount: 7, faultCount: 2, traitorCount: 1, strategy: 'silent', phaseMs: 1_500 },
  { generalCount: 7, faultCount: 2, traitorCount: 0, protocol: 'sm', phaseMs: 8_000 },
  { generalCount: 7, faultCount: 2, traitorCount: 1, strategy: 'flip', protocol: 'king', phaseMs: 8_000 },
];

/** What the space of a round shows of those who spoke. */
export interface Voices {
  /** Slots with two values, and second values that were refused. */
  readonly doubled: number;
  /** Refused writes of an epoch that was over. */
  readonly fenced: number;
}

export interface StreamOptions {
  readonly orchestrator: Orchestrator;
  readonly seed: number;
  /** Ends the stream once the round under way has ended. */
  readonly signal: AbortSignal;
  /** Looks into the space of a round that has ended; absent: nobody can. */
  readonly voices?: (number: number) => Promise<Voices>;
}

export class RoundStream {
  readonly #options: StreamOptions;
  readonly #figures = {
    rounds: 0,
    held: 0,
    outside: 0,
    violated: [] as number[],
    unfinished: [] as number[],
    doubled: 0,
    fenced: 0,
    lost: 0,
    longestMs: 0,
  };
  #count = 0;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  get figures(): RoundFigures {
    return this.#figures;
  }

  /** One round after the other until the signal. */
  async run(): Promise<void> {
    const { signal, seed } = this.#options;
    while (!signal.aborted) {
      this.#count += 1;
      const form = forms[random(seed, 'form', this.#count) % forms.length];
      await this.#round({ ...form, seed: random(seed, 'round', this.#count), key: randomUUID() });
    }
  }

  async #round(request: RoundRequest): Promise<void> {
    const { orchestrator, voices } = this.#options;
    const untilMs = performance.now() + roundMsMax;
    // The same key: a start whose answer was lost is found again.
    const { number } = await patiently(untilMs, () => orchestrator.startRound(request));
    try {
      this.#judge(await patiently(untilMs, () => this.#ended(number)));
    } catch (error) {
      if (performance.now() < untilMs) throw error;
      this.#figures.unfinished.push(number);
    }
    if (voices === undefined) return;
    const { doubled, fenced } = await patiently(untilMs, () => voices(number));
    this.#figures.doubled += doubled;
    this.#figures.fenced += fenced;
  }

  async #ended(number: number): Promise<Round> {
    for await (const event of this.#options.orchestrator.watchRound({ number })) {
      if (event.kind === 'ended') return event.round;
    }
    throw new ServiceError('unavailable', `the watch of round ${number} broke`);
  }

  #judge({ number, verdict, startedAtMs, endedAtMs = startedAtMs }: Round): void {
    const figures = this.#figures;
    figures.rounds += 1;
    figures.lost += verdict?.lost.length ?? 0;
    figures.longestMs = Math.max(figures.longestMs, endedAtMs - startedAtMs);
    if (verdict === undefined) figures.unfinished.push(number);
    else if (!verdict.isWithin) figures.outside += 1;
    else if (isHeld(verdict)) figures.held += 1;
    else figures.violated.push(number);
  }
}

function isHeld({ agreement, validity, termination }: NonNullable<Round['verdict']>): boolean {
  return [agreement, validity, termination].every(({ status }) => status === 'holds');
}

/** Repeats what fails because something is away. */
async function patiently<T>(untilMs: number, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const isPassing = error instanceof ServiceError && error.isIndefinite;
      if (!isPassing || performance.now() > untilMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}
