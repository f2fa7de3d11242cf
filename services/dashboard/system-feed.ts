/**
 * The nodes and the rounds of an orchestrator as a stream of their changes. The orchestrator is asked once a second, however many pages
 * look, and not at all while none does.
 */
import type { Orchestrator, Round } from '../orchestrator/index.js';
import type { Clock } from '../runtime/index.js';
import { onAbort, ServiceError } from '../runtime/index.js';
import { nodeFacts, roundFacts } from './facts.js';
import type { About, SystemLine } from './wire.js';

const everyMs = 1_000;
/** Rounds in a list. */
const roundsMax = 50;
/** So often the list is read anew, which drops what the orchestrator has dropped. */
const wholeListTicks = 60;

export interface SystemFeedOptions {
  readonly orchestrator: Orchestrator;
  readonly clock: Clock;
  readonly about: About;
}

export class SystemFeed {
  readonly #orchestrator: Orchestrator;
  readonly #clock: Clock;
  readonly #about: About;
  readonly #readers = new Set<() => void>();
  /** The newest first. */
  #rounds: readonly Round[] = [];
  #tick = 0;
  /** The newest line of each kind. */
  #lines: readonly string[] = [];
  #isAsking = false;

  constructor({ orchestrator, clock, about }: SystemFeedOptions) {
    this.#orchestrator = orchestrator;
    this.#clock = clock;
    this.#about = about;
  }

  /** What is now, and then every change, as a line of JSON; a reader that is slow misses what was in between. */
  async *lines(signal: AbortSignal): AsyncGenerator<string> {
    let seen: readonly string[] = [];
    let wake = (): void => {};
    const reader = (): void => wake();
    const stopListening = onAbort(signal, reader);
    this.#readers.add(reader);
    try {
      this.#ask();
      while (!signal.aborted) {
        const now = this.#lines;
        const before = seen;
        const fresh = now.filter((line, i) => line !== before[i]);
        seen = now;
        yield* fresh;
        // Nothing can have changed unseen: from here to the promise nobody else runs.
        if (now !== this.#lines) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      stopListening();
      this.#readers.delete(reader);
    }
  }

  /** Asks now and goes on asking while somebody reads. */
  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    void this.#read().finally(() => {
      this.#clock.after(everyMs, () => {
        this.#isAsking = false;
        if (this.#readers.size > 0) this.#ask();
      });
    });
  }

  /** An orchestrator that cannot answer now is asked again; its pages keep what they have. */
  async #read(): Promise<void> {
    try {
      const [nodes, rounds] = await Promise.all([this.#orchestrator.listNodes(), this.#listRounds()]);
      this.#rounds = rounds;
      const nowMs = this.#clock.wallMs();
      const lines: readonly SystemLine[] = [
        { kind: 'about', about: this.#about },
        { kind: 'nodes', nodes: nodes.map((node) => nodeFacts(node, nowMs)) },
        { kind: 'rounds', rounds: rounds.map(roundFacts) },
      ];
      this.#lines = lines.map((line) => JSON.stringify(line));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
    }
    for (const wake of this.#readers) wake();
  }

  /** A round that has ended does not change; only new and running ones are read again. */
  async #listRounds(): Promise<readonly Round[]> {
    this.#tick += 1;
    const known = this.#rounds;
    if (this.#tick % wholeListTicks === 1) return this.#orchestrator.listRounds({ limit: roundsMax });
    const [newest] = await this.#orchestrator.listRounds({ limit: 1 });
    const last = known[0]?.number ?? 0;
    const isNew = newest !== undefined && newest.number > last;
    const added = isNew
      ? await this.#orchestrator.listRounds({ limit: Math.min(roundsMax, newest.number - last) })
      : [];
    const kept = await Promise.all(known.map((round) => this.#current(round)));
    const fresh = added.filter(({ number }) => number > last);
    return [...fresh, ...kept.filter((round) => round !== undefined)].slice(0, roundsMax);
  }

  async #current(round: Round): Promise<Round | undefined> {
    if (round.status !== 'running') return round;
    try {
      return await this.#orchestrator.getRound({ number: round.number });
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}
