/**
 * The pipe as a foreign client sees it: grpc-js and proto-loader alone, none of our client code.
 */
import * as grpc from '@grpc/grpc-js';
import { loadContract } from '../runtime/index.js';
import { until } from '../runtime/testing/conditions.js';
import { TestService } from './testing/running-service.js';

interface Answer {
  readonly tag: number;
  readonly answer: string;
  readonly [kind: string]: unknown;
}

const { methods } = loadContract<{ Pipe: grpc.MethodDefinition<object, { answers: Answer[] }> }>({
  file: 'byzantine/v1/tuplespace.proto',
  service: 'byzantine.v1.TupleSpace',
});

/** One pipe, with what has come back on it. */
class ForeignPipe {
  readonly answers: Answer[] = [];
  /** The status that ended the pipe. */
  status: grpc.StatusObject | undefined;
  readonly #client: grpc.Client;
  readonly #stream: grpc.ClientDuplexStream<object, { answers: Answer[] }>;

  constructor(address: string) {
    this.#client = new grpc.Client(address, grpc.credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = methods.Pipe;
    this.#stream = this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    this.#stream.on('data', ({ answers }: { answers: Answer[] }) => this.answers.push(...answers));
    this.#stream.on('error', () => {});
    this.#stream.on('status', (status: grpc.StatusObject) => {
      this.status = status;
    });
  }

  send(...calls: object[]): void {
    this.#stream.write({ calls });
  }

  /** Says that no more calls come. */
  end(): void {
    this.#stream.end();
  }

  close(): void {
    this.#stream.cancel();
    this.#client.close();
  }

  async answerTo(tag: number): Promise<Answer> {
    await until(`an answer to ${tag}`, () => this.answers.some((answer) => answer.tag === tag));
    return this.answers.find((answer) => answer.tag === tag) as Answer;
  }
}

let service: TestService;
let pipe: ForeignPipe;

beforeEach(async () => {
  service = await TestService.start({ service: { pipeCallsMax: 3, messageBytesMax: 100_000 } });
  await service.client().putSpace({ space: 'camp', settings: {} });
  pipe = new ForeignPipe(service.address);
});

afterEach(async () => {
  pipe.close();
  await service.stop();
});

function write(text: string): object {
  return { space: 'camp', tuples: [{ values: [{ string: text }] }] };
}

const blockedTake = {
  space: 'camp',
  templates: [{ fields: [{ exact: { string: 'job' } }] }],
  waitMs: 20_000,
};

async function waiterCount(): Promise<number | undefined> {
  return (await service.store.session('').listSpaces({})).spaces[0]?.waiterCount;
}

test('answers come as they are ready, with the tags of their calls', async () => {
  pipe.send({ tag: 7, take: blockedTake }, { tag: 8, write: write('other') });
  expect(await pipe.answerTo(8)).toMatchObject({ answer: 'write', write: { ids: ['1'], revision: '1' } });
  expect(pipe.answers).toHaveLength(1);
  pipe.send({ tag: 9, write: write('job') });
  const { take } = await pipe.answerTo(7);
  expect(take).toMatchObject({ tuples: [{ id: '2', values: [{ string: 'job' }], writer: 'anonymous' }] });
});

test('a malformed call fails alone, with its field', async () => {
  pipe.send(
    { tag: 1, write: { space: 'camp', tuples: [{ values: [{}] }] } },
    { tag: 2 },
    { tag: 3, write: write('fine') },
  );
  const code = grpc.status.INVALID_ARGUMENT;
  expect(await pipe.answerTo(1)).toMatchObject({ error: { code, details: { field: 'tuples[0][0]' } } });
  expect(await pipe.answerTo(2)).toMatchObject({ error: { code, details: { field: 'call' } } });
  expect(await pipe.answerTo(3)).toMatchObject({ answer: 'write' });
});

test('a call that is given up answers CANCELLED and leaves no waiter; giving up an unknown one does nothing', async () => {
  pipe.send({ tag: 1, take: blockedTake });
  await until('a waiter', async () => (await waiterCount()) === 1);
  pipe.send({ tag: 2, cancel: {} }, { tag: 1, cancel: {} });
  expect(await pipe.answerTo(1)).toMatchObject({ error: { code: grpc.status.CANCELLED } });
  expect(await waiterCount()).toBe(0);
  expect(pipe.answers).toHaveLength(1);
});

test('a watch that is given up just ends', async () => {
  pipe.send({ tag: 1, watch: { space: 'camp', templates: [], from: {} } });
  await pipe.answerTo(1);
  pipe.send({ tag: 1, cancel: {} });
  await until(
    'no watch',
    async () => (await service.store.session('').listSpaces({})).spaces[0]?.watchCount === 0,
  );
  const before = pipe.answers.length;
  pipe.send({ tag: 2, write: write('x') });
  await pipe.answerTo(2);
  expect(pipe.answers.slice(before).map(({ tag }) => tag)).toEqual([2]);
});

test('one call more than a pipe may have unanswered is RESOURCE_EXHAUSTED, and the others stand', async () => {
  const take = blockedTake;
  pipe.send({ tag: 1, take }, { tag: 2, take }, { tag: 3, take });
  await until('three waiters', async () => (await waiterCount()) === 3);
  pipe.send({ tag: 4, take });
  const { error } = await pipe.answerTo(4);
  expect(error).toMatchObject({ code: grpc.status.RESOURCE_EXHAUSTED, details: { limit: 'pipeCallsMax' } });
  expect(await waiterCount()).toBe(3);
});

test('the tag of an unanswered call ends the pipe with INVALID_ARGUMENT, and its waiters with it', async () => {
  pipe.send({ tag: 1, take: blockedTake });
  await until('a waiter', async () => (await waiterCount()) === 1);
  pipe.send({ tag: 1, write: write('x') });
  await until('the end', () => pipe.status !== undefined);
  expect(pipe.status).toMatchObject({ code: grpc.status.INVALID_ARGUMENT });
  await until('no waiter', async () => (await waiterCount()) === 0);
});

test('a message over the limit ends the pipe with RESOURCE_EXHAUSTED, and the service goes on', async () => {
  pipe.send({ tag: 1, write: write('x'.repeat(100_001)) });
  await until('the end', () => pipe.status !== undefined);
  expect(pipe.status).toMatchObject({ code: grpc.status.RESOURCE_EXHAUSTED });
  await expect(service.client().getInfo()).resolves.toMatchObject({ backend: 'memory' });
});

test('a client that has no more calls still gets its answers', async () => {
  pipe.send({ tag: 1, take: blockedTake });
  pipe.end();
  await until('a waiter', async () => (await waiterCount()) === 1);
  await service.client().write({ space: 'camp', tuples: [['job']] });
  expect(await pipe.answerTo(1)).toMatchObject({ take: { tuples: [{ id: '1' }] } });
  await until('the end', () => pipe.status !== undefined);
  expect(pipe.status).toMatchObject({ code: grpc.status.OK });
});

test('a service that stops ends the pipe with UNAVAILABLE', async () => {
  pipe.send({ tag: 1, take: blockedTake });
  await until('a waiter', async () => (await waiterCount()) === 1);
  await service.stopService();
  await until('the end', () => pipe.status !== undefined);
  expect(pipe.status).toMatchObject({ code: grpc.status.UNAVAILABLE });
});
