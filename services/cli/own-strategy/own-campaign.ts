/**
 * An own strategy in many rounds: all traitors follow it, and where it fails they are silent, which is counted.
 */
import type { SearchOutcome, SearchProgress, SearchRequest } from '../../consensus/index.js';
import { systemClock } from '../../runtime/index.js';
import type { Betrayal } from '../../simulator/index.js';
import { grouped } from '../output/numbers.js';
import type { Shell } from '../shell.js';
import { searchOwn } from './own-search.js';
import { OwnStrategy } from './own-strategy.js';

export class OwnCampaign {
  readonly #file: string;
  readonly #strategy: OwnStrategy;
  #failedCount = 0;
  #firstFailure: string | undefined;

  private constructor(file: string, strategy: OwnStrategy) {
    this.#file = file;
    this.#strategy = strategy;
  }

  /** Errors: as `OwnStrategy.load`. */
  static async load({ workingDirectory, terminal }: Shell, file: string): Promise<OwnCampaign> {
    const onOutput = (text: string): void => terminal.talk(`${file}: ${text}`);
    const strategy = await OwnStrategy.load({ file, workingDirectory, clock: systemClock, onOutput });
    return new OwnCampaign(file, strategy);
  }

  readonly betray: Betrayal = async (rounds) => {
    const tasks = rounds.flatMap((context) => context.traitors.map((general) => ({ context, general })));
    const treasons = await this.#strategy.betray(tasks);
    for (const { failure } of treasons) {
      if (failure === undefined) continue;
      this.#failedCount += 1;
      this.#firstFailure ??= failure;
    }
    let at = 0;
    return rounds.map(({ traitors }) => {
      const own = treasons.slice(at, at + traitors.length);
      at += traitors.length;
      return own.map(({ spec }) => spec);
    });
  };

  /** As `search` of the core, with this strategy in place of the ladder. */
  search(request: SearchRequest): AsyncGenerator<SearchProgress, SearchOutcome> {
    return searchOwn(request, this.betray);
  }

  /** What to tell of its failures, runs that were repeated included; nothing when there was none. */
  get failureLines(): readonly string[] {
    if (this.#firstFailure === undefined) return [];
    const count = grouped(this.#failedCount);
    return [`${this.#file} failed for ${count} traitors, who were silent; first: ${this.#firstFailure}`];
  }

  /** Idempotent. */
  stop(): Promise<void> {
    return this.#strategy.stop();
  }
}
