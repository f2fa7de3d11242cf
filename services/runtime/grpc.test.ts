import * as grpc from '@grpc/grpc-js';
import { GrpcChannel, type GrpcServer, type Log, ServiceError, silentLog, startGrpcServer } from './index.js';
import { aborted, deferred, until } from './testing/conditions.js';
import { type EchoBehaviour, echoContract, echoService, type Text } from './testing/echo.js';

const { Say, Count, Talk } = echoContract.methods;

let server: GrpcServer;
let channel: GrpcChannel;

async function serve(
  behaviour: EchoBehaviour,
  options: { log?: Log; messageBytesMax?: number } = {},
): Promise<void> {
  const services = [echoService(behaviour)];
  server = await startGrpcServer({ address: '127.0.0.1:0', services, log: silentLog, ...options });
  channel = new GrpcChannel(server.address);
}

afterEach(async () => {
  channel.close();
  await server.stop();
});

async function collect(messages: AsyncIterable<Text>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of messages) texts.push(text);
  return texts;
}

function failsWith(code: string, message?: string) {
  return expect.objectContaining({ code, ...(message === undefined ? {} : { message }) });
}

describe('errors', () => {
  test('a service error reaches the caller with code, message and details', async () => {
    const details = { field: 'tuples[0]', note: 'ä ≥ 𝄞' };
    await serve({
      say: () => Promise.reject(new ServiceError('out_of_range', 'oldest is «5»', { details })),
    });
    const error = await channel.unary(Say, { text: '' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ code: 'out_of_range', message: 'oldest is «5»', details });
  });

  test('a bug is internal for the caller and has its stack in the log', async () => {
    const logged: unknown[] = [];
    const log = {
      ...silentLog,
      error: (event: string, fields?: object) => void logged.push({ event, ...fields }),
    };
    const bug = new TypeError('secret of the service');
    await serve({ say: () => Promise.reject(bug) }, { log });
    const error = channel.unary(Say, { text: '' });
    await expect(error).rejects.toEqual(failsWith('internal', 'internal error, see the log of the service'));
    expect(logged).toEqual([{ event: 'grpc.internal_error', path: '/test.Echo/Say', error: bug }]);
  });

  test('a message that could not be sent as it is does not harm the service', async () => {
    const messages = ['\ud800 alone', 'x'.repeat(100_000)];
    await serve({
      say: ({ text }) => Promise.reject(new ServiceError('not_found', messages[Number(text)] ?? '')),
    });
    await expect(channel.unary(Say, { text: '0' })).rejects.toEqual(failsWith('not_found', '\ufffd alone'));
    const long = await channel.unary(Say, { text: '1' }).catch((error: Error) => error.message.length);
    expect(long).toBe(2_002);
  });

  test('bytes that are no message are invalid_argument, in every direction', async () => {
    await serve({
      talk: async (requests, reply) => {
        for await (const request of requests) await reply(request);
      },
    });
    // A field of a wire type that there is not.
    const requestSerialize = (): Buffer => Buffer.from([0x0f]);
    const refused = expect.objectContaining({ code: 'invalid_argument', details: { field: 'message' } });
    const damaged = { text: '' };
    await expect(channel.unary({ ...Say, requestSerialize }, damaged)).rejects.toEqual(refused);
    await expect(channel.serverStream({ ...Count, requestSerialize }, damaged).next()).rejects.toEqual(
      refused,
    );
    const talk = channel.duplex({ ...Talk, requestSerialize });
    talk.write(damaged);
    await expect(collect(talk)).rejects.toMatchObject({ code: grpc.status.INVALID_ARGUMENT });
    await expect(channel.unary(Say, { text: 'sound' })).resolves.toEqual({ text: 'sound' });
  });

  test('a method that is not there is unimplemented', async () => {
    await serve({});
    const unknown = { ...Say, path: '/test.Echo/Shout' };
    await expect(channel.unary(unknown, { text: '' })).rejects.toEqual(failsWith('unimplemented'));
  });

  test('a message over the limit is resource_exhausted, one below it is not', async () => {
    await serve({}, { messageBytesMax: 100_000 });
    const sized = (length: number) => channel.unary(Say, { text: 'x'.repeat(length) });
    await expect(sized(100_001)).rejects.toEqual(failsWith('resource_exhausted'));
    await expect(sized(99_000)).resolves.toBeDefined();
  });

  test('nobody listening is unavailable, with what went wrong and no more', async () => {
    await serve({});
    await server.stop();
    const refused = `no connection: connect ECONNREFUSED ${channel.address}`;
    await expect(channel.unary(Say, { text: '' })).rejects.toMatchObject({
      code: 'unavailable',
      message: refused,
    });
  });
});

test('a channel that is closed takes no more calls', async () => {
  await serve({});
  channel.close();
  await expect(channel.unary(Say, { text: '' })).rejects.toEqual(failsWith('cancelled'));
  await expect(channel.serverStream(Count, { text: '' }).next()).rejects.toEqual(failsWith('cancelled'));
  expect(() => channel.duplex(Talk)).toThrow(failsWith('cancelled'));
});

describe('callers', () => {
  test('a handler sees the token, and an empty one without a header', async () => {
    await serve({ say: async (_, { token }) => ({ text: `<${token}>` }) });
    await expect(channel.unary(Say, { text: '' }, { token: 'abc_-.1' })).resolves.toEqual({
      text: '<abc_-.1>',
    });
    await expect(channel.unary(Say, { text: '' })).resolves.toEqual({ text: '<>' });
  });

  test('a token that no header can carry is refused before it is sent', async () => {
    await serve({});
    const refused = expect.objectContaining({ code: 'invalid_argument', details: { field: 'token' } });
    for (const token of ['two words', 'line\n', 'ümlaut']) {
      await expect(channel.unary(Say, { text: '' }, { token })).rejects.toEqual(refused);
    }
  });

  test('an authorization that is no bearer token is unauthenticated', async () => {
    await serve({});
    const client = new grpc.Client(server.address, grpc.credentials.createInsecure());
    const metadata = new grpc.Metadata();
    metadata.set('authorization', 'Basic abc');
    const code = await new Promise((resolve) => {
      const answer = (error: grpc.ServiceError | null) => resolve(error?.code);
      client.makeUnaryRequest(
        Say.path,
        Say.requestSerialize,
        Say.responseDeserialize,
        { text: '' },
        metadata,
        answer,
      );
    });
    client.close();
    expect(code).toBe(grpc.status.UNAUTHENTICATED);
  });

  test('a caller that gives up rejects with its reason, and the handler is told', async () => {
    const told = deferred<unknown>();
    await serve({
      say: async (_, { signal }) => {
        told.resolve(await aborted(signal));
        throw signal.reason;
      },
    });
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const answer = channel.unary(Say, { text: '' }, { signal: controller.signal });
    await channel.unary({ ...Say, path: '/test.Echo/Shout' }, { text: '' }).catch(() => {});
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(await told.promise).toMatchObject({ code: 'cancelled' });
    await expect(channel.unary(Say, { text: '' }, { signal: controller.signal })).rejects.toBe(reason);
  });

  test('a deadline ends the call on both sides', async () => {
    const told = deferred<unknown>();
    await serve({
      say: async (_, { signal }) => {
        told.resolve(await aborted(signal));
        throw signal.reason;
      },
    });
    const answer = channel.unary(Say, { text: '' }, { deadlineMs: 50 });
    await expect(answer).rejects.toEqual(failsWith('deadline_exceeded'));
    // Its own deadline and the caller's cancellation race to it.
    expect(await told.promise).toMatchObject({
      code: expect.stringMatching(/^(deadline_exceeded|cancelled)$/),
    });
  });
});

describe('streams', () => {
  test('messages arrive in order, then the error that ended them', async () => {
    await serve({
      count: async function* () {
        for (let i = 0; i < 100; i++) yield { text: String(i) };
        throw new ServiceError('out_of_range', 'that was all');
      },
    });
    const texts: string[] = [];
    const read = async () => {
      for await (const { text } of channel.serverStream(Count, { text: '' })) texts.push(text);
    };
    await expect(read()).rejects.toEqual(failsWith('out_of_range', 'that was all'));
    expect(texts).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
  });

  test('a consumer that stops early ends the handler', async () => {
    const isOver = deferred();
    await serve({
      count: async function* (_, { signal }) {
        try {
          for (let i = 0; ; i++) {
            if (i > 0) await aborted(signal);
            if (signal.aborted) throw signal.reason;
            yield { text: String(i) };
          }
        } finally {
          isOver.resolve();
        }
      },
    });
    for await (const { text } of channel.serverStream(Count, { text: '' })) {
      expect(text).toBe('0');
      break;
    }
    await isOver.promise;
  });

  test('a slow reader slows the handler down', async () => {
    let sentCount = 0;
    const large = 'x'.repeat(64 * 1024);
    await serve({
      count: async function* () {
        for (; sentCount < 1_000; sentCount++) yield { text: large };
      },
    });
    const messages = channel.serverStream(Count, { text: '' });
    await messages.next();
    await until('the handler to come to rest', async () => {
      const before = sentCount;
      // To be at rest is no event: what nothing holds back goes on between two looks.
      await new Promise((resolve) => setTimeout(resolve, 50));
      return sentCount === before;
    });
    expect(sentCount).toBeLessThan(500);
    expect(await collect(messages)).toHaveLength(999);
  });

  test('a stream in both directions ends when its handler does', async () => {
    await serve({
      talk: async (requests, reply) => {
        for await (const { text } of requests) await reply({ text: text.toUpperCase() });
        await reply({ text: 'bye' });
      },
    });
    const stream = channel.duplex(Talk);
    for (const text of ['a', 'b', 'c']) stream.write({ text });
    stream.end();
    expect(await collect(stream)).toEqual(['A', 'B', 'C', 'bye']);
  });
});

describe('stopping', () => {
  test('blocked calls of all directions end with unavailable, long before the grace', async () => {
    await serve({
      say: async (_, { signal }) => Promise.reject(await aborted(signal)),
      count: async function* (_, { signal }) {
        yield { text: 'started' };
        throw await aborted(signal);
      },
      talk: async (requests) => {
        for await (const _ of requests);
      },
    });
    const say = channel.unary(Say, { text: '' });
    const count = collect(channel.serverStream(Count, { text: '' }));
    const talk = channel.duplex(Talk);
    const talked = deferred<unknown>();
    talk.on('error', talked.resolve);
    await new Promise((resolve) => talk.once('metadata', resolve));
    talk.resume();
    const startMs = performance.now();
    const [said, counted, , talkError] = await Promise.allSettled([
      say,
      count,
      server.stop(),
      talked.promise,
    ]);
    expect(said).toEqual({ status: 'rejected', reason: failsWith('unavailable') });
    expect(counted).toEqual({ status: 'rejected', reason: failsWith('unavailable') });
    expect(talkError).toMatchObject({ value: { code: grpc.status.UNAVAILABLE } });
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });

  test('a handler that does not listen is cut off after the grace', async () => {
    const started = deferred();
    await serve({
      say: () => {
        started.resolve();
        return new Promise(() => {});
      },
    });
    const isCut = expect(channel.unary(Say, { text: '' })).rejects.toEqual(failsWith('unavailable'));
    await started.promise;
    await Promise.all([server.stop({ graceMs: 30 }), isCut]);
  });

  test('stopping twice is stopping once', async () => {
    await serve({});
    expect(server.stop()).toBe(server.stop());
  });
});
