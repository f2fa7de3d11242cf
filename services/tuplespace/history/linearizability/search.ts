/**
 * Is there an order of these calls, each taking its effect at one moment between its invocation and its answer, in which a sequential
 * object gives the answers that were given? Wing and Gong, "Testing and Verifying Concurrent Objects" (1993), with the cache of visited
 * configurations of Lowe, "Testing for Linearizability" (2017), section 4, as in Porcupine (Athalye). NP-complete in general, so the work is bounded.
 */

/** A sequential object. States are immutable. */
export interface Model<State, Call> {
  readonly initial: State;
  /** The state after the call, or undefined where the object could not have answered so. */
  step(state: State, call: Call): State | undefined;
  /** Equal for equal states only. */
  keyOf(state: State): string;
}

export interface TimedCall<Call> {
  readonly call: Call;
  readonly invokedMs: number;
  /** Infinite for a call without an answer: it takes its effect at any time after its invocation, or never. */
  readonly endedMs: number;
}

export type SearchResult =
  | { readonly kind: 'linearizable'; readonly stepCount: number }
  /** `stuckAt`: index of the call that no order reaches; the longest order reaches all calls that ended before it. */
  | { readonly kind: 'illegal'; readonly stuckAt: number; readonly stepCount: number }
  /** The bound was reached before there was an answer. */
  | { readonly kind: 'unknown'; readonly stepCount: number };

/** Steps of the model are the unit of work; memory grows with them. */
export function linearize<State, Call>(
  calls: readonly TimedCall<Call>[],
  model: Model<State, Call>,
  { stepsMax }: { stepsMax: number },
): SearchResult {
  return new Search(calls, model, stepsMax).run();
}

/** An invocation or an answer, in a list by time from which calls are lifted once they have their place in the order. */
interface Entry {
  readonly index: number;
  readonly atMs: number;
  readonly isAnswer: boolean;
  answer: Entry | undefined;
  before: Entry | undefined;
  after: Entry | undefined;
}

/** A call that has its place. */
interface Placed<State> {
  readonly entry: Entry;
  /** Its place among the calls without an answer; -1 for one with an answer. */
  readonly spare: number;
  /** The state before it. */
  readonly before: State;
}

class Search<State, Call> {
  readonly #calls: readonly TimedCall<Call>[];
  readonly #model: Model<State, Call>;
  readonly #stepsMax: number;
  readonly #head: Entry;
  /**
   * Calls without an answer, by their invocation. They are tried only where no other call goes on: most of them had no effect, or one that
   * the next answers show.
   */
  readonly #spares: readonly Entry[];
  readonly #done: Uint32Array;
  readonly #visited = new Set<string>();
  readonly #order: Placed<State>[] = [];
  #unanswered: number;
  #stepCount = 0;
  #deepest = -1;
  #stuckAt = 0;

  constructor(calls: readonly TimedCall<Call>[], model: Model<State, Call>, stepsMax: number) {
    this.#calls = calls;
    this.#model = model;
    this.#stepsMax = stepsMax;
    this.#done = new Uint32Array(Math.ceil(calls.length / 32));
    this.#unanswered = calls.filter(({ endedMs }) => Number.isFinite(endedMs)).length;
    this.#head = chain(calls);
    this.#spares = calls
      .flatMap(({ endedMs, invokedMs }, index) =>
        Number.isFinite(endedMs) ? [] : [entryOf(index, invokedMs)],
      )
      .sort((left, right) => left.atMs - right.atMs);
  }

  run(): SearchResult {
    let state = this.#model.initial;
    let entry = this.#head.after;
    let spare = 0;
    while (this.#unanswered > 0 && entry !== undefined) {
      if (this.#stepCount >= this.#stepsMax) return { kind: 'unknown', stepCount: this.#stepCount };
      const candidate: Entry | undefined = entry.isAnswer ? this.#spares[spare] : entry;
      const isOpen = candidate !== undefined && candidate.atMs <= entry.atMs;
      const next = isOpen ? this.#tried(candidate, state) : undefined;
      if (candidate !== undefined && next !== undefined) {
        this.#order.push({ entry: candidate, spare: entry.isAnswer ? spare : -1, before: state });
        state = next;
        entry = this.#head.after;
        spare = 0;
      } else if (!entry.isAnswer) entry = entry.after;
      else if (isOpen) spare += 1;
      else {
        // The call of this answer found no place before it: take back the last one and try another.
        const last = this.#takeBack(entry);
        if (last === undefined)
          return { kind: 'illegal', stuckAt: this.#stuckAt, stepCount: this.#stepCount };
        state = last.before;
        spare = last.spare + 1;
        entry = last.spare < 0 ? last.entry.after : this.#firstAnswer();
      }
    }
    return { kind: 'linearizable', stepCount: this.#stepCount };
  }

  /** The state with this call next in the order; undefined where that is impossible, or led nowhere before. */
  #tried(entry: Entry, state: State): State | undefined {
    if (this.#isDone(entry.index)) return undefined;
    this.#stepCount += 1;
    const { call } = this.#calls[entry.index] as TimedCall<Call>;
    const next = this.#model.step(state, call);
    // A call without an answer and without an effect is as good as one that never was.
    if (next === undefined || (next === state && entry.answer === undefined)) return undefined;
    this.#lift(entry);
    const configuration = `${this.#done.join('.')} ${this.#model.keyOf(next)}`;
    if (!this.#visited.has(configuration)) {
      this.#visited.add(configuration);
      return next;
    }
    this.#putBack(entry);
    return undefined;
  }

  #takeBack(stuckAt: Entry): Placed<State> | undefined {
    if (this.#order.length > this.#deepest) {
      this.#deepest = this.#order.length;
      this.#stuckAt = stuckAt.index;
    }
    const last = this.#order.pop();
    if (last !== undefined) this.#putBack(last.entry);
    return last;
  }

  #firstAnswer(): Entry | undefined {
    let entry = this.#head.after;
    while (entry !== undefined && !entry.isAnswer) entry = entry.after;
    return entry;
  }

  #lift(entry: Entry): void {
    this.#flip(entry.index);
    if (entry.answer === undefined) return;
    unlink(entry);
    unlink(entry.answer);
    this.#unanswered -= 1;
  }

  #putBack(entry: Entry): void {
    this.#flip(entry.index);
    if (entry.answer === undefined) return;
    relink(entry.answer);
    relink(entry);
    this.#unanswered += 1;
  }

  #isDone(index: number): boolean {
    return ((this.#done[index >> 5] ?? 0) & (1 << (index & 31))) !== 0;
  }

  #flip(index: number): void {
    const word = index >> 5;
    this.#done[word] = (this.#done[word] ?? 0) ^ (1 << (index & 31));
  }
}

/** The head of a list of the answered calls by time; an answer at the time of an invocation comes after it: the two may overlap. */
function chain<Call>(calls: readonly TimedCall<Call>[]): Entry {
  const entries = calls.flatMap(({ invokedMs, endedMs }, index) => {
    if (!Number.isFinite(endedMs)) return [];
    const invocation = entryOf(index, invokedMs);
    invocation.answer = entryOf(index, endedMs, true);
    return [invocation, invocation.answer];
  });
  entries.sort((left, right) => left.atMs - right.atMs || Number(left.isAnswer) - Number(right.isAnswer));
  const head = entryOf(-1, Number.NEGATIVE_INFINITY);
  let last = head;
  for (const entry of entries) {
    last.after = entry;
    entry.before = last;
    last = entry;
  }
  return head;
}

function entryOf(index: number, atMs: number, isAnswer = false): Entry {
  return { index, atMs, isAnswer, answer: undefined, before: undefined, after: undefined };
}

/** Keeps its own links, so that `relink`, in the reverse order, puts it back. */
function unlink({ before, after }: Entry): void {
  if (before !== undefined) before.after = after;
  if (after !== undefined) after.before = before;
}

function relink(entry: Entry): void {
  const { before, after } = entry;
  if (before !== undefined) before.after = entry;
  if (after !== undefined) after.before = entry;
}
