import { type ErrorCode, ManualClock, ServiceError, silentLog } from '../runtime/index.js';
import { until } from '../runtime/testing/conditions.js';
import { patiently } from './patiently.js';

/** A call that fails so many times, and then answers. */
function failing(code: ErrorCode, times: number) {
  const calls = { count: 0 };
  const call = async (): Promise<string> => {
    calls.count += 1;
    if (calls.count <= times) throw new ServiceError(code, 'planted');
    return 'done';
  };
  return { calls, call };
}

test.each(['unavailable', 'deadline_exceeded'] as const)(
  'a call that is %s is made until it is done',
  async (code) => {
    const clock = new ManualClock();
    const { calls, call } = failing(code, 2);
    const done = patiently({ clock, log: silentLog, signal: new AbortController().signal }, call);
    for (let failed = 1; failed <= 2; failed += 1) {
      await until('a pause before the next try', () => calls.count === failed && clock.timerCount === 1);
      clock.advance(200);
    }
    await expect(done).resolves.toBe('done');
    expect(calls.count).toBe(3);
  },
);

test('what waiting does not cure is thrown at once', async () => {
  const options = { clock: new ManualClock(), log: silentLog, signal: new AbortController().signal };
  await expect(patiently(options, failing('not_found', 1).call)).rejects.toMatchObject({ code: 'not_found' });
});

test('who no longer wants it gets the failure', async () => {
  const options = { clock: new ManualClock(), log: silentLog, signal: AbortSignal.abort() };
  await expect(patiently(options, failing('unavailable', 1).call)).rejects.toMatchObject({
    code: 'unavailable',
  });
});
