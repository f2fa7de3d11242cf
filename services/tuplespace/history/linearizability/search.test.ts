/**
 * The search against all orders, on random histories of a register, and its bound.
 */
import { linearize, type Model, type TimedCall } from './search.js';

type Call = { readonly kind: 'write' | 'read'; readonly value: number };

const register: Model<number, Call> = {
  initial: 0,
  step: (state, { kind, value }) => (kind === 'write' ? value : state === value ? state : undefined),
  keyOf: String,
};

const generous = { stepsMax: 1_000_000 };

function call(kind: Call['kind'], value: number, invokedMs: number, endedMs: number): TimedCall<Call> {
  return { call: { kind, value }, invokedMs, endedMs };
}

/** Tries every order that the times allow, and every set of calls without an answer to leave out. */
function hasOrder(calls: readonly TimedCall<Call>[], state: number): boolean {
  if (calls.every(({ endedMs }) => !Number.isFinite(endedMs))) return true;
  const firstEndMs = Math.min(...calls.map(({ endedMs }) => endedMs));
  return calls.some((candidate, i) => {
    if (candidate.invokedMs > firstEndMs) return false;
    const next = register.step(state, candidate.call);
    return next !== undefined && hasOrder(calls.toSpliced(i, 1), next);
  });
}

/** mulberry32 (Tommy Ettinger, public domain). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

test('a stale read has no place', () => {
  const calls = [call('write', 1, 0, 1), call('read', 0, 2, 3)];
  expect(linearize(calls, register, generous)).toMatchObject({ kind: 'illegal', stuckAt: 1 });
});

test('a read beside a write may see either value, and two reads in a row may not go back', () => {
  const overlapping = (first: number, second: number) => [
    call('write', 1, 0, 10),
    call('read', first, 1, 2),
    call('read', second, 3, 4),
  ];
  expect(linearize(overlapping(0, 1), register, generous).kind).toBe('linearizable');
  expect(linearize(overlapping(1, 0), register, generous).kind).toBe('illegal');
});

test('a write without an answer may take its effect late, or never', () => {
  const unanswered = call('write', 1, 0, Number.POSITIVE_INFINITY);
  const reads = (...values: number[]) =>
    values.map((value, i) => call('read', value, 10 + 2 * i, 11 + 2 * i));
  expect(linearize([unanswered, ...reads(0, 0)], register, generous).kind).toBe('linearizable');
  expect(linearize([unanswered, ...reads(0, 1)], register, generous).kind).toBe('linearizable');
  expect(linearize([unanswered, ...reads(1, 0)], register, generous).kind).toBe('illegal');
});

test('agrees with the trial of all orders on random histories', () => {
  const verdicts = new Map<string, number>();
  for (let seed = 1; seed <= 2_000; seed += 1) {
    const draw = chance(seed);
    const calls = Array.from({ length: 6 }, () => {
      const fromMs = draw(12);
      const isAnswered = draw(6) > 0;
      const kind = draw(2) === 0 ? ('write' as const) : ('read' as const);
      return call(kind, draw(3), fromMs, isAnswered ? fromMs + 1 + draw(6) : Number.POSITIVE_INFINITY);
    });
    const { kind } = linearize(calls, register, generous);
    expect({ seed, kind }).toEqual({ seed, kind: hasOrder(calls, 0) ? 'linearizable' : 'illegal' });
    verdicts.set(kind, (verdicts.get(kind) ?? 0) + 1);
  }
  // Both verdicts were put to the test.
  expect(Math.min(...verdicts.values())).toBeGreaterThan(300);
  expect(verdicts.size).toBe(2);
});

test('the bound on the work gives no verdict, on either side of it', () => {
  const calls = [call('write', 1, 0, 10), call('write', 2, 0, 10), call('read', 1, 11, 12)];
  const { kind, stepCount } = linearize(calls, register, generous);
  expect(kind).toBe('linearizable');
  expect(linearize(calls, register, { stepsMax: stepCount }).kind).toBe('linearizable');
  expect(linearize(calls, register, { stepsMax: stepCount - 1 }).kind).toBe('unknown');
});
