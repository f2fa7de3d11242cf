/**
 * The recipes of docs/recipes.md as the programs that they are, against a tuple space that is a process of its own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { systemClock, waitUntilServing } from '../services/runtime/index.js';
import { freePort } from '../services/tuplespace/testing/free-port.js';
import { endAll, startService } from './drivers/processes.js';

/** A recipe that runs. */
interface Program {
  readonly lines: readonly string[];
  /** Resolves when it has printed a line that matches. */
  printed(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly exited: Promise<number | null>;
}

let address: string;
const kills: (() => void)[] = [];

beforeAll(async () => {
  address = `127.0.0.1:${await freePort()}`;
  startService('tuplespace', ['tuplespace', '--address', address], { address });
  await waitUntilServing({ address }, { clock: systemClock, signal: AbortSignal.timeout(20_000) });
});
afterAll(async () => {
  for (const kill of kills) kill();
  await endAll();
});

function start(recipe: string, ...args: string[]): Program {
  const child = spawn(process.execPath, [resolve(`dist/examples/recipes/${recipe}.js`), address, ...args]);
  kills.push(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  let rest = '';
  const waiting: { pattern: RegExp; resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  const look = () => {
    for (const wait of [...waiting]) {
      const line = lines.find((each) => wait.pattern.test(each));
      if (line === undefined) continue;
      waiting.splice(waiting.indexOf(wait), 1);
      wait.resolve(line);
    }
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      look();
    });
  }
  const exited = once(child, 'close').then(() => {
    for (const { pattern, reject } of waiting) reject(new Error(`no ${pattern} in:\n${lines.join('\n')}`));
    return child.exitCode;
  });
  return {
    lines,
    printed: (pattern) =>
      new Promise((done, reject) => {
        waiting.push({ pattern, resolve: done, reject });
        look();
      }),
    kill: (signal) => child.kill(signal),
    exited,
  };
}

test('a work queue does every job once, also that of a worker which dies', async () => {
  await expect(start('work-queue', 'produce', '8').exited).resolves.toBe(0);
  const doomed = start('work-queue', 'work', 'crash');
  await expect(doomed.exited).resolves.toBeNull();
  const workers = [start('work-queue', 'work'), start('work-queue', 'work')];
  await expect(Promise.all(workers.map(({ exited }) => exited))).resolves.toEqual([0, 0]);
  const done = [doomed, ...workers].flatMap(({ lines }) => lines.filter((line) => line.startsWith('done: ')));
  expect(done.sort()).toEqual(Array.from({ length: 8 }, (_, i) => `done: paint wall ${i}`));
  expect(workers[0]?.lines.at(-1)).toBe('no more jobs; 8 are done');
});

test('a lock has one holder at a time, and outlives one that dies', async () => {
  const hanging = start('lock', 'berta', '1', 'hang');
  await hanging.printed(/berta has the lock/);
  const others = [start('lock', 'anna', '3'), start('lock', 'carla', '3')];
  hanging.kill('SIGKILL');
  await expect(Promise.all(others.map(({ exited }) => exited))).resolves.toEqual([0, 0]);
  const fences = others.flatMap(({ lines }) => lines.map((line) => Number(/fence (\d+)$/.exec(line)?.[1])));
  expect(new Set(fences).size).toBe(6);
});

test('a barrier opens when all have come, and not before', async () => {
  const first = [start('barrier', 'anna', '3'), start('barrier', 'berta', '3')];
  await Promise.all(first.map((party) => party.printed(/waits/)));
  expect(first.flatMap(({ lines }) => lines).some((line) => line.includes('goes on'))).toBe(false);
  const all = [...first, start('barrier', 'carla', '3')];
  await Promise.all(all.map((party) => party.printed(/goes on/)));
  await expect(Promise.all(all.map(({ exited }) => exited))).resolves.toEqual([0, 0, 0]);
});

test('a quorum waits for n - f votes, and counts one of each voter', async () => {
  const counter = start('quorum', 'count', '4', '1');
  await expect(start('quorum', 'vote', 'anna', 'yes').exited).resolves.toBe(0);
  await expect(start('quorum', 'vote', 'anna', 'yes').exited).resolves.toBe(0);
  await expect(start('quorum', 'vote', 'anna', 'no').exited).resolves.toBe(1);
  await expect(start('quorum', 'vote', 'berta', 'no').exited).resolves.toBe(0);
  expect(counter.lines).toEqual([]);
  await expect(start('quorum', 'vote', 'carla', 'yes').exited).resolves.toBe(0);
  await counter.printed(/2 of 3 said yes/);
  await expect(counter.exited).resolves.toBe(0);
});

test('a leader that dies is followed by another, in a later term', async () => {
  const anna = start('leader-election', 'anna');
  const before = await anna.printed(/leads in term/);
  const berta = start('leader-election', 'berta');
  await berta.printed(/berta follows anna/);
  anna.kill('SIGKILL');
  const after = await berta.printed(/berta leads in term/);
  const termOf = (line: string) => Number(/term (\d+)$/.exec(line)?.[1]);
  expect(termOf(after)).toBeGreaterThan(termOf(before));
  berta.kill('SIGTERM');
  await expect(berta.exited).resolves.toBe(0);
});
