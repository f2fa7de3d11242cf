/**
 * A place: one space as one caller sees it, with the words that checks need most.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type {
  CallOptions,
  Cursor,
  LeaseAnswer,
  LeaseRequest,
  ReadAnswer,
  ReadRequest,
  SettleAction,
  SettleAnswer,
  SettleRequest,
  SpaceInfo,
  TakeAnswer,
  TakeRequest,
  TupleSpace,
  WriteAnswer,
  WriteRequest,
} from '../space.js';
import type { Template } from '../template.js';
import type { StoredTuple, Tuple } from '../tuple.js';
import { Frames } from './frames.suite.js';
import { kept } from './kept.suite.js';

type Rest<Request, Given extends keyof Request> = Omit<Request, 'space' | Given>;

export class Place {
  readonly caller: TupleSpace;
  readonly space: string;
  /** How long a condition may take to come true, in ms of real time. */
  readonly #patienceMs: number;
  /** Shared by all views of the place. */
  readonly #open: Frames[];

  constructor(caller: TupleSpace, space: string, patienceMs = 10_000, open: Frames[] = []) {
    this.caller = caller;
    this.space = space;
    this.#patienceMs = patienceMs;
    this.#open = open;
  }

  /** The same space, as another caller sees it. */
  as(caller: TupleSpace): Place {
    return new Place(caller, this.space, this.#patienceMs, this.#open);
  }

  /** Writes tuples; their ids. */
  async write(...tuples: Tuple[]): Promise<readonly bigint[]> {
    const answer = await this.writeWith({ tuples });
    return answer.kind === 'written' ? answer.ids : [];
  }

  writeWith(request: Rest<WriteRequest, never>, options?: CallOptions): Promise<WriteAnswer> {
    return kept(this.caller.write({ space: this.space, ...request }, options));
  }

  read(
    template: Template | Template[],
    rest: Rest<ReadRequest, 'templates'> = {},
    options?: CallOptions,
  ): Promise<ReadAnswer> {
    return kept(this.caller.read({ space: this.space, templates: listOf(template), ...rest }, options));
  }

  take(
    template: Template | Template[],
    rest: Rest<TakeRequest, 'templates'> = {},
    options?: CallOptions,
  ): Promise<TakeAnswer> {
    return kept(this.caller.take({ space: this.space, templates: listOf(template), ...rest }, options));
  }

  settle(
    holdToken: string | undefined,
    action: SettleAction,
    rest: Rest<SettleRequest, 'holdToken' | 'action'> = {},
  ): Promise<SettleAnswer> {
    return kept(this.caller.settle({ space: this.space, holdToken: holdToken ?? '', action, ...rest }));
  }

  lease(request: Rest<LeaseRequest, never>): Promise<LeaseAnswer> {
    return kept(this.caller.lease({ space: this.space, ...request }));
  }

  /** The values of the tuples that match, held ones only if asked for. */
  async values(template: Template | Template[], includeHeld = false): Promise<Tuple[]> {
    return valuesOf(await this.read(template, { includeHeld }));
  }

  /** How many tuples match. */
  async count(template: Template, includeHeld = false): Promise<number> {
    return (await this.read(template, { countOnly: true, includeHeld })).count;
  }

  /** Begins a watch; `from` defaults to a snapshot. */
  watch(templates: Template[] = [], from: Cursor = { revision: 0n }, options?: CallOptions): Frames {
    const frames = new Frames(this.caller.watch({ space: this.space, templates, from }, options));
    this.#open.push(frames);
    return frames;
  }

  async info(): Promise<SpaceInfo> {
    const { spaces } = await this.caller.listSpaces({ prefix: this.space });
    const [info] = spaces;
    if (info === undefined) throw new Error(`${this.space} is not listed`);
    return info;
  }

  async revision(): Promise<bigint> {
    return (await this.info()).revision;
  }

  /** Waits until so many calls are blocked in the space. */
  blockedCount(count: number): Promise<void> {
    return this.until(async () => (await this.info()).waiterCount === count, `${count} blocked calls`);
  }

  /** Waits until a condition holds; throws when that takes too long. */
  async until(isMet: () => Promise<boolean>, what: string): Promise<void> {
    const deadlineMs = performance.now() + this.#patienceMs;
    while (!(await isMet())) {
      if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${what}`);
      await pause(2);
    }
  }

  /** Ends the watches that are still open. */
  async close(): Promise<void> {
    await Promise.all(this.#open.map((frames) => frames.close()));
  }
}

/** The values of an answer's tuples. */
export function valuesOf({ tuples }: { readonly tuples: readonly StoredTuple[] }): Tuple[] {
  return tuples.map(({ values }) => values);
}

function listOf(template: Template | Template[]): readonly Template[] {
  return isTemplate(template) ? [template] : template;
}

/** A template's elements are matchers, which are not lists. */
function isTemplate(template: Template | Template[]): template is Template {
  return !Array.isArray(template[0]);
}
