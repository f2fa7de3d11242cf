/**
 * Inputs that no good client sends, each with the answer that is documented for it.
 */
import { gzipSync } from 'node:zlib';
import { any, anyOf, TupleSpaceClient, template } from '../../services/tuplespace/index.js';
import { framed, openRaw, type RawCall, rawCall } from './raw-call.js';

export interface BadInput {
  readonly name: string;
  /** Any of these. */
  readonly allowed: readonly string[];
  send(address: string): Promise<string>;
}

const write = '/byzantine.v1.TupleSpace/Write';
const read = '/byzantine.v1.TupleSpace/Read';

/** gRPC statuses by number. */
const invalid = 'grpc 3';
const exhausted = 'grpc 8';
const unimplemented = 'grpc 12';
const internal = 'grpc 13';

function raw(
  name: string,
  allowed: readonly string[],
  call: () => Omit<RawCall, 'path'> & { path?: string },
) {
  return {
    name,
    allowed,
    async send(address: string) {
      const session = openRaw(address);
      try {
        return await rawCall(session, { path: write, ...call() });
      } finally {
        session.destroy();
      }
    },
  };
}

/** A call through the client, which sends what it is given; the code of the refusal. */
function called(
  name: string,
  allowed: readonly string[],
  call: (client: TupleSpaceClient) => Promise<unknown>,
  token = '',
): BadInput {
  return {
    name,
    allowed,
    async send(address) {
      const client = new TupleSpaceClient({ service: address, token, retry: { attemptsMax: 1 } });
      try {
        await call(client);
        return 'accepted';
      } catch (error) {
        return (error as { code?: string }).code ?? String(error);
      } finally {
        await client.close();
      }
    },
  };
}

const hex = (text: string): Buffer => framed(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const tuple = (...values: unknown[]) => ({ space: 'default', tuples: [values as never] });
const refused = ['invalid_argument'];

export const badInputs: readonly BadInput[] = [
  raw('9 MiB message', [exhausted], () => ({ body: framed(Buffer.alloc(9 * 1024 * 1024)) })),
  raw('length 2 GiB, 10 bytes', [exhausted], () => ({ body: framed(Buffer.alloc(10), { length: 2 ** 31 }) })),
  raw('gzip bomb of 100 MiB', [exhausted], () => ({
    body: framed(gzipSync(Buffer.alloc(100 * 1024 * 1024)), { isCompressed: true }),
    headers: { 'grpc-encoding': 'gzip' },
  })),
  raw('several messages where one belongs', [unimplemented], () => ({
    body: Buffer.concat([framed(Buffer.from('0a01', 'hex'), { length: 1 }), Buffer.alloc(40)]),
  })),
  raw('wire type 7', [invalid], () => ({ body: hex('0f 01') })),
  raw('wrong wire type of a field', [invalid], () => ({ body: hex('08 01') })),
  raw('20 kB of unknown groups', [invalid], () => ({ body: framed(Buffer.alloc(20_000, 0x7b)) })),
  raw('string cut short', [invalid], () => ({ body: hex('0a 20 61 62') })),
  raw('invalid UTF-8', [invalid], () => ({ body: hex('0a 02 c3 28') })),
  raw('varint of 11 bytes', [invalid], () => ({ body: hex('0a ff ff ff ff ff ff ff ff ff ff 01') })),
  raw('a value without a kind', [invalid], () => ({ body: hex('0a 07 64 65 66 61 75 6c 74 12 02 0a 00') })),
  raw('100 levels of lists', [invalid], () => ({ body: framed(nestedLists(100)) })),
  raw('empty message', [invalid], () => ({ body: hex('') })),
  raw('unknown method', [unimplemented], () => ({ path: '/byzantine.v1.TupleSpace/Steal', body: hex('') })),
  raw('unknown service', [unimplemented], () => ({ path: '/nobody.v1.Nothing/Do', body: hex('') })),
  raw('unknown compression', [unimplemented], () => ({
    body: framed(Buffer.alloc(3), { isCompressed: true }),
    headers: { 'grpc-encoding': 'brotli' },
  })),
  raw('JSON', ['http 415'], () => ({ body: hex('7b7d'), headers: { 'content-type': 'application/json' } })),
  raw('malformed grpc-timeout', [internal], () => ({ body: hex(''), headers: { 'grpc-timeout': 'soon' } })),
  raw('100 kB of metadata', ['reset 7', 'reset 11', 'no answer'], () => ({
    body: hex(''),
    headers: { 'x-much': 'a'.repeat(100_000) },
  })),
  raw('20 kB of metadata', [exhausted], () => ({ body: hex(''), headers: { 'x-much': 'a'.repeat(20_000) } })),
  raw('authorization that is no bearer', ['grpc 16'], () => ({
    path: read,
    body: hex('0a 07 64 65 66 61 75 6c 74'),
    headers: { authorization: 'Basic YTpi' },
  })),
  called('17 fields', refused, (client) => client.write(tuple(...Array<number>(17).fill(1)))),
  called('65 KiB of text', refused, (client) => client.write(tuple('a'.repeat(65 * 1024 + 1)))),
  called('lists 9 deep', refused, (client) => client.write(tuple(deepList(9)))),
  called('NaN', refused, (client) => client.write(tuple(Number.NaN))),
  called('time to live of 0', refused, (client) => client.write({ ...tuple('job'), ttlMs: 0 })),
  called('time to live of a year', refused, (client) => client.write({ ...tuple('job'), ttlMs: 3.2e10 })),
  called('no tuples', refused, (client) => client.write({ space: 'default', tuples: [] })),
  called('no name of a space', refused, (client) => client.write({ space: '', tuples: [['job']] })),
  called('control characters in a name', refused, (client) =>
    client.putSpace({ space: 'a\u0000b', settings: {} }),
  ),
  called('a name like __proto__', ['not_found'], (client) =>
    client.write({ space: '__proto__', tuples: [['x']] }),
  ),
  called('65 templates', refused, (client) =>
    client.read({ space: 'default', templates: Array(65).fill(template('job')) }),
  ),
  called('a search through more than may be looked at', ['resource_exhausted'], async (client) => {
    for (let i = 0; i < 3; i += 1) {
      await client.write({
        space: 'default',
        tuples: Array.from({ length: 8_000 }, (_, j) => ['heap', i, j]),
      });
    }
    await client.read({ space: 'default', templates: [template(any, any, anyOf('string'))] });
  }),
  called('a token that nobody has', ['unauthenticated'], (client) => client.write(tuple('x')), 'nobody'),
  called('another’s right', ['permission_denied'], (client) => client.readAudit({ space: 'default' })),
  called('a settle of a hold that is over', ['failed_precondition'], async (client) => {
    await client.write(tuple('held'));
    const taken = await client.take({ space: 'default', templates: [template('held')], holdMs: 10 });
    await client.take({ space: 'default', templates: [template('held')], waitMs: 5_000 });
    await client.settle({ space: 'default', holdToken: taken.holdToken ?? '', action: { kind: 'release' } });
  }),
  called('a hold that never was', ['invalid_argument', 'not_found'], (client) =>
    client.settle({ space: 'default', holdToken: 'forged', action: { kind: 'release' } }),
  ),
];

/** A value that is a list in a list …: field 7 of a value is a list, field 1 of a list a value, as far as a reader goes in. */
function nestedLists(depth: number): Buffer {
  let bytes = Buffer.alloc(0);
  const wrap = (tag: number): void => {
    const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
    bytes = Buffer.concat([Buffer.from([tag, ...length]), bytes]);
  };
  for (let i = 0; i < depth; i += 1) {
    wrap(0x0a);
    wrap(0x3a);
  }
  wrap(0x0a);
  wrap(0x12);
  return Buffer.concat([Buffer.from('0a0764656661756c74', 'hex'), bytes]);
}

function deepList(depth: number): unknown {
  return depth === 0 ? 'leaf' : [deepList(depth - 1)];
}
