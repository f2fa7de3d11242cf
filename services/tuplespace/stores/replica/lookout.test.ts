import { ManualClock } from '../../../runtime/index.js';
import { deferred } from '../../../runtime/testing/conditions.js';
import { Lookout } from './lookout.js';

/** A lookout whose looks are answered by hand. */
function byHand() {
  const clock = new ManualClock();
  const looks: ReturnType<typeof deferred<number>>[] = [];
  const seen: (number | 'silence')[] = [];
  const lookout = new Lookout({
    clock,
    look: () => {
      const look = deferred<number>();
      looks.push(look);
      return look.promise;
    },
    onGrowth: (position) => seen.push(position),
    onSilence: () => seen.push('silence'),
  });
  lookout.start();
  return { clock, looks, seen, lookout };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('looks 400 ms after the answer to the last look, and tells what it saw', async () => {
  const { clock, looks, seen } = byHand();
  clock.advance(399);
  expect(looks).toHaveLength(0);
  clock.advance(1);
  looks[0]?.resolve(7);
  await settled();
  clock.advance(399);
  expect(looks).toHaveLength(1);
  clock.advance(1);
  looks[1]?.resolve(9);
  await settled();
  expect(seen).toEqual([7, 9]);
});

it('gives up, once, a store that has not answered for 1,300 ms', () => {
  const { clock, seen } = byHand();
  clock.advance(400);
  clock.advance(1_299);
  expect(seen).toEqual([]);
  clock.advance(1);
  clock.advance(10_000);
  expect(seen).toEqual(['silence']);
});

it('waits on while the store answers other calls, and gives up when it no longer does', () => {
  const { clock, seen, lookout } = byHand();
  clock.advance(400);
  for (let i = 0; i < 5; i++) {
    lookout.heard();
    clock.advance(1_300);
  }
  expect(seen).toEqual([]);
  clock.advance(1_300);
  expect(seen).toEqual(['silence']);
});

it('gives up a store that answers a look with an error', async () => {
  const { clock, looks, seen } = byHand();
  clock.advance(400);
  looks[0]?.reject(new Error('no'));
  await settled();
  expect(seen).toEqual(['silence']);
});

it('tells nothing once it is stopped', async () => {
  const { clock, looks, seen, lookout } = byHand();
  clock.advance(400);
  lookout.stop();
  looks[0]?.resolve(7);
  await settled();
  clock.advance(10_000);
  expect(seen).toEqual([]);
  expect(looks).toHaveLength(1);
});
