import { deferred } from '../../../runtime/testing/conditions.js';
import { SharedRun } from './shared-run.js';

/** A task whose runs are ended by hand. */
function byHand() {
  const runs: ReturnType<typeof deferred<void>>[] = [];
  const shared = new SharedRun(() => {
    const run = deferred<void>();
    runs.push(run);
    return run.promise;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { runs, shared, turn };
}

it('those that come while a run is under way share the next, which begins after it', async () => {
  const { runs, shared, turn } = byHand();
  const first = shared.run();
  await turn();
  const [second, third] = [shared.run(), shared.run()];
  await turn();
  expect(runs).toHaveLength(1);
  runs[0]?.resolve();
  await first;
  await turn();
  expect(runs).toHaveLength(2);
  runs[1]?.resolve();
  await Promise.all([second, third]);
});

it('a run that fails fails for those that share it, and for nobody else', async () => {
  const { runs, shared, turn } = byHand();
  const first = shared.run();
  await turn();
  const second = shared.run();
  runs[0]?.reject(new Error('no'));
  await expect(first).rejects.toThrow('no');
  await turn();
  runs[1]?.resolve();
  await second;
});
