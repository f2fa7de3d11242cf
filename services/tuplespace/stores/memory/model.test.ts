/**
 * The store against the reference space: whatever is done to both, they answer the same and have the same
 * history. A failure prints its seed and path; give them to `fc.assert` to replay it.
 */
import * as fc from 'fast-check';
import { ManualClock } from '../../../runtime/index.js';
import type { TupleSpace, WatchFrame } from '../../space.js';
import type { Matcher, Template } from '../../template.js';
import { any, anyOf, between, exact } from '../../template.js';
import type { Tuple } from '../../tuple.js';
import { type Hold, ReferenceSpace, show } from './reference-space.suite.js';
import { MemoryStore } from './store.js';

type Operation =
  | { readonly kind: 'write'; readonly tuples: readonly Tuple[]; readonly ttlMs: number | undefined }
  | { readonly kind: 'read'; readonly templates: readonly Template[] }
  | {
      readonly kind: 'ask';
      readonly templates: readonly Template[];
      readonly max: number;
      readonly min: number;
      readonly isTake: boolean;
      readonly mayWait: boolean;
    }
  | {
      readonly kind: 'hold';
      readonly templates: readonly Template[];
      readonly max: number;
      readonly holdMs: number;
    }
  | { readonly kind: 'settle'; readonly hold: number; readonly isCommit: boolean }
  | { readonly kind: 'elapse'; readonly ms: number };

const field = fc.constantFrom<Matcher>(
  any,
  anyOf('int64'),
  exact('a'),
  exact(1n),
  between({ low: 1n }),
  exact('b'),
);
const templates = fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 2 });
const value = fc.constantFrom('a', 'b', 0n, 1n, 2n);
const count = fc.integer({ min: 1, max: 3 });
const briefMs = fc.integer({ min: 1, max: 12 });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    tuples: fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 4 }),
    ttlMs: fc.option(briefMs, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('read' as const), templates }),
  fc
    .record({
      kind: fc.constant('ask' as const),
      templates,
      max: count,
      min: count,
      isTake: fc.boolean(),
      mayWait: fc.boolean(),
    })
    .map((ask) => ({ ...ask, max: Math.max(ask.max, ask.min) })),
  fc.record({ kind: fc.constant('hold' as const), templates, max: count, holdMs: briefMs }),
  fc.record({ kind: fc.constant('settle' as const), hold: fc.nat(5), isCommit: fc.boolean() }),
  fc.record({ kind: fc.constant('elapse' as const), ms: briefMs }),
);

/** Both spaces side by side, and what each has answered so far. */
class Pair {
  readonly #clock = new ManualClock();
  readonly #store = new MemoryStore({ clock: this.#clock, version: '0.0.0' });
  readonly #space: TupleSpace = this.#store.session('');
  readonly #reference = new ReferenceSpace();
  readonly #holds: { readonly token: string | undefined; readonly reference: Hold | undefined }[] = [];
  readonly answers: string[] = [];
  readonly expected: string[] = [];

  async run(step: number, what: Operation): Promise<void> {
    await this.#do(step, what);
    await settled();
    this.expected.push(`${step}: revision ${this.#reference.revision}`);
    const { revision } = await this.#space.read({ space: 'default', templates: [[any]] });
    this.answers.push(`${step}: revision ${revision}`);
  }

  /** The histories, as far as a watch from revision 1 shows them. */
  async histories(): Promise<{ seen: string[]; expected: string[] }> {
    const seen: string[] = [];
    const expected = this.#reference.history.filter((line) => !line.startsWith('1 '));
    if (expected.length > 0) {
      const from = { revision: 1n };
      for await (const frame of this.#space.watch({ space: 'default', templates: [], from })) {
        if (frame.kind === 'progress') break;
        seen.push(...linesOf(frame));
      }
    }
    return { seen, expected };
  }

  stop(): Promise<void> {
    return this.#store.stop();
  }

  async #do(step: number, what: Operation): Promise<void> {
    const space = 'default';
    switch (what.kind) {
      case 'write':
        this.#reference.write(what.tuples, what.ttlMs);
        await this.#space.write({ space, tuples: what.tuples, ...(what.ttlMs && { ttlMs: what.ttlMs }) });
        return;
      case 'read': {
        this.expected.push(`${step}: ${this.#reference.read(what.templates).join()}`);
        const { tuples } = await this.#space.read({ space, templates: what.templates });
        this.answers.push(`${step}: ${tuples.map(show).join()}`);
        return;
      }
      case 'ask':
        return this.#ask(step, what);
      case 'hold': {
        const reference = this.#reference.hold(what.templates, what.max, what.holdMs);
        const { holdToken } = await this.#space.take({ space, ...what });
        this.#holds.push({ token: holdToken, reference });
        return;
      }
      case 'settle':
        return this.#settle(step, what);
      case 'elapse':
        this.#reference.elapse(what.ms);
        this.#clock.advance(what.ms);
    }
  }

  #ask(step: number, { isTake, mayWait, ...ask }: Extract<Operation, { kind: 'ask' }>): void {
    const answer = (found: string[]) => this.expected.push(`${step}: ${found.join()}`);
    this.#reference.ask({ ...ask, isTake, mayWait, answer });
    const request = { space: 'default', ...ask, limit: ask.max, waitMs: mayWait ? 50_000 : 0 };
    const asking = isTake ? this.#space.take(request) : this.#space.read(request);
    void asking.then(
      ({ tuples }) => this.answers.push(`${step}: ${tuples.length < ask.min ? '' : tuples.map(show).join()}`),
      () => {},
    );
  }

  async #settle(step: number, { hold, isCommit }: Extract<Operation, { kind: 'settle' }>): Promise<void> {
    const { token, reference } = this.#holds[hold] ?? {};
    if (reference === undefined) return;
    const isDone = isCommit ? this.#reference.commit(reference) : this.#reference.release(reference);
    this.expected.push(`${step}: ${isDone}`);
    const kind = isCommit ? 'commit' : 'release';
    const settling = this.#space.settle({ space: 'default', holdToken: token ?? '', action: { kind } });
    this.answers.push(
      await settling.then(
        () => `${step}: true`,
        () => `${step}: false`,
      ),
    );
  }
}

/** Lets every promise that is resolved already call its callbacks. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function linesOf(frame: WatchFrame): string[] {
  if (frame.kind !== 'events') return [];
  return frame.events.map(({ kind, tuple }) => `${frame.cursor.revision} ${kind} ${show(tuple)}`);
}

describe('the memory store and the reference space', () => {
  it('answer the same to everything, and have the same history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 40 }), async (operations) => {
        const pair = new Pair();
        try {
          for (const [step, what] of operations.entries()) await pair.run(step, what);
          expect([...pair.answers].sort()).toEqual([...pair.expected].sort());
          const { seen, expected } = await pair.histories();
          expect(seen).toEqual(expected);
        } finally {
          await pair.stop();
        }
      }),
      { numRuns: 400 },
    );
  });
});
