/**
 * Loads the wire contract. The options are those of `npm run gen`, so that what is loaded has the generated types.
 * Source: https://github.com/grpc/grpc-node/tree/master/packages/proto-loader
 */
import { join } from 'node:path';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';

/** One service of a proto file. `D` is its generated definition type, such as `GreeterDefinition`. */
export interface Contract<D extends ServiceDefinition = ServiceDefinition> {
  /** Full name, such as `byzantine.v1.Greeter`. */
  readonly name: string;
  readonly methods: D;
  /** All that the file and its imports define; reflection shows it. */
  readonly definitions: PackageDefinition;
}

/** What a client needs of a method: requests `I`, responses `O`. A generated method definition is one. */
export interface ClientMethod<I, O> {
  readonly path: string;
  readonly requestSerialize: (request: I) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => O;
}

/** A method whose messages pass as they are on the wire, for callers that have a codec of their own. */
export type RawMethod = MethodDefinition<Uint8Array, Buffer>;

/**
 * Loads a service of a proto file. Cost: some 10 ms the first time.
 *
 * @param contract `file` is relative to the proto folder; `service` is the full name
 */
export function loadContract<D extends ServiceDefinition>(contract: {
  file: string;
  service: string;
}): Contract<D> {
  const definitions = loadFile(contract.file);
  return { name: contract.service, methods: definitions[contract.service] as unknown as D, definitions };
}

/** The same method without a codec. */
export function rawMethod(method: {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}): RawMethod {
  return {
    path: method.path,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: asBuffer,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: asBuffer,
    responseDeserialize: (bytes) => bytes,
  };
}

const loaded = new Map<string, PackageDefinition>();

function loadFile(file: string): PackageDefinition {
  const known = loaded.get(file);
  if (known !== undefined) return known;
  const folder = join(import.meta.dirname, '../../proto');
  const options = { longs: String, enums: String, defaults: true, oneofs: true, includeDirs: [folder] };
  const definitions = loadSync(file, options);
  loaded.set(file, definitions);
  return definitions;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
