import { ManualClock } from '../runtime/index.js';
import type { Child } from './supervisor.js';
import { Supervisor } from './supervisor.js';

const pauseMs = 10;

function open(options: { restartMax?: number; restartWindowMs?: number } = {}) {
  const clock = new ManualClock();
  const supervisor = new Supervisor({ clock, restartMax: 3, restartWindowMs: 1_000, pauseMs, ...options });
  return { clock, supervisor };
}

/** A child that fails each time until `failures` are used up; then it is done. */
function failing(name: string, failures: number) {
  const attempts: number[] = [];
  const over: boolean[] = [];
  const child: Child = {
    name,
    run: async (_, attempt) => {
      attempts.push(attempt);
      if (attempts.length <= failures) throw new Error(`failure ${attempts.length}`);
    },
    isFinal: () => false,
    onFailure: (_, isOver) => void over.push(isOver),
  };
  return { child, attempts, over };
}

/** Lets what is due run: promises first, then the pause before a restart, until nothing changes. */
async function settle(clock: ManualClock, rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i += 1) {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    clock.advance(pauseMs);
  }
}

test('a child that fails is started again, and told how often', async () => {
  const { clock, supervisor } = open();
  const { child, attempts, over } = failing('general-1', 2);
  supervisor.start(child);
  await settle(clock, 5);
  expect(attempts).toEqual([0, 1, 2]);
  expect(over).toEqual([false, false]);
  expect(supervisor.look('general-1')).toMatchObject({ status: 'done', restartCount: 2 });
});

test('a child that fails once more than the intensity allows is given up', async () => {
  const { clock, supervisor } = open({ restartMax: 2 });
  const { child, attempts, over } = failing('general-1', 100);
  supervisor.start(child);
  await settle(clock, 10);
  expect(attempts).toHaveLength(3);
  expect(over).toEqual([false, false, true]);
  expect(supervisor.look('general-1')?.status).toBe('failed');
});

test('failures outside the window do not add up', async () => {
  const { clock, supervisor } = open({ restartMax: 1, restartWindowMs: pauseMs });
  const { child, attempts } = failing('general-1', 4);
  supervisor.start(child);
  await settle(clock, 10);
  expect(attempts).toHaveLength(5);
  expect(supervisor.look('general-1')?.status).toBe('done');
});

test('a failure that a restart cannot cure is not restarted', async () => {
  const { clock, supervisor } = open();
  const { child, attempts, over } = failing('general-1', 5);
  supervisor.start({ ...child, isFinal: () => true });
  await settle(clock, 5);
  expect(attempts).toEqual([0]);
  expect(over).toEqual([true]);
});

test('the failure of one child leaves its neighbours alone', async () => {
  const { clock, supervisor } = open({ restartMax: 0 });
  let neighbourEnded = false;
  supervisor.start({
    ...failing('general-2', 0).child,
    run: (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          neighbourEnded = true;
          resolve();
        });
      }),
  });
  supervisor.start(failing('general-1', 1).child);
  await settle(clock, 5);
  expect(supervisor.look('general-1')?.status).toBe('failed');
  expect(supervisor.look('general-2')?.status).toBe('running');
  expect(neighbourEnded).toBe(false);
  await supervisor.stopAll();
  expect(neighbourEnded).toBe(true);
  expect(clock.timerCount).toBe(0);
});

test('a stopped child is not restarted and its name is free again', async () => {
  const { clock, supervisor } = open();
  const { child, attempts } = failing('general-1', 100);
  supervisor.start(child);
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  await supervisor.stop('general-1');
  await settle(clock, 5);
  expect(attempts).toEqual([0]);
  expect(supervisor.look('general-1')).toBeUndefined();
  expect(clock.timerCount).toBe(0);
});
