import { ManualClock, ServiceError } from '../runtime/index.js';
import { until } from '../runtime/testing/conditions.js';
import { retrying } from './retry.js';

const policy = { attemptsMax: 3, firstPauseMs: 100, pauseMsMax: 150 };

function setUp(outcomes: (() => string)[]) {
  const clock = new ManualClock();
  const controller = new AbortController();
  let count = 0;
  const attempt = async (): Promise<string> => (outcomes[count++] ?? (() => 'too many'))();
  const result = retrying(attempt, { policy, clock, signal: controller.signal });
  result.catch(() => {});
  const pausePassed = async (ms: number): Promise<void> => {
    await until('a pause', () => clock.timerCount === 1);
    clock.advance(ms);
  };
  return { result, controller, pausePassed, attempts: () => count };
}

function fails(code: 'unavailable' | 'aborted'): () => string {
  return () => {
    throw new ServiceError(code, 'no');
  };
}

test('a call that fails with unavailable is made again', async () => {
  const { result, pausePassed } = setUp([fails('unavailable'), fails('unavailable'), () => 'done']);
  await pausePassed(100);
  await pausePassed(150);
  expect(await result).toBe('done');
});

test('after the last attempt the error stands', async () => {
  const { result, pausePassed, attempts } = setUp(Array(4).fill(fails('unavailable')));
  await pausePassed(100);
  await pausePassed(150);
  await expect(result).rejects.toMatchObject({ code: 'unavailable' });
  expect(attempts()).toBe(3);
});

test('other errors stand at once', async () => {
  const { result, attempts } = setUp([fails('aborted')]);
  await expect(result).rejects.toMatchObject({ code: 'aborted' });
  expect(attempts()).toBe(1);
});

test('a pause ends with the signal, with its reason', async () => {
  const { result, controller } = setUp([fails('unavailable')]);
  await new Promise((resolve) => setImmediate(resolve));
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(result).rejects.toBe(reason);
});
