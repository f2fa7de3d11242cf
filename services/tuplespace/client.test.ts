import { ManualClock, ServiceError } from '../runtime/index.js';
import { until } from '../runtime/testing/conditions.js';
import type { TupleSpaceClient } from './client.js';
import { defaultLimits } from './limits.js';
import { Replicas } from './replicas.js';
import type { SpaceInfo } from './space.js';
import { any, template } from './template.js';
import { TestService } from './testing/running-service.js';
import { TcpProxy } from './testing/tcp-proxy.js';

const job = template('job', any);
const patient = { attemptsMax: 50, firstPauseMs: 5, pauseMsMax: 50 };

let service: TestService;
let proxy: TcpProxy;

beforeEach(async () => {
  service = await TestService.start();
  proxy = await TcpProxy.open(service.address);
  await service.client().putSpace({ space: 'camp', settings: {} });
});

afterEach(async () => {
  await service.stop();
  await proxy.close();
});

async function camp(): Promise<SpaceInfo> {
  const { spaces } = await service.store.session('').listSpaces({ prefix: 'camp' });
  return spaces[0] as SpaceInfo;
}

function waiters(count: number): Promise<void> {
  return until(`${count} waiters`, async () => (await camp()).waiterCount === count);
}

function failsWith(code: string) {
  return expect.objectContaining({ code });
}

describe.each(['pipe', 'unary'] as const)('over %s', (transport) => {
  test('a call whose answer was lost is repeated and has one effect', async () => {
    const client = service.client({ service: proxy.address, transport, retry: patient });
    await client.write({ space: 'camp', tuples: [['job', 0n]] });
    proxy.loseAnswers();
    const written = client.write({ space: 'camp', tuples: [['job', 1n]] });
    await until('a lost answer', () => proxy.lostCount > 0);
    proxy.pass();
    expect(await written).toEqual({ kind: 'written', ids: [2n], revision: 2n });
    expect((await camp()).tupleCount).toBe(2);
  });

  test('a take whose answer was lost gives its tuple all the same', async () => {
    const client = service.client({ service: proxy.address, transport, retry: patient });
    await client.write({
      space: 'camp',
      tuples: [
        ['job', 1n],
        ['job', 2n],
      ],
    });
    proxy.loseAnswers();
    const taken = client.take({ space: 'camp', templates: [job] });
    await until('a lost answer', () => proxy.lostCount > 0);
    proxy.pass();
    expect((await taken).tuples.map(({ values }) => values)).toEqual([['job', 1n]]);
    expect((await camp()).tupleCount).toBe(1);
  });

  test('a waiting call outlives a broken connection', async () => {
    const client = service.client({ service: proxy.address, transport, retry: patient });
    const taken = client.take({ space: 'camp', templates: [job], waitMs: 20_000 });
    await waiters(1);
    proxy.cut();
    await client.write({ space: 'camp', tuples: [['job', 1n]] });
    expect((await taken).tuples.map(({ values }) => values)).toEqual([['job', 1n]]);
  });

  test('a broken connection frees its waiters and watches', async () => {
    const client = service.client({ service: proxy.address, transport, retry: { attemptsMax: 1 } });
    const frames = client.watch({ space: 'camp', templates: [], from: { revision: 0n } });
    await frames.next();
    const taken = client.take({ space: 'camp', templates: [job], waitMs: 20_000 });
    const read = client.read({ space: 'camp', templates: [job], waitMs: 20_000 });
    const ended = Promise.allSettled([taken, read, readOn(frames)]);
    await waiters(2);
    proxy.cut();
    for (const { status, ...rest } of await ended) {
      expect({ status, ...rest }).toEqual({ status: 'rejected', reason: failsWith('unavailable') });
    }
    await waiters(0);
    await until('no watch', async () => (await camp()).watchCount === 0);
  });

  test('a call that is given up leaves no waiter, and rejects with the reason', async () => {
    const client = service.client({ transport });
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const options = { signal: controller.signal };
    const taken = client.take({ space: 'camp', templates: [job], waitMs: 20_000 }, options);
    await waiters(1);
    controller.abort(reason);
    await expect(taken).rejects.toBe(reason);
    await waiters(0);
    await expect(client.take({ space: 'camp', templates: [job] }, options)).rejects.toBe(reason);
  });

  test('a service that stops ends blocked calls with unavailable at once', async () => {
    const client = service.client({ transport, retry: { attemptsMax: 1 } });
    const taken = client.take({ space: 'camp', templates: [job], waitMs: 20_000 });
    const isRefused = expect(taken).rejects.toEqual(failsWith('unavailable'));
    await waiters(1);
    const startMs = performance.now();
    await Promise.all([service.stopService(), isRefused]);
    expect(performance.now() - startMs).toBeLessThan(1_500);
  });

  test('an error of the service is the same error here, details included', async () => {
    const client = service.client({ transport });
    const error = await client
      .read({ space: 'nowhere', templates: [job] })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceError);
    const tooLong = { space: 'camp', tuples: [Array(17).fill('field')] };
    await expect(client.write(tooLong)).rejects.toMatchObject({
      code: 'invalid_argument',
      details: { field: 'tuples[0]' },
    });
  });

  test('an answer that does not come is deadline_exceeded', async () => {
    const replicas = new Replicas(proxy.address);
    await service.client({ service: replicas }).read({ space: 'camp', templates: [job] });
    proxy.stall();
    const client = service.client({ service: replicas, transport, answerMs: 50 });
    const read = client.read({ space: 'camp', templates: [job] });
    await expect(read).rejects.toEqual(failsWith('deadline_exceeded'));
    replicas.close();
  });
});

async function readOn(frames: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of frames);
}

describe('waits', () => {
  test('a wait longer than the service grants is asked for again', async () => {
    const limited = await TestService.start({ store: { limits: { ...defaultLimits, waitMsMax: 30 } } });
    const client = limited.client();
    await client.putSpace({ space: 'camp', settings: {} });
    const startMs = performance.now();
    const taken = client.take({ space: 'camp', templates: [job], waitMs: 10_000 });
    const read = client.read({ space: 'camp', templates: [job], waitMs: 10_000 });
    await until('several pieces', () => performance.now() - startMs > 200);
    await client.write({
      space: 'camp',
      tuples: [
        ['job', 1n],
        ['job', 2n],
      ],
    });
    expect((await taken).tuples).toHaveLength(1);
    expect((await read).isSatisfied).toBe(true);
    await limited.stop();
  });

  test('a wait that ends without a match is an answer, after its time', async () => {
    const client = service.client();
    const startMs = performance.now();
    const answer = await client.take({ space: 'camp', templates: [job], waitMs: 60 });
    expect(answer.tuples).toEqual([]);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(59);
  });
});

describe('a client', () => {
  let client: TupleSpaceClient;
  beforeEach(() => {
    client = service.client();
  });

  test('sends the calls of one turn together, and each gets its own answer', async () => {
    const writes = Array.from({ length: 1_000 }, (_, i) =>
      client.write({ space: 'camp', tuples: [['job', BigInt(i)]] }),
    );
    const answers = await Promise.all(writes);
    const revisions = answers.map(({ revision }) => revision);
    expect(revisions).toEqual(Array.from({ length: 1_000 }, (_, i) => BigInt(i + 1)));
  });

  test('carries messages far larger than a batch', async () => {
    const value = 'x'.repeat(60_000);
    const tuple = ['job', value, value, value, value];
    const writes = Array.from({ length: 40 }, () => client.write({ space: 'camp', tuples: [tuple] }));
    await Promise.all(writes);
    const { tuples } = await client.read({ space: 'camp', templates: [template('job', any, any, any, any)] });
    expect(tuples.map(({ values }) => values)).toEqual(Array(40).fill(tuple));
    const frames = client.watch({ space: 'camp', templates: [], from: { revision: 0n } });
    let seenCount = 0;
    let frameCount = 0;
    for await (const frame of frames) {
      if (frame.kind !== 'snapshot') continue;
      seenCount += frame.tuples.length;
      frameCount += 1;
      if (frame.isLast) break;
    }
    expect(seenCount).toBe(40);
    expect(frameCount).toBeGreaterThan(1);
  });

  test('that is closed ends what is under way and takes no more', async () => {
    const taken = client.take({ space: 'camp', templates: [job], waitMs: 20_000 });
    const isCancelled = expect(taken).rejects.toEqual(failsWith('cancelled'));
    await waiters(1);
    await client.close();
    await isCancelled;
    await waiters(0);
    await expect(client.take({ space: 'camp', templates: [job] })).rejects.toEqual(failsWith('cancelled'));
  });

  test('gives up after its attempts when there is no service', async () => {
    const lonely = service.client({ service: '127.0.0.1:1', retry: { attemptsMax: 3, firstPauseMs: 1 } });
    await expect(lonely.getInfo()).rejects.toEqual(failsWith('unavailable'));
    await expect(lonely.read({ space: 'camp', templates: [job] })).rejects.toEqual(failsWith('unavailable'));
  });

  test('with an address that is none is refused', () => {
    expect(() => service.client({ service: 'tuplespace' })).toThrow(failsWith('invalid_argument'));
  });
});

test('without a token nobody gets in where the service asks for one', async () => {
  const strict = await TestService.start({ store: { isAnonymousAllowed: false } });
  for (const transport of ['pipe', 'unary'] as const) {
    const client = strict.client({ transport });
    await expect(client.read({ space: 'camp', templates: [job] })).rejects.toEqual(
      failsWith('unauthenticated'),
    );
    await expect(client.listSpaces({})).rejects.toEqual(failsWith('unauthenticated'));
    await expect(
      readOn(client.watch({ space: 'camp', templates: [], from: { revision: 0n } })),
    ).rejects.toEqual(failsWith('unauthenticated'));
    const { token } = await client.enrol({ kind: 'client', id: 'alice', secret: '' });
    const known = strict.client({ transport, token });
    await expect(known.putSpace({ space: `camp-${transport}`, settings: {} })).resolves.toMatchObject({
      isNew: true,
    });
  }
  await strict.stop();
});

test('nobody enrols faster than the service allows, with whichever secret, and others go on', async () => {
  const clock = new ManualClock();
  const strict = await TestService.start({
    clock,
    store: { enrolmentSecret: 'right' },
    service: { enrolmentsPerSecondMax: 3 },
  });
  try {
    const client = strict.client({ retry: { attemptsMax: 1 } });
    const enrol = (secret: string) => client.enrol({ kind: 'client', id: 'ann', secret });
    for (let i = 0; i < 3; i++)
      await expect(enrol('guess')).rejects.toMatchObject({ code: 'unauthenticated' });
    const details = { limit: 'enrolmentsPerSecondMax' };
    await expect(enrol('right')).rejects.toMatchObject({ code: 'resource_exhausted', details });
    await client.write({ space: 'default', tuples: [['a']] });
    clock.advance(1_000);
    expect((await enrol('right')).caller.id).toBe('ann');
  } finally {
    await strict.stop();
  }
});
