/**
 * One client of a run: draws what to do next from its seed, does it, and goes on whatever the answer was. All it does is recorded.
 */
import { random } from '../../../services/consensus/index.js';
import { ServiceError } from '../../../services/runtime/index.js';
import type {
  RecordedClient,
  RequestId,
  SettleRequest,
  StoredTuple,
  TakeRequest,
  WriteRequest,
} from '../../../services/tuplespace/index.js';
import { RequestIds } from '../../../services/tuplespace/request-ids.js';
import { pauseFor } from '../pause.js';
import type { Keys } from './keys.js';

export interface WorkerOptions {
  readonly name: string;
  readonly seed: number;
  readonly client: RecordedClient;
  readonly keys: Keys;
  readonly space: string;
}

type Mutation = WriteRequest | TakeRequest | SettleRequest;

/** Out of a hundred answers, so many are asked for again under the same request id. */
const repeatedShare = 3;

export class Worker {
  readonly name: string;
  readonly keys: Keys;
  readonly space: string;
  readonly #client: RecordedClient;
  readonly #seed: number;
  /** Calls that wait have a session of their own: else one of them would make the service keep all answers after it. */
  readonly #ids = { prompt: new RequestIds(), waiting: new RequestIds() };
  #drawCount = 0;
  #valueCount = 0;
  callCount = 0;

  constructor({ name, seed, client, keys, space }: WorkerOptions) {
    this.name = name;
    this.keys = keys;
    this.space = space;
    this.#client = client;
    this.#seed = seed;
  }

  /** 0 to `below` - 1. */
  draw(below: number): number {
    this.#drawCount += 1;
    return random(this.#seed, this.name, this.#drawCount) % below;
  }

  /** A value that nobody else makes. */
  value(): string {
    this.#valueCount += 1;
    return `${this.name}-${this.#valueCount}`;
  }

  write(request: Omit<WriteRequest, 'space' | 'requestId'>) {
    return this.#mutate({ space: this.space, ...request }, (named) => this.#client.write(named));
  }

  take(request: Omit<TakeRequest, 'space' | 'requestId'>) {
    return this.#mutate({ space: this.space, ...request }, (named) => this.#client.take(named));
  }

  settle(request: Omit<SettleRequest, 'space' | 'requestId'>) {
    return this.#mutate({ space: this.space, ...request }, (named) => this.#client.settle(named));
  }

  async read(request: Omit<Parameters<RecordedClient['read']>[0], 'space'>) {
    return this.#attempt(() => this.#client.read({ space: this.space, ...request }));
  }

  /** Makes a call under a request id; undefined: it had no answer, or was refused. Some are made once more, to see that nothing happens. */
  async #mutate<Request extends Mutation, Answer>(
    request: Request,
    make: (request: Request & { requestId: RequestId }) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const isWaiting = 'waitMs' in request && (request.waitMs ?? 0) > 0;
    const ids = isWaiting ? this.#ids.waiting : this.#ids.prompt;
    const requestId = ids.next();
    try {
      const answer = await this.#attempt(() => make({ ...request, requestId }));
      if (answer !== undefined && this.draw(100) < repeatedShare) {
        await this.#attempt(() => make({ ...request, requestId }));
      }
      return answer;
    } finally {
      ids.done(requestId);
    }
  }

  async #attempt<Answer>(call: () => Promise<Answer>): Promise<Answer | undefined> {
    this.callCount += 1;
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // Nobody who is told to come back later comes back at once.
      if (error.isIndefinite) await pauseFor(20 + this.draw(80));
      return undefined;
    }
  }
}

/** The values of the first tuple of an answer. */
export function firstOf(answer: { readonly tuples: readonly StoredTuple[] } | undefined) {
  return answer?.tuples[0]?.values;
}
