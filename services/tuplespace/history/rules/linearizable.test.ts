/**
 * T13: windows of a history against a sequential tuple space.
 */
import { any, template } from '../../template.js';
import { Scene } from '../testing/scene.js';

const all = template('q', 'k', any);
const [one, two, three] = ['one', 'two', 'three'].map((value) => ['q', 'k', value]) as [
  string[],
  string[],
  string[],
];

/** `one`, then `two`. */
function pair(): Scene {
  return new Scene().write([0, 1], one).write([2, 3], two);
}

test('a take gets the oldest', async () => {
  expect(await pair().take([4, 5], all, [one]).rule('T13')).toMatchObject({
    verdict: 'valid',
    judgedCount: 1,
  });
  const { verdict, violations } = await pair().take([4, 5], all, [two]).rule('T13');
  expect({ verdict, last: violations[0]?.lines.at(-1) }).toEqual({ verdict: 'violated', last: 7 });
});

test('of two calls that overlap either may be first', async () => {
  const scene = (first: string[], second: string[]) =>
    pair().take([4, 9], all, [first]).take([5, 8], all, [second], { client: 'b' });
  expect((await scene(one, two).rule('T13')).verdict).toBe('valid');
  expect((await scene(two, one).rule('T13')).verdict).toBe('valid');
});

test('two readers that see two overlapping writes in two orders have no common order', async () => {
  const scene = new Scene()
    .write([0, 50], one)
    .write([0, 50], two, { client: 'b' })
    .read([10, 11], all, [one], { client: 'c', limit: 10 })
    .read([20, 21], all, [two], { client: 'd', limit: 10 });
  expect((await scene.rule('T13')).verdict).toBe('violated');
});

test('a write that was blocked needs what blocked it', async () => {
  const scene = (gone: boolean) => {
    const before = new Scene().write([0, 1], one);
    const then = gone ? before.take([2, 3], all, [one]) : before;
    return then.write([4, 5], two, { unless: all, by: one });
  };
  expect((await scene(false).rule('T13')).verdict).toBe('valid');
  expect((await scene(true).rule('T13')).verdict).toBe('violated');
});

test('a take without an answer may have taken the oldest, or nothing, but not another', async () => {
  const scene = (next: string[]) => pair().take([4], all, []).take([6, 7], all, [next], { client: 'b' });
  expect((await scene(one).rule('T13')).verdict).toBe('valid');
  expect((await scene(two).rule('T13')).verdict).toBe('valid');
  const third = pair()
    .write([3.5, 3.6], three)
    .take([4], all, [])
    .take([6, 7], all, [three], { client: 'b' });
  expect((await third.rule('T13')).verdict).toBe('violated');
});

test('calls without an answer that nobody saw anything of cost nothing', async () => {
  const scene = new Scene();
  for (let i = 0; i < 30; i += 1) scene.write([i], ['q', 'k', `unseen ${i}`], { client: `c${i}` });
  scene.write([40, 41], one).read([42, 43], all, [one], { limit: 10 });
  expect((await scene.rule('T13', { stepsMax: 10 })).verdict).toBe('valid');
  // Where the rest has no order, they are tried.
  const seen = scene.read([44, 45], all, [], { countOnly: true, count: 2 });
  expect((await seen.rule('T13')).verdict).toBe('valid');
});

test('the search gives up at its bound, and that is no pass', async () => {
  const { verdict, rules } = await pair().take([4, 5], all, [one]).report({ stepsMax: 2 });
  expect(verdict).toBe('unknown');
  expect(rules.find(({ id }) => id === 'T13')).toMatchObject({ unknownCount: 1 });
});

test('calls beyond the window are not judged, and counted', async () => {
  const scene = pair().take([4, 5], all, [two]);
  expect(await scene.rule('T13', { windowMax: 2 })).toMatchObject({
    verdict: 'valid',
    figures: { outside: 1 },
  });
});

test('a call that was under way at the end of the window may have seen what is behind it', async () => {
  const scene = new Scene()
    .take([0, 9], all, [two], { client: 'b', waitMs: 9 })
    .write([1, 2], one)
    .write([3, 4], two);
  expect((await scene.take([5, 6], all, [one]).rule('T13', { windowMax: 2 })).verdict).toBe('valid');
  expect((await scene.rule('T13')).verdict).toBe('valid');
});

test('holds, times to live and what a wide take may have changed are in no window', async () => {
  const held = pair().take([4, 5], all, [two], { holdMs: 10, token: 'h' });
  const mortal = pair().write([4, 5], three, { ttlMs: 9 });
  const wide = pair().take([4, 5], template(any, any, any), [two]);
  for (const scene of [held, mortal, wide]) {
    expect(await scene.rule('T13')).toMatchObject({ verdict: 'nothing', judgedCount: 0 });
  }
});
