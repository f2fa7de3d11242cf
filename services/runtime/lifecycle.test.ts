import { EventEmitter } from 'node:events';
import { ManualClock, runUntilSignal, type Stoppable, silentLog } from './index.js';
import { deferred, until } from './testing/conditions.js';

class TestProcess extends EventEmitter {
  readonly exits: number[] = [];

  exit(code: number): void {
    this.exits.push(code);
  }

  get listenerTotal(): number {
    return this.listenerCount('SIGTERM') + this.listenerCount('SIGINT');
  }
}

const clock = new ManualClock();

function run(start: () => Promise<Stoppable>): { process: TestProcess; code: Promise<number> } {
  const process = new TestProcess();
  return { process, code: runUntilSignal({ start, log: silentLog, clock, stopMs: 4_000, process }) };
}

test.each(['SIGTERM', 'SIGINT'])('%s stops the service and ends with 0', async (signal) => {
  const stopped: string[] = [];
  const { process, code } = run(async () => ({ stop: async () => void stopped.push('stopped') }));
  process.emit(signal);
  expect(await code).toBe(0);
  expect(stopped).toEqual(['stopped']);
  expect(process.listenerTotal).toBe(0);
});

test('a signal during the start stops the service once it has started', async () => {
  const started = deferred();
  const stopped = deferred();
  const { process, code } = run(async () => {
    await started.promise;
    return { stop: async () => stopped.resolve() };
  });
  process.emit('SIGTERM');
  started.resolve();
  await stopped.promise;
  expect(await code).toBe(0);
});

test('a service that does not stop in time ends with 1', async () => {
  const isStopping = deferred();
  const { process, code } = run(async () => ({
    stop() {
      isStopping.resolve();
      return new Promise(() => {});
    },
  }));
  process.emit('SIGTERM');
  await isStopping.promise;
  await until('the time limit of the stop', () => clock.timerCount === 1);
  clock.advance(4_000);
  expect(await code).toBe(1);
});

test('a second signal ends the process at once', async () => {
  const stopping = deferred();
  const { process, code } = run(async () => ({ stop: () => stopping.promise }));
  process.emit('SIGINT');
  expect(process.exits).toEqual([]);
  process.emit('SIGINT');
  expect(process.exits).toEqual([130]);
  stopping.resolve();
  await code;
});

test('a service that cannot start is the error of its start, and no listener stays', async () => {
  const error = new Error('the port is in use');
  const { process, code } = run(() => Promise.reject(error));
  await expect(code).rejects.toBe(error);
  expect(process.listenerTotal).toBe(0);
});
