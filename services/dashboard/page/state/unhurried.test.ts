/**
 * Work that may wait, with timers that the test lets run out.
 */
import { unhurried } from './unhurried.js';

function working() {
  const due: { readonly name: string; readonly run: () => void }[] = [];
  const wait = (name: string, run: () => void) => {
    const timer = { name, run };
    due.push(timer);
    return () => void due.splice(due.indexOf(timer), 1);
  };
  let count = 0;
  const work = unhurried(
    () => {
      count += 1;
    },
    {
      everyMs: 250,
      later: (ms, run) => wait(`${ms} ms`, run),
      nextFrame: (run) => wait('frame', run),
    },
  );
  return {
    work,
    count: () => count,
    due: () => due.map(({ name }) => name),
    pass: () => due.shift()?.run(),
  };
}

test('is done once for a burst of a thousand, when its time has come', () => {
  const { work, count, due, pass } = working();
  for (let i = 0; i < 1_000; i += 1) work.ask();
  expect({ count: count(), due: due() }).toEqual({ count: 0, due: ['250 ms'] });
  pass();
  expect({ count: count(), due: due() }).toEqual({ count: 1, due: [] });
  work.ask();
  expect(due()).toEqual(['250 ms']);
});

test('comes with the frame after when it is wanted soon, instead of later and not besides', () => {
  const { work, count, due, pass } = working();
  work.ask();
  work.askSoon();
  work.ask();
  expect(due()).toEqual(['frame']);
  pass();
  expect({ count: count(), due: due() }).toEqual({ count: 1, due: [] });
});

test('is not done when it was called off', () => {
  const { work, count, due, pass } = working();
  work.ask();
  work.callOff();
  work.callOff();
  expect(due()).toEqual([]);
  pass();
  expect(count()).toBe(0);
});
