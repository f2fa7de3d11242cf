import { silentLog, systemClock } from '../runtime/index.js';
import { deferred, until } from '../runtime/testing/conditions.js';
import { Errand } from './errand.js';

function errand(run: () => Promise<boolean>, stop = new AbortController()) {
  return new Errand({ clock: systemClock, log: silentLog, name: 'test', run, signal: stop.signal });
}

test('calls during a run are answered by one more run, whatever their number', async () => {
  const first = deferred();
  let runCount = 0;
  const work = errand(async () => {
    runCount += 1;
    if (runCount === 1) await first.promise;
    return true;
  });
  for (let i = 0; i < 5; i += 1) work.call();
  expect(runCount).toBe(1);
  first.resolve();
  await work.ended();
  expect(runCount).toBe(2);
});

test.each([
  ['is not done', async () => false],
  ['fails', () => Promise.reject(new Error('not now'))],
])('a run that %s is repeated until it is done', async (_, wrong) => {
  let runCount = 0;
  const work = errand(async () => {
    runCount += 1;
    return runCount < 3 ? wrong() : true;
  });
  work.call();
  await work.ended();
  expect(runCount).toBe(3);
});

test('the signal ends it, also while it waits to repeat', async () => {
  const stop = new AbortController();
  let runCount = 0;
  const work = errand(async () => {
    runCount += 1;
    return false;
  }, stop);
  work.call();
  await until('the first run', () => runCount > 0);
  stop.abort();
  await work.ended();
  const countAtEnd = runCount;
  work.call();
  await work.ended();
  expect(runCount).toBe(countAtEnd);
});
