/**
 * The service as anybody can call it: gRPC by the proto file alone, with none of the client's own code.
 */
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';

type Unary = (request: object, metadata: grpc.Metadata, options: grpc.CallOptions, done: Done) => void;
type Done = (error: grpc.ServiceError | null, answer: unknown) => void;
type Streaming = (request: object, metadata: grpc.Metadata) => grpc.ClientReadableStream<unknown>;

/** How a call ended: OK, or the name of its status. */
export interface RawAnswer {
  readonly code: string;
  readonly message: string;
  readonly answer: unknown;
}

const callMsMax = 10_000;

export class RawClient {
  readonly #client: grpc.Client;

  constructor(address: string) {
    const definition: PackageDefinition = loadSync('byzantine/v1/tuplespace.proto', {
      includeDirs: [join(process.cwd(), 'proto')],
      longs: String,
    });
    const root = grpc.loadPackageDefinition(definition) as unknown as {
      byzantine: { v1: { TupleSpace: grpc.ServiceClientConstructor } };
    };
    this.#client = new root.byzantine.v1.TupleSpace(address, grpc.credentials.createInsecure());
  }

  /** Calls a method by its name in the proto file; of Watch, until its first frame. */
  call(method: string, request: object, token: string): Promise<RawAnswer> {
    const metadata = new grpc.Metadata();
    if (token !== '') metadata.set('authorization', `Bearer ${token}`);
    const found = (this.#client as unknown as Record<string, unknown>)[method];
    if (typeof found !== 'function') throw new Error(`the proto file has no ${method}`);
    if (method === 'Watch') return firstFrame(found.bind(this.#client) as Streaming, request, metadata);
    return new Promise((resolve) => {
      const done: Done = (error, answer) => resolve(answerOf(error, answer));
      const call = found.bind(this.#client) as Unary;
      call(request, metadata, { deadline: Date.now() + callMsMax }, done);
    });
  }

  close(): void {
    this.#client.close();
  }
}

function firstFrame(watch: Streaming, request: object, metadata: grpc.Metadata): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const stream = watch(request, metadata);
    stream.once('data', (frame) => {
      resolve(answerOf(null, frame));
      stream.cancel();
    });
    stream.on('error', (error: grpc.ServiceError) => resolve(answerOf(error, undefined)));
  });
}

function answerOf(error: grpc.ServiceError | null, answer: unknown): RawAnswer {
  const code = error === null ? 'OK' : (grpc.status[error.code] ?? String(error.code));
  return { code, message: error?.details ?? '', answer };
}
