/**
 * An own strategy from a file: TypeScript without its types, run in a thread of its own, asked for what it says at each
 * place, and written down as a table. What the file does can be no worse for a round than a silent traitor.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { transformSync } from '@swc/wasm-typescript';
import type { GeneralId, OwnPlace, PlanContext, TraitorSpec } from '../../consensus/index.js';
import { ownPlaces, ownTable } from '../../consensus/index.js';
import type { Clock } from '../../runtime/index.js';
import { invalidArgument } from '../../runtime/index.js';
import { readNamedFile } from '../read-named-file.js';

/** One traitor that follows the strategy. */
export interface OwnTask {
  readonly context: PlanContext;
  readonly general: GeneralId;
}

/** How it betrays. Where the strategy failed it is silent, and `failure` says why. */
export interface OwnTreason {
  readonly spec: TraitorSpec;
  /** One sentence; no full stop. */
  readonly failure?: string;
}

export interface OwnStrategyOptions {
  /** As somebody named it; relative to the folder. */
  readonly file: string;
  readonly workingDirectory: string;
  readonly clock: Clock;
  /** What it prints. */
  readonly onOutput: (text: string) => void;
}

/** An answer that takes longer is none. */
const answerMsMax = 10_000;
const heapMbMax = 256;

type Answer = { readonly answers: readonly unknown[] } | { readonly threw: string; readonly at: number };

export class OwnStrategy {
  readonly #worker: Worker;
  readonly #clock: Clock;
  /** Why it answers no more. */
  #dead: string | undefined;

  private constructor(url: string, { clock, onOutput }: OwnStrategyOptions) {
    this.#clock = clock;
    this.#worker = new Worker(join(import.meta.dirname, 'strategy-worker.js'), {
      workerData: { url },
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
    });
    // Whoever waits for an answer hears of it too; without a listener it would end the process.
    this.#worker.on('error', (error: Error) => {
      this.#dead ??= error.message;
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr])
      stream.on('data', (chunk: Buffer) => onOutput(chunk.toString().trimEnd()));
  }

  /** Errors: not_found (the file cannot be read), invalid_argument (it is no TypeScript, or exports no `createPlan`). */
  static async load(options: OwnStrategyOptions): Promise<OwnStrategy> {
    const { file } = options;
    const code = withoutTypes(file, readNamedFile(options, options.file));
    const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
    const strategy = new OwnStrategy(url, options);
    try {
      const said = await strategy.#hear<{ because?: string }>();
      if (typeof said === 'string') throw invalidArgument(file, said);
      if (said.because !== undefined) throw invalidArgument(file, said.because);
      return strategy;
    } catch (error) {
      await strategy.stop();
      throw error;
    }
  }

  /** What the traitors do, each by itself, in the same order. Costs three questions a value that they owe. */
  async betray(tasks: readonly OwnTask[]): Promise<readonly OwnTreason[]> {
    const asked = tasks.map((task) => ({ ...task, places: ownPlaces(task.context.setting, task.general) }));
    if (this.#dead === undefined) this.#worker.postMessage(JSON.stringify(asked));
    const answers = await this.#hear<readonly Answer[]>();
    return asked.map((task, i) => treasonOf(task, typeof answers === 'string' ? answers : answers[i]));
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#dead ??= 'it was stopped';
    await this.#worker.terminate();
  }

  /** The next message of the thread, or why there will be none. */
  #hear<Message>(): Promise<Message | string> {
    if (this.#dead !== undefined) return Promise.resolve(this.#dead);
    return new Promise((resolve) => {
      const end = (heard: Message | string): void => {
        stopTimer();
        this.#worker.off('message', hear).off('exit', lose);
        resolve(heard);
      };
      const hear = (text: string): void => end(JSON.parse(text) as Message);
      const lose = (): void => {
        this.#dead ??= 'it ended its thread';
        end(this.#dead);
      };
      const stopTimer = this.#clock.after(answerMsMax, () => {
        this.#dead = `it did not answer within ${answerMsMax / 1_000} s`;
        end(this.#dead);
        void this.#worker.terminate();
      });
      this.#worker.once('message', hear).once('exit', lose);
    });
  }
}

/** As Node 22.18 and later read TypeScript themselves: types are taken out, and nothing is translated. */
function withoutTypes(file: string, text: string): string {
  try {
    return transformSync(text, { mode: 'strip-only', module: true, filename: file }).code;
  } catch (error) {
    const { message = String(error) } = error as { readonly message?: string };
    throw invalidArgument(file, `is not TypeScript whose types can be taken out: ${message}`);
  }
}

function treasonOf(
  { context: { setting }, general, places }: OwnTask & { readonly places: readonly OwnPlace[] },
  answer: Answer | string | undefined,
): OwnTreason {
  const silent = (failure: string): OwnTreason => ({ spec: { general, strategy: 'silent' }, failure });
  if (answer === undefined || typeof answer === 'string') return silent(answer ?? 'it did not answer');
  if ('threw' in answer) return silent(`it threw ${placeText(places[answer.at])}: ${answer.threw}`);
  const table = ownTable(setting, { places, answers: answer.answers });
  if (table.kind === 'problem') return silent(`its answer ${placeText(table.place)}: ${table.problem}`);
  return { spec: { general, strategy: 'table', acts: table.acts } };
}

function placeText(place: OwnPlace | undefined): string {
  if (place === undefined) return 'at the start';
  const { phase, to, path, loyalVote = 'nothing' } = place;
  return `in phase ${phase} for ${to}, ${path.join(' > ')}, loyal ${loyalVote}`;
}
