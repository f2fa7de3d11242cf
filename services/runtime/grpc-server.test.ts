import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath } from 'grpc-health-check';
import {
  checkHealth,
  type GrpcServer,
  silentLog,
  startGrpcServer,
  systemClock,
  waitUntilServing,
} from './index.js';
import { echoService } from './testing/echo.js';

let server: GrpcServer;

beforeEach(async () => {
  server = await startGrpcServer({ address: '127.0.0.1:0', services: [echoService({})], log: silentLog });
});

afterEach(() => server.stop());

function start(address: string): Promise<GrpcServer> {
  return startGrpcServer({ address, services: [], log: silentLog });
}

describe('listening', () => {
  test('port 0 becomes a real port in the address', () => {
    expect(server.port).toBeGreaterThan(0);
    expect(server.address).toBe(`127.0.0.1:${server.port}`);
  });

  test('a port in use is failed_precondition and says which and what to do', async () => {
    await expect(start(server.address)).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringMatching(new RegExp(`^${server.address} is in use: stop .* or choose another`)),
      details: { address: server.address },
    });
  });

  test('an address that is none is invalid_argument, one of another machine failed_precondition', async () => {
    await expect(start('7000')).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(start('192.0.2.1:0')).rejects.toMatchObject({ code: 'failed_precondition' });
  });

  test('a stopped server leaves its port to the next', async () => {
    const { address } = server;
    await server.stop();
    server = await start(address);
    expect(server.address).toBe(address);
  });
});

describe('health', () => {
  test('the process and each service serve; another service is not_found', async () => {
    const { address } = server;
    await checkHealth({ address });
    await checkHealth({ address, service: 'test.Echo' });
    await expect(checkHealth({ address, service: 'test.Other' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('nobody there is unavailable', async () => {
    await server.stop();
    await expect(checkHealth({ address: server.address })).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a watcher hears that a service is about to stop', async () => {
    const { address } = server;
    const definition = loadSync(protoPath, { enums: String })['grpc.health.v1.Health'];
    const client = new grpc.Client(address, grpc.credentials.createInsecure());
    const { Watch } = definition as unknown as { Watch: grpc.MethodDefinition<object, object> };
    const { path, requestSerialize, responseDeserialize } = Watch;
    const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {
      service: 'test.Echo',
    });
    const heard: unknown[] = [];
    stream.on('error', () => {});
    for await (const message of stream.iterator({ destroyOnReturn: false })) {
      heard.push(message);
      if (heard.length === 1) void server.stop({ graceMs: 0 });
      else break;
    }
    expect(heard).toEqual([{ status: 'SERVING' }, { status: 'NOT_SERVING' }]);
    stream.cancel();
    client.close();
  });

  test('who waits for a service is let through when it comes', async () => {
    const { address } = server;
    await server.stop();
    const waiting = waitUntilServing(
      { address },
      { clock: systemClock, everyMs: 10, signal: AbortSignal.timeout(5_000) },
    );
    server = await start(address);
    await waiting;
  });

  test('who waits for a service in vain ends with the reason of the signal', async () => {
    await server.stop();
    const reason = new Error('enough');
    const controller = new AbortController();
    const options = { clock: systemClock, everyMs: 10, signal: controller.signal };
    const waiting = waitUntilServing({ address: server.address }, options);
    setTimeout(() => controller.abort(reason), 30);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe('reflection', () => {
  interface Answer {
    readonly list_services_response?: { readonly service: readonly { readonly name: string }[] };
    readonly file_descriptor_response?: { readonly file_descriptor_proto: readonly Buffer[] };
  }

  async function reflect(question: object): Promise<Answer> {
    const file = require.resolve('@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto');
    const definition = loadSync(file, { keepCase: true })['grpc.reflection.v1.ServerReflection'];
    const { ServerReflectionInfo } = definition as unknown as {
      ServerReflectionInfo: grpc.MethodDefinition<object, Answer>;
    };
    const { path, requestSerialize, responseDeserialize } = ServerReflectionInfo;
    const client = new grpc.Client(server.address, grpc.credentials.createInsecure());
    const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    stream.write(question);
    const answer = await new Promise<Answer>((resolve, reject) =>
      stream.once('data', resolve).once('error', reject),
    );
    stream.end();
    client.close();
    return answer;
  }

  test('lists the services of the server and the health service, not those that are only defined', async () => {
    const { list_services_response: list } = await reflect({ list_services: '' });
    expect(list?.service.map(({ name }) => name).sort()).toEqual(['grpc.health.v1.Health', 'test.Echo']);
  });

  test('describes a method', async () => {
    const { file_descriptor_response: files } = await reflect({ file_containing_symbol: 'test.Echo.Say' });
    expect(files?.file_descriptor_proto.length).toBeGreaterThan(0);
  });
});
