/**
 * What a recorder writes of a right space is a valid history.
 */
import { ManualClock, ServiceError } from '../../runtime/index.js';
import { MemoryStore } from '../stores/memory/index.js';
import { any, template } from '../template.js';
import { checkHistory } from './check.js';
import { defaultTolerances, historySchema } from './history.js';
import { readHistory } from './reader.js';
import { HistoryRecorder } from './recorder.js';

function recorder(clock: ManualClock) {
  const lines: string[] = [];
  const header = {
    schema: historySchema,
    backend: 'memory',
    durability: 'process',
    replicaCount: 1,
    tolerances: defaultTolerances,
    labels: { seed: '1' },
  } as const;
  return { lines, recorder: new HistoryRecorder(header, { sink: (line) => lines.push(line), clock }) };
}

test('calls, refusals and watches of a memory store make a valid history', async () => {
  const clock = new ManualClock();
  const store = new MemoryStore({ clock, version: 'test' });
  await store.start();
  const space = store.session('');
  const { lines, recorder: history } = recorder(clock);
  const client = history.client('a', space);
  const call = { space: 'default', templates: [template('q', any)] };
  const watching = new AbortController();
  const frames = space.watch({ ...call, from: { revision: 0n } }, { signal: watching.signal });
  const iterator = frames[Symbol.asyncIterator]();
  const first = await iterator.next();
  const fromRevision = first.value?.cursor.revision ?? 0n;
  const watched = client.watch({
    request: call,
    fromRevision,
    frames: { [Symbol.asyncIterator]: () => iterator },
  });

  await client.write({ space: 'default', tuples: [['q', 1n]] });
  await client.write({ space: 'default', tuples: [['q', 2n]], unless: template('q', any) });
  await client.read({ ...call, limit: 10 });
  const { holdToken = '' } = await client.take({ ...call, holdMs: 1_000 });
  clock.advance(10);
  await client.settle({ space: 'default', holdToken, action: { kind: 'commit', tuples: [['q', 3n]] } });
  await expect(
    client.settle({ space: 'default', holdToken, action: { kind: 'release' } }),
  ).rejects.toBeInstanceOf(ServiceError);
  history.mark('drain');
  await client.take({ ...call, max: 10 });
  watching.abort();
  await watched.catch(() => {});
  await store.stop();

  const report = checkHistory(await readHistory(lines));
  expect(report.rules.filter(({ violations }) => violations.length > 0)).toEqual([]);
  expect(report.verdict).toBe('valid');
  expect(report.figures).toMatchObject({ operationCount: 7, okCount: 6, failCount: 1, acknowledgedCount: 2 });
});

test('what may have happened is unknown, what was refused has failed', async () => {
  const clock = new ManualClock();
  const { lines, recorder: history } = recorder(clock);
  const store = new MemoryStore({ clock, version: 'test' });
  await store.start();
  const space = store.session('');
  await store.stop();
  const client = history.client('a', space);
  await expect(client.write({ space: 'default', tuples: [['q']] })).rejects.toMatchObject({
    code: 'unavailable',
  });
  await expect(client.write({ space: 'default', tuples: [] })).rejects.toMatchObject({});
  const { operations } = await readHistory(lines);
  expect(operations[0]?.outcome).toEqual({ kind: 'unknown' });
});
