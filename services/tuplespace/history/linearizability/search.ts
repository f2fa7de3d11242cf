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
  readonly isAnswer: boolean;
  answer: Entry | undefined;
  before: Entry | undefined;
  after: Entry | undefined;
}

class Search<State, Call> {
  readonly #calls: readonly TimedCall<Call>[];
  readonly #model: Model<State, Call>;
  readonly #stepsMax: number;
  readonly #head: Entry = entryOf(-1, false);
  readonly #done: Uint32Array;
  readonly #visited = new Set<string>();
  readonly #order: { readonly entry: Entry; readonly before: State }[] = [];
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
    chain(this.#head, calls);
  }

  run(): SearchResult {
    let state = this.#model.initial;
    let entry = this.#head.after;
    while (this.#unanswered > 0 && entry !== undefined) {
      if (entry.isAnswer) {
        // Its call has not found a place before its answer: take back the last one and try another.
        if (this.#order.length > this.#deepest) {
          this.#deepest = this.#order.length;
          this.#stuckAt = entry.index;
        }
        const last = this.#order.pop();
        if (last === undefined)
          return { kind: 'illegal', stuckAt: this.#stuckAt, stepCount: this.#stepCount };
        state = last.before;
        this.#putBack(last.entry);
        entry = last.entry.after;
        continue;
      }
      if (this.#stepCount >= this.#stepsMax) return { kind: 'unknown', stepCount: this.#stepCount };
      const next = this.#tried(entry, state);
      if (next === undefined) entry = entry.after;
      else {
        this.#order.push({ entry, before: state });
        state = next;
        entry = this.#head.after;
      }
    }
    return { kind: 'linearizable', stepCount: this.#stepCount };
  }

  /** The state with this call next in the order; undefined where that is impossible, or led nowhere before. */
  #tried(entry: Entry, state: State): State | undefined {
    this.#stepCount += 1;
    const { call, endedMs } = this.#calls[entry.index] as TimedCall<Call>;
    const next = this.#model.step(state, call);
    // A call without an answer and without an effect is as good as one that never was.
    if (next === undefined || (next === state && !Number.isFinite(endedMs))) return undefined;
    this.#lift(entry);
    const configuration = `${this.#done.join('.')} ${this.#model.keyOf(next)}`;
    if (!this.#visited.has(configuration)) {
      this.#visited.add(configuration);
      return next;
    }
    this.#putBack(entry);
    return undefined;
  }

  #lift(entry: Entry): void {
    unlink(entry);
    if (entry.answer !== undefined) {
      unlink(entry.answer);
      this.#unanswered -= 1;
    }
    this.#flip(entry.index);
  }

  #putBack(entry: Entry): void {
    if (entry.answer !== undefined) {
      relink(entry.answer);
      this.#unanswered += 1;
    }
    relink(entry);
    this.#flip(entry.index);
  }

  #flip(index: number): void {
    const word = index >> 5;
    this.#done[word] = (this.#done[word] ?? 0) ^ (1 << (index & 31));
  }
}

/** The entries of the calls behind `head`, by time; an answer at the time of an invocation comes after it: the two may overlap. */
function chain<Call>(head: Entry, calls: readonly TimedCall<Call>[]): void {
  const timed = calls.flatMap(({ invokedMs, endedMs }, index) => {
    const invocation = entryOf(index, false);
    if (!Number.isFinite(endedMs)) return [{ atMs: invokedMs, entry: invocation }];
    const answer = entryOf(index, true);
    invocation.answer = answer;
    return [
      { atMs: invokedMs, entry: invocation },
      { atMs: endedMs, entry: answer },
    ];
  });
  timed.sort(
    (left, right) => left.atMs - right.atMs || Number(left.entry.isAnswer) - Number(right.entry.isAnswer),
  );
  let last = head;
  for (const { entry } of timed) {
    last.after = entry;
    entry.before = last;
    last = entry;
  }
}

function entryOf(index: number, isAnswer: boolean): Entry {
  return { index, isAnswer, answer: undefined, before: undefined, after: undefined };
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
