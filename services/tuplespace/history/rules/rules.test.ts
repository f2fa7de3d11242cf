/**
 * Each rule lets a right history pass and catches the smallest wrong one, with its witness.
 */
import { any, template } from '../../template.js';
import { defaultTolerances } from '../history.js';
import { Scene } from '../testing/scene.js';

const all = template('q', any);
const one = ['q', 'one'];
const two = ['q', 'two'];

/** Writes `one` from 0 to 1. */
function written(header?: ConstructorParameters<typeof Scene>[0]): Scene {
  return new Scene(header).write([0, 1], one);
}

describe('T1 no loss', () => {
  test('what was acknowledged and is left at the end is not lost', async () => {
    expect(await written().drain(10, all, [one]).rule('T1')).toMatchObject({
      verdict: 'valid',
      judgedCount: 1,
    });
  });

  test('what was acknowledged and is nowhere is lost', async () => {
    const { verdict, violations } = await written().drain(10, all, []).rule('T1');
    expect({ verdict, lines: violations[0]?.lines }).toEqual({ verdict: 'violated', lines: [2, 3] });
  });

  test('a take without an answer explains one missing tuple, and no second', async () => {
    const scene = () => written().write([2, 3], two).take([4], all, []);
    expect((await scene().drain(10, all, [two]).rule('T1')).verdict).toBe('valid');
    expect((await scene().drain(10, all, []).rule('T1')).violations).toHaveLength(1);
  });

  test('without a drain nobody knows', async () => {
    expect((await written().rule('T1')).verdict).toBe('unknown');
  });

  test('a space that promised no more than its process may lose what it had', async () => {
    const promised = { backend: 'memory', durability: 'process' } as const;
    const scene = (header: object) => written(header).mark(5, 'space-lost').drain(10, all, []);
    expect((await scene(promised).rule('T1')).verdict).toBe('nothing');
    expect((await scene({}).rule('T1')).verdict).toBe('violated');
  });

  test('a write without an answer owes nothing', async () => {
    expect((await new Scene().write([0], one).drain(10, all, []).rule('T1')).verdict).toBe('nothing');
  });
});

describe('T2 at most once', () => {
  test('one take is right', async () => {
    expect((await written().take([2, 3], all, [one]).rule('T2')).verdict).toBe('valid');
  });

  test('two takes of one tuple are not', async () => {
    const scene = written().take([2, 3], all, [one]).take([2, 4], all, [one], { client: 'b' });
    const { verdict, violations } = await scene.rule('T2');
    expect({ verdict, lines: violations[0]?.lines }).toEqual({ verdict: 'violated', lines: [2, 6, 7] });
  });

  test('nor is a take beside a committed hold', async () => {
    const scene = written()
      .take([2, 3], all, [one], { holdMs: 100, token: 'h' })
      .settle([4, 5], 'h', 'commit')
      .take([6, 7], all, [one]);
    expect((await scene.rule('T2')).violations).toHaveLength(1);
  });
});

describe('T3 no phantom', () => {
  test('what was tried may be seen, even without an answer', async () => {
    expect((await new Scene().write([0], one).read([2, 3], all, [one]).rule('T3')).verdict).toBe('valid');
  });

  test.each([
    ['nobody tried to write', new Scene().read([2, 3], all, [one])],
    ['was written only later', new Scene().read([0, 1], all, [one]).write([2, 3], one)],
    ['was refused', new Scene().write([0, 1], one, { fail: 'resource_exhausted' }).read([2, 3], all, [one])],
    ['was blocked', new Scene().write([0, 1], one, { unless: all, by: two }).read([2, 3], all, [one])],
  ])('what %s may not', async (_, scene) => {
    expect((await scene.rule('T3')).verdict).toBe('violated');
  });
});

describe('T4 fresh read', () => {
  test('a read that overlaps the write may miss it', async () => {
    expect((await written().read([0.5, 3], all, [], { limit: 10 }).rule('T4')).verdict).toBe('valid');
  });

  test('a read after the acknowledgement may not', async () => {
    const { violations } = await written().read([2, 3], all, []).rule('T4');
    expect(violations[0]?.lines).toEqual([3, 4, 5]);
  });

  test('unless somebody may have taken it', async () => {
    expect((await written().take([2], all, []).read([3, 4], all, []).rule('T4')).verdict).toBe('valid');
    expect((await written().take([2, 9], all, [one]).read([3, 4], all, []).rule('T4')).verdict).toBe('valid');
  });

  test('a full page may leave tuples out, a short one may not', async () => {
    const scene = (limit: number) => written().write([2, 3], two).read([4, 5], all, [one], { limit });
    expect((await scene(1).rule('T4')).verdict).toBe('valid');
    expect((await scene(2).rule('T4')).verdict).toBe('violated');
  });

  test('a count is no lower than what stands there', async () => {
    const scene = (count: number) => written().read([2, 3], all, [], { countOnly: true, count });
    expect((await scene(1).rule('T4')).verdict).toBe('valid');
    expect((await scene(0).rule('T4')).verdict).toBe('violated');
  });

  test('a take that finds nothing is stale too', async () => {
    expect((await written().take([2, 3], all, []).rule('T4')).verdict).toBe('violated');
  });

  test('revisions never run back', async () => {
    const scene = (revision: bigint) =>
      new Scene().write([0, 1], one, { revision: 5n }).read([2, 3], all, [one], { revision });
    expect((await scene(5n).rule('T4')).verdict).toBe('valid');
    expect((await scene(4n).rule('T4')).verdict).toBe('violated');
  });
});

describe('T5 no return from the dead', () => {
  const taken = () => written().take([2, 3], all, [one]);
  test('who began before the answer may still see it', async () => {
    expect((await taken().read([2.5, 4], all, [one]).rule('T5')).verdict).toBe('valid');
  });

  test('who began after it may not', async () => {
    expect((await taken().read([4, 5], all, [one]).rule('T5')).violations[0]?.lines).toEqual([5, 6, 7]);
  });
});

describe('T6 hold exclusive', () => {
  const held = () => written().take([2, 3], all, [one], { holdMs: 1_000, token: 'h' });
  test('after the release another may hold it, with a higher delivery count', async () => {
    const scene = held()
      .settle([4, 5], 'h', 'release')
      .take([6, 7], all, [one], { holdMs: 50, token: 'i', deliveryCount: 1 });
    expect(await scene.rule('T6')).toMatchObject({ verdict: 'valid', judgedCount: 2 });
  });

  test('while it is held nobody is granted or shown it', async () => {
    const second = { holdMs: 50, token: 'i', deliveryCount: 1, client: 'b' };
    expect((await held().take([6, 7], all, [one], second).rule('T6')).violations[0]?.lines).toEqual([
      5, 6, 7,
    ]);
    expect((await held().read([6, 7], all, [one]).rule('T6')).verdict).toBe('violated');
    expect((await held().read([6, 7], all, [one], { includeHeld: true }).rule('T6')).verdict).toBe('valid');
  });

  test('two grants have different delivery counts, however late', async () => {
    const scene = (deliveryCount: number) =>
      held().take([5_000, 5_001], all, [one], { holdMs: 50, token: 'i', deliveryCount });
    expect((await scene(1).rule('T6')).verdict).toBe('valid');
    expect((await scene(0).rule('T6')).verdict).toBe('violated');
  });
});

describe('a store whose clock was stepped', () => {
  const tolerances = { ...defaultTolerances, stepMs: 400 };
  const held = () => written({ tolerances }).take([2, 3], all, [one], { holdMs: 1_000, token: 'h' });
  const mortal = () => new Scene({ tolerances }).write([0, 1], one, { ttlMs: 1_000 });

  test('may end a hold so much earlier, and no more', async () => {
    const again = (atMs: number) =>
      held().take([atMs, atMs + 1], all, [one], { holdMs: 50, token: 'i', deliveryCount: 1, client: 'b' });
    expect((await again(602).rule('T6')).verdict).toBe('valid');
    expect((await again(600).rule('T6')).verdict).toBe('violated');
  });

  test('may end a hold so much later, and no more', async () => {
    const commit = (atMs: number) =>
      held()
        .settle([atMs, atMs + 1], 'h', 'commit')
        .drain(9_000, all, []);
    expect((await commit(3 + 1_000 + 400 + 100).rule('T7')).verdict).toBe('valid');
    expect((await commit(3 + 1_000 + 400 + 101).rule('T7')).verdict).toBe('violated');
  });

  test('may end a tuple so much earlier or later, and no more', async () => {
    const gone = (atMs: number) => mortal().read([atMs, atMs + 1], all, []);
    expect((await gone(600).rule('T4')).verdict).toBe('valid');
    expect((await gone(598).rule('T4')).verdict).toBe('violated');
    const there = (atMs: number) => mortal().read([atMs, atMs + 1], all, [one]);
    expect((await there(1 + 1_000 + 400 + 1_000).rule('T11')).verdict).toBe('valid');
    expect((await there(2 + 1_000 + 400 + 1_000).rule('T11')).verdict).toBe('violated');
  });
});

describe('T7 hold returns', () => {
  const held = () => written().take([2, 3], all, [one], { holdMs: 100, token: 'h' });
  test('a commit in time is right, one after the end is not', async () => {
    const scene = (atMs: number) =>
      held()
        .settle([atMs, atMs + 1], 'h', 'commit')
        .drain(9_000, all, []);
    expect((await scene(90).rule('T7')).verdict).toBe('valid');
    expect((await scene(3 + 100 + 101).rule('T7')).violations[0]?.what).toContain('101 ms after its end');
  });

  test('a refused late commit removes nothing', async () => {
    const scene = (left: readonly (readonly string[])[]) =>
      held().settle([500, 501], 'h', 'commit', { fail: 'failed_precondition' }).drain(9_000, all, left);
    expect((await scene([one]).rule('T7')).verdict).toBe('valid');
    expect((await scene([]).rule('T7')).verdict).toBe('violated');
  });

  test('a commit after another grant is wrong, though its time is not over', async () => {
    const scene = written()
      .take([2, 3], all, [one], { holdMs: 9_000, token: 'h' })
      .take([4, 5], all, [one], { holdMs: 9_000, token: 'i', client: 'b' })
      .settle([6, 7], 'h', 'commit')
      .drain(20_000, all, []);
    expect((await scene.rule('T7')).verdict).toBe('violated');
  });
});

describe('T8 wake-up', () => {
  const waits = (endMs: number, found: readonly (readonly string[])[]) =>
    new Scene().take([0, endMs], all, found, { client: 'b', waitMs: 5_000 }).write([10, 11], one);
  test('a wait ends within a second of the write', async () => {
    expect(await waits(1_011, [one]).rule('T8')).toMatchObject({
      verdict: 'valid',
      figures: { maxMs: 1_000 },
    });
    expect((await waits(1_012, [one]).rule('T8')).violations[0]?.lines).toEqual([2, 3, 5]);
  });

  test('a wait that ends in vain beside its tuple is a lost wake-up', async () => {
    expect((await waits(5_000, []).rule('T8')).verdict).toBe('violated');
  });

  test('waits in a fault are not judged', async () => {
    const scene = waits(1_012, [one]).mark(5, 'fault-begins').mark(6, 'fault-ends');
    expect((await scene.rule('T8')).verdict).toBe('valid');
  });
});

describe('T9 idempotent', () => {
  const requestId = { session: 's', sequence: 1 };
  test('a repeated take gives the same answer, and counts once', async () => {
    const scene = (again: readonly (readonly string[])[]) =>
      written()
        .write([0, 1], two)
        .take([2, 3], all, [one], { requestId, revision: 9n })
        .take([4, 5], all, again, { requestId, revision: 9n });
    const { rules } = await scene([one]).report();
    expect(rules.filter(({ verdict }) => verdict === 'violated')).toEqual([]);
    expect((await scene([two]).rule('T9')).violations[0]?.lines).toEqual([7, 9]);
  });

  test('a tuple with two ids was written twice', async () => {
    expect((await written().read([2, 3], all, [one], { id: 77n }).rule('T9')).verdict).toBe('violated');
  });
});

describe('T10 one winner', () => {
  const race = (second: { by?: readonly string[] }) =>
    new Scene()
      .write([0, 5], one, { unless: all })
      .write([1, 6], two, { unless: all, client: 'b', ...second });
  test('of two writes that exclude each other one is made', async () => {
    expect(await race({ by: one }).rule('T10')).toMatchObject({ verdict: 'valid', judgedCount: 2 });
    expect((await race({}).rule('T10')).violations).toHaveLength(1);
  });

  test('unless the first was taken in between', async () => {
    expect((await race({}).take([2, 3], all, [one]).rule('T10')).verdict).toBe('valid');
  });

  test('a write beside what stood there before is wrong', async () => {
    expect((await written().write([2, 3], two, { unless: all }).rule('T10')).verdict).toBe('violated');
  });
});

describe('T11 expiry', () => {
  test('a tuple may be seen until a second after its time to live', async () => {
    const scene = (atMs: number) =>
      new Scene().write([0, 1], one, { ttlMs: 100 }).read([atMs, atMs + 1], all, [one]);
    expect((await scene(1_101).rule('T11')).verdict).toBe('valid');
    expect((await scene(1_102).rule('T11')).violations[0]?.lines).toEqual([2, 4, 5]);
  });

  test('a tuple that goes before its time is missed by T4', async () => {
    const scene = (atMs: number) =>
      new Scene().write([0, 1], one, { ttlMs: 100 }).read([atMs, atMs + 1], all, []);
    expect((await scene(100).rule('T4')).verdict).toBe('valid');
    expect((await scene(98).rule('T4')).verdict).toBe('violated');
  });
});

describe('T12 isolation', () => {
  test('an answer has only what was asked for', async () => {
    expect((await written().read([2, 3], all, [one]).rule('T12')).verdict).toBe('valid');
    expect((await written().read([2, 3], template('r', any), [one]).rule('T12')).verdict).toBe('violated');
  });

  test('a tuple of another space is a leak', async () => {
    expect(
      (await written().read([2, 3], all, [one], { space: 'other' }).rule('T12')).violations[0]?.what,
    ).toContain('of the space default in the space other');
  });
});

describe('T14 watched once, in order', () => {
  const two5 = () => new Scene().write([0, 1], one, { revision: 4n }).write([2, 3], two, { revision: 5n });
  test.each([
    [
      'all in order',
      'valid',
      [
        [4n, one],
        [5n, two],
      ],
    ],
    [
      'one twice',
      'violated',
      [
        [4n, one],
        [4n, one],
        [5n, two],
      ],
    ],
    [
      'out of order',
      'violated',
      [
        [5n, two],
        [4n, one],
      ],
    ],
    ['one left out', 'violated', [[5n, two]]],
    ['none reached', 'valid', []],
  ] as const)('%s: %s', async (_, verdict, frames) => {
    const shown = frames.map(([revision, values], i) => [10 + i, revision, 'written', values] as const);
    expect((await two5().watch([0, 90], [all], shown).rule('T14')).verdict).toBe(verdict);
  });
});

describe('a space that lost its memory', () => {
  const promised = { backend: 'memory', durability: 'process' } as const;
  const requestId = { session: 's', sequence: 1 };
  const refuted = async (scene: Scene) =>
    (await scene.report()).rules.flatMap(({ id, verdict }) => (verdict === 'violated' ? id : []));

  test('may make a write that it had refused before, when it is asked again', async () => {
    const scene = (header: object) =>
      new Scene(header)
        .write([0, 1], two)
        .write([2, 3], one, { unless: all, by: two, requestId })
        .write([4, 7], one, { unless: all, requestId })
        .mark(5, 'space-lost')
        .read([8, 9], all, [one]);
    expect(await refuted(scene(promised))).toEqual([]);
    expect(await refuted(scene({}))).toContain('T3');
  });

  test('may take again for a take that it had answered', async () => {
    const scene = (lostMs: number) =>
      written(promised)
        .take([2, 3], all, [one], { requestId })
        .mark(lostMs, 'space-lost')
        .write([6, 7], two)
        .take([4, 9], all, [two], { requestId })
        .read([10, 11], all, []);
    expect(await refuted(scene(5))).toEqual([]);
    expect(await refuted(scene(1.5))).toContain('T9');
  });

  test('may have taken, before the loss, for a take that it answered after it', async () => {
    const scene = (beganMs: number) =>
      written(promised)
        .take([beganMs, 20], all, [two])
        .read([4, 5], all, [])
        .mark(10, 'space-lost')
        .write([12, 13], two);
    expect(await refuted(scene(2))).toEqual([]);
    expect(await refuted(scene(11))).toEqual(['T4']);
  });
});

test('a history without calls has nothing to judge', async () => {
  const { verdict, rules } = await new Scene().report();
  expect({ verdict, verdicts: new Set(rules.map((rule) => rule.verdict)) }).toEqual({
    verdict: 'valid',
    verdicts: new Set(['nothing']),
  });
});
