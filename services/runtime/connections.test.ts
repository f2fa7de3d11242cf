import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { connect as connectSocket, type Socket } from 'node:net';
import * as grpc from '@grpc/grpc-js';
import { defaultConnectionLimits as defaults } from './connection-settings.js';
import { connectionKeys, createLog, type GrpcServer, startGrpcServer } from './index.js';
import { until } from './testing/conditions.js';
import { echoService } from './testing/echo.js';

let server: GrpcServer | undefined;
let lines: { event: string; [field: string]: unknown }[] = [];
const sessions: ClientHttp2Session[] = [];

afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await server?.stop({ graceMs: 0 });
  lines = [];
});

/** Whose Say waits until its caller goes, and whose Talk answers nothing. */
async function start(limits: Partial<typeof defaults>): Promise<GrpcServer> {
  const target = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const say = (request: { text: string }, { signal }: { signal: AbortSignal }) =>
    request.text === 'wait'
      ? new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      : Promise.resolve(request);
  server = await startGrpcServer({
    address: '127.0.0.1:0',
    services: [echoService({ say })],
    log: createLog({ service: 'test', level: 'warn', target }),
    connections: { ...defaults, ...limits },
  });
  return server;
}

/** A connection from an address of this machine; all of 127.0.0.0/8 is. */
function from(localAddress: string): ClientHttp2Session {
  return over(socketFrom(localAddress));
}

function socketFrom(localAddress: string): Socket {
  return connectSocket({ port: server?.port ?? 0, host: '127.0.0.1', localAddress });
}

function over(socket: Socket): ClientHttp2Session {
  const session = connect(`http://${server?.address}`, { createConnection: () => socket });
  session.on('error', () => {});
  sessions.push(session);
  return session;
}

/** Whether the service keeps it. */
function isLetIn(session: ClientHttp2Session): Promise<boolean> {
  return new Promise((resolve) => {
    session.once('remoteSettings', () => resolve(true)).once('close', () => resolve(false));
  });
}

function request(session: ClientHttp2Session, headers: Record<string, string> = {}): ClientHttp2Stream {
  const about = { ':method': 'POST', ':path': '/test.Echo/Say', te: 'trailers' };
  const stream = session.request({ ...about, 'content-type': 'application/grpc', ...headers });
  return stream.on('error', () => {}).on('data', () => {});
}

/** The gRPC status; undefined where it was cut off. */
function say(session: ClientHttp2Session, headers: Record<string, string> = {}): Promise<unknown> {
  return new Promise((resolve) => {
    const stream = request(session, headers);
    for (const event of ['response', 'trailers']) {
      stream.on(event, (got) => got['grpc-status'] !== undefined && resolve(Number(got['grpc-status'])));
    }
    stream.on('close', () => resolve(undefined));
    stream.end(Buffer.from([0, 0, 0, 0, 0]));
  });
}

/** As many calls as are asked for, each reset at once, seen by the service when the next call is answered. */
async function reset(session: ClientHttp2Session, count: number): Promise<unknown> {
  for (let i = 0; i < count; i += 1) request(session).close(constants.NGHTTP2_CANCEL);
  return say(session);
}

describe('connections', () => {
  test('an address has as many as it may, others have theirs, and one that ends makes room', async () => {
    await start({ peerMax: 2 });
    const [first, second] = [from('127.0.0.2'), from('127.0.0.2')];
    expect(await isLetIn(first)).toBe(true);
    expect(await isLetIn(second)).toBe(true);
    expect(await isLetIn(from('127.0.0.2'))).toBe(false);
    expect(await isLetIn(from('127.0.0.3'))).toBe(true);
    first.destroy();
    await until('a connection is let in again', () => isLetIn(from('127.0.0.2')));
    expect(lines[0]).toMatchObject({
      event: 'connections.refused',
      peer: '127.0.0.2',
      limit: 'peer_max',
      refused: 1,
    });
  });

  test('all addresses together have as many as they may', async () => {
    await start({ totalMax: 2 });
    expect(await isLetIn(from('127.0.0.2'))).toBe(true);
    expect(await isLetIn(from('127.0.0.3'))).toBe(true);
    expect(await isLetIn(from('127.0.0.4'))).toBe(false);
    expect(lines).toMatchObject([{ limit: 'total_max', peer: '127.0.0.4' }]);
  });

  test('refusals are logged once a second at most', async () => {
    await start({ peerMax: 1 });
    expect(await isLetIn(from('127.0.0.2'))).toBe(true);
    const refused = Array.from({ length: 20 }, () => isLetIn(from('127.0.0.2')));
    expect(await Promise.all(refused)).toEqual(refused.map(() => false));
    expect(lines.length).toBeLessThanOrEqual(2);
  });
});

describe('calls', () => {
  test('a connection is told how many may be under way', async () => {
    await start({ streamsMax: 7 });
    const session = from('127.0.0.2');
    await isLetIn(session);
    expect(session.remoteSettings.maxConcurrentStreams).toBe(7);
  });

  test('metadata up to the limit is let in, more is resource_exhausted', async () => {
    await start({ metadataBytesMax: 2_000 });
    const session = from('127.0.0.2');
    expect(await say(session, { 'x-much': 'a'.repeat(1_900) })).toBe(grpc.status.OK);
    expect(await say(session, { 'x-much': 'a'.repeat(2_100) })).toBe(grpc.status.RESOURCE_EXHAUSTED);
  });
});

describe('resets', () => {
  test('as many as allowed are borne', async () => {
    await start({ resetsPerSecondMax: 50 });
    const session = from('127.0.0.2');
    expect(await reset(session, 50)).toBe(grpc.status.OK);
    expect(lines).toEqual([]);
  });

  test('more close the connection and shut its address out for a while, and nobody else', async () => {
    await start({ resetsPerSecondMax: 50, shutOutMs: 300 });
    const [bad, neighbour, other] = [from('127.0.0.2'), from('127.0.0.2'), from('127.0.0.3')];
    expect(await say(neighbour)).toBe(grpc.status.OK);
    expect(await reset(bad, 51)).toBeUndefined();
    expect(await isLetIn(from('127.0.0.2'))).toBe(false);
    expect(await say(neighbour)).toBe(grpc.status.OK);
    expect(await say(other)).toBe(grpc.status.OK);
    expect(await isLetIn(from('127.0.0.3'))).toBe(true);
    expect(lines).toMatchObject([
      { event: 'connections.shut_out', peer: '127.0.0.2', why: 'resets', forMs: 300 },
      { event: 'connections.refused', peer: '127.0.0.2', limit: 'shut_out' },
    ]);
    await until('a connection is let in again', () => isLetIn(from('127.0.0.2')));
  });

  test('they are counted over all connections of an address', async () => {
    await start({ resetsPerSecondMax: 50 });
    expect(await reset(from('127.0.0.2'), 30)).toBe(grpc.status.OK);
    expect(await reset(from('127.0.0.2'), 30)).toBeUndefined();
  });

  test('calls without a message and calls with too much metadata count', async () => {
    await start({ resetsPerSecondMax: 2, metadataBytesMax: 1_024 });
    const session = from('127.0.0.2');
    request(session).end();
    request(session, { 'x-much': 'a'.repeat(2_000) }).end();
    expect(await say(session)).toBe(grpc.status.OK);
    request(session).end();
    expect(await say(session)).toBeUndefined();
  });

  test('many calls of methods that there are not, and no other, shut out too; a few do not', async () => {
    await start({});
    const unknown = { ':path': '/test.Echo/Nothing' };
    const [curious, bad] = [from('127.0.0.2'), from('127.0.0.3')];
    for (let i = 0; i < 20; i += 1) expect(await say(curious, unknown)).toBe(grpc.status.UNIMPLEMENTED);
    const isEnded = new Promise((resolve) => bad.once('close', resolve));
    for (let i = 0; i < 900; i += 1) request(bad, unknown).close(constants.NGHTTP2_CANCEL);
    await isEnded;
    expect(await isLetIn(from('127.0.0.3'))).toBe(false);
    expect(lines[0]).toMatchObject({ event: 'connections.shut_out', peer: '127.0.0.3', why: 'no calls' });
    expect(await say(curious)).toBe(grpc.status.OK);
  });

  test('a client that is killed with many calls that wait is no attacker', async () => {
    await start({ resetsPerSecondMax: 5 });
    const socket = socketFrom('127.0.0.2');
    const session = over(socket);
    const message = Buffer.concat([Buffer.from([0, 0, 0, 0, 6, 0x0a, 4]), Buffer.from('wait')]);
    for (let i = 0; i < 20; i += 1) request(session).end(message);
    expect(await say(session)).toBe(grpc.status.OK);
    socket.destroy();
    expect(await isLetIn(from('127.0.0.2'))).toBe(true);
    expect(lines).toEqual([]);
  });
});

test('the settings and the defaults of a server are the same', () => {
  expect(defaults).toEqual(
    Object.fromEntries(Object.entries(connectionKeys).map(([name, key]) => [name, key.default])),
  );
});
