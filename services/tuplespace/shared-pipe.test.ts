/**
 * One pipe for many callers: each is itself, and none feels another's end.
 */
import { until } from '../runtime/testing/conditions.js';
import { connectService } from './connect.js';
import { Replicas } from './replicas.js';
import type { TupleSpace, WatchFrame } from './space.js';
import { any, template } from './template.js';
import { TestService } from './testing/running-service.js';
import { WatchInbox } from './watch-inbox.js';
import { WatchPace } from './watch-pace.js';

const jobs = template('job', any);
const everything = { space: 'default', templates: [], from: { revision: 0n } };

let service: TestService;
let replicas: Replicas;

beforeEach(async () => {
  service = await TestService.start();
  replicas = new Replicas(service.address);
});

afterEach(async () => {
  replicas.close();
  await service.stop();
});

async function counts(): Promise<{ waiterCount: number; watchCount: number }> {
  const { spaces } = await service.store.session('').listSpaces({ prefix: 'default' });
  const [found] = spaces;
  if (found === undefined) throw new Error('the default space is always there');
  return found;
}

async function tokenOf(id: string): Promise<string> {
  return (await service.store.session('').enrol({ kind: 'client', id, secret: '' })).token;
}

/** Asks for a job that nobody has; how that ends. */
function waitForJob(space: TupleSpace): Promise<string> {
  return space.take({ space: 'default', templates: [jobs], waitMs: 30_000 }).then(
    () => 'taken',
    (error: { code: string }) => error.code,
  );
}

test('clients with tokens of their own are different writers on one pipe', async () => {
  const connect = connectService(replicas);
  const [smith, baker] = [connect(await tokenOf('smith')), connect(await tokenOf('baker'))];
  await Promise.all([
    smith.space.write({ space: 'default', tuples: [['bread', 1n]] }),
    baker.space.write({ space: 'default', tuples: [['bread', 2n]] }),
  ]);
  const { tuples } = await smith.space.read({ space: 'default', templates: [template('bread', any)] });
  const writers = tuples.map(({ values, writer }) => [values[1], writer]);
  expect(new Map(writers as [bigint, string][])).toEqual(
    new Map([
      [1n, 'smith'],
      [2n, 'baker'],
    ]),
  );
  await smith.close();
  await baker.close();
});

test('a client that is closed ends its own calls and watches, and nobody else’s', async () => {
  const connect = connectService(replicas);
  const [first, second] = [connect(''), connect('')];
  const outcomes = [waitForJob(first.space), waitForJob(second.space)];
  const frames = first.space.watch(everything)[Symbol.asyncIterator]();
  await frames.next();
  await until('two takes and a watch', async () => {
    const { waiterCount, watchCount } = await counts();
    return waiterCount === 2 && watchCount === 1;
  });
  await first.close();
  expect(await outcomes[0]).toBe('cancelled');
  await until('one take is left', async () => {
    const { waiterCount, watchCount } = await counts();
    return waiterCount === 1 && watchCount === 0;
  });
  await second.space.write({ space: 'default', tuples: [['job', 1n]] });
  expect(await outcomes[1]).toBe('taken');
  await second.close();
});

test('a client that comes after the last one was closed gets a pipe again', async () => {
  const connect = connectService(replicas);
  const first = connect('');
  await first.space.getInfo();
  await first.close();
  const second = connect('');
  expect((await second.space.getInfo()).backend).toBe('memory');
  await second.close();
  await expect(second.space.getInfo()).rejects.toMatchObject({ code: 'cancelled' });
});

test('a pipe that breaks ends the watches of all its callers with unavailable', async () => {
  const connect = connectService(replicas, { retry: { attemptsMax: 1 } });
  const clients = [connect(''), connect(''), connect('')];
  const ends = clients.map(async ({ space }) => {
    for await (const _ of space.watch(everything));
  });
  const outcomes = ends.map((end) => end.catch((error: { code: string }) => error.code));
  await until('three watches', async () => (await counts()).watchCount === 3);
  await service.stopService();
  expect(await Promise.all(outcomes)).toEqual(['unavailable', 'unavailable', 'unavailable']);
  for (const client of clients) await client.close();
});

test('a watch on a pipe is ended by its signal, with the signal’s reason', async () => {
  const connection = connectService(replicas)('');
  const stop = new AbortController();
  const frames = connection.space.watch(everything, { signal: stop.signal })[Symbol.asyncIterator]();
  await frames.next();
  const reason = new Error('enough');
  stop.abort(reason);
  const drained = (async (): Promise<void> => {
    for (let next = await frames.next(); !next.done; next = await frames.next());
  })();
  await expect(drained).rejects.toBe(reason);
  await until('no watch is left', async () => (await counts()).watchCount === 0);
  await connection.close();
});

test('a watch that nobody reads is not sent without end, and loses nothing', async () => {
  const connection = connectService(replicas)('');
  const frames = connection.space.watch(everything)[Symbol.asyncIterator]();
  await frames.next();
  const writeCount = 300;
  for (let i = 0; i < writeCount; i += 1) {
    await connection.space.write({ space: 'default', tuples: [['n', BigInt(i)]] });
  }
  const seen: unknown[] = [];
  while (seen.length < writeCount) {
    const { value } = (await frames.next()) as { value: WatchFrame };
    if (value.kind === 'events') seen.push(...value.events.map(({ tuple }) => tuple.values[1]));
  }
  expect(seen).toEqual(Array.from({ length: writeCount }, (_, i) => BigInt(i)));
  await frames.return?.();
  await connection.close();
});

test('a watch may be 64 frames ahead of its reader, and goes on when some are used up', async () => {
  const pace = new WatchPace();
  for (let i = 0; i < 64; i += 1) await pace.step();
  let hasStepped = false;
  const next = pace.step().then(() => {
    hasStepped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(hasStepped).toBe(false);
  pace.used(16);
  await next;
  expect(hasStepped).toBe(true);
});

test('what came before a watch broke is still handed out, what came before it was given up is not', async () => {
  const broken = new WatchInbox();
  broken.push(Buffer.from('a'));
  broken.end(new Error('broken'));
  expect(await broken.next()).toEqual(Buffer.from('a'));
  await expect(broken.next()).rejects.toThrow('broken');
  const givenUp = new WatchInbox();
  givenUp.push(Buffer.from('a'));
  givenUp.abort(new Error('given up'));
  await expect(givenUp.next()).rejects.toThrow('given up');
});
