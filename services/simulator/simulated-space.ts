/**
 * The spaces as one process sees them over the simulated network; what stands at the other end is a store as services use it.
 */
import type * as api from '../tuplespace/index.js';
import type { Host } from './host.js';
import type { Network } from './network.js';
import { makeCall } from './simulated-call.js';
import { SimulatedTies } from './simulated-ties.js';
import { SimulatedWatch } from './simulated-watch.js';

export interface SimulatedSpaceOptions {
  readonly host: Host;
  readonly network: Network;
  /** The spaces as the caller's token opens them. */
  readonly space: api.TupleSpace;
  /** Name of the caller's session in its request ids. */
  readonly session: string;
}

export class SimulatedSpace implements api.TupleSpace {
  readonly #options: SimulatedSpaceOptions;
  readonly #ties: SimulatedTies;
  #lastSequence = 0;
  /** Rising, since a Set keeps the order of insertion. */
  readonly #unanswered = new Set<number>();

  constructor(options: SimulatedSpaceOptions) {
    this.#options = options;
    this.#ties = new SimulatedTies({ ...options, renew: (renewal) => this.lease(renewal) });
  }

  /** The caller closes its connection. */
  close(): void {
    this.#ties.end();
  }

  write(request: api.WriteRequest, options?: api.CallOptions): Promise<api.WriteAnswer> {
    return this.#mutate('write', request, options, (space, named, signal) => space.write(named, { signal }));
  }

  take(request: api.TakeRequest, options?: api.CallOptions): Promise<api.TakeAnswer> {
    return this.#mutate('take', request, options, (space, named, signal) => space.take(named, { signal }));
  }

  settle(request: api.SettleRequest, options?: api.CallOptions): Promise<api.SettleAnswer> {
    return this.#mutate('settle', request, options, (space, named, signal) =>
      space.settle(named, { signal }),
    );
  }

  async lease(request: api.LeaseRequest, options?: api.CallOptions): Promise<api.LeaseAnswer> {
    const answer = await this.#mutate('lease', request, options, (space, named, signal) =>
      space.lease(named, { signal }),
    );
    this.#ties.note(request, answer);
    return answer;
  }

  read(request: api.ReadRequest, options?: api.CallOptions): Promise<api.ReadAnswer> {
    return this.#repeat('read', request, options, (space, signal) => space.read(request, { signal }));
  }

  watch(request: api.WatchRequest, { signal }: api.CallOptions = {}): AsyncIterable<api.WatchFrame> {
    const { host, network, space } = this.#options;
    return {
      [Symbol.asyncIterator]: () => new SimulatedWatch({ host, network, space, request, signal }),
    };
  }

  putSpace(request: api.PutSpaceRequest, options?: api.CallOptions): Promise<api.PutSpaceAnswer> {
    return this.#repeat('putSpace', request, options, (space, signal) => space.putSpace(request, { signal }));
  }

  listSpaces(request: api.ListSpacesRequest, options?: api.CallOptions): Promise<api.ListSpacesAnswer> {
    return this.#repeat('listSpaces', request, options, (space, signal) =>
      space.listSpaces(request, { signal }),
    );
  }

  dropSpace(request: { readonly space: string }, options?: api.CallOptions): Promise<void> {
    return this.#once('dropSpace', request, options, (space, signal) => space.dropSpace(request, { signal }));
  }

  explain(request: api.ExplainRequest, options?: api.CallOptions): Promise<api.ExplainAnswer> {
    return this.#repeat('explain', request, options, (space, signal) => space.explain(request, { signal }));
  }

  getInfo(options?: api.CallOptions): Promise<api.SpaceServiceInfo> {
    return this.#repeat('getInfo', {}, options, (space, signal) => space.getInfo({ signal }));
  }

  readAudit(request: api.ReadAuditRequest, options?: api.CallOptions): Promise<api.ReadAuditAnswer> {
    return this.#repeat('readAudit', request, options, (space, signal) =>
      space.readAudit(request, { signal }),
    );
  }

  enrol(request: api.EnrolRequest, options?: api.CallOptions): Promise<api.EnrolAnswer> {
    return this.#once('enrol', request, options, (space, signal) => space.enrol(request, { signal }));
  }

  putToken(request: api.PutTokenRequest, options?: api.CallOptions): Promise<void> {
    return this.#repeat('putToken', request, options, (space, signal) => space.putToken(request, { signal }));
  }

  revokeToken(request: { readonly tokenHash: string }, options?: api.CallOptions): Promise<void> {
    return this.#once('revokeToken', request, options, (space, signal) =>
      space.revokeToken(request, { signal }),
    );
  }

  /** A call under a request id of its own, so that its repetition changes nothing. */
  async #mutate<Request extends object, Answer>(
    kind: string,
    request: Request,
    { signal }: api.CallOptions = {},
    perform: (
      space: api.TupleSpace,
      request: Request & { readonly requestId: api.RequestId },
      signal: AbortSignal,
    ) => Promise<Answer>,
  ): Promise<Answer> {
    this.#lastSequence += 1;
    const sequence = this.#lastSequence;
    this.#unanswered.add(sequence);
    const [lowestUnanswered = sequence] = this.#unanswered;
    const requestId: api.RequestId = { session: this.#options.session, sequence, lowestUnanswered };
    const named = { ...request, requestId };
    const call = { ...this.#options, kind, request: named, requestId, isRepeatable: true, signal };
    try {
      return await makeCall({ ...call, perform: (server) => perform(this.#options.space, named, server) });
    } finally {
      this.#unanswered.delete(sequence);
    }
  }

  /** A call that is no harm to repeat. */
  #repeat<Answer>(
    kind: string,
    request: unknown,
    { signal }: api.CallOptions = {},
    perform: (space: api.TupleSpace, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const call = { ...this.#options, kind, request, requestId: undefined, isRepeatable: true, signal };
    return makeCall({ ...call, perform: (server) => perform(this.#options.space, server) });
  }

  /** A call whose second answer would be another. */
  #once<Answer>(
    kind: string,
    request: unknown,
    { signal }: api.CallOptions = {},
    perform: (space: api.TupleSpace, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const call = { ...this.#options, kind, request, requestId: undefined, isRepeatable: false, signal };
    return makeCall({ ...call, perform: (server) => perform(this.#options.space, server) });
  }
}
