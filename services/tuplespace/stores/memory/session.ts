/**
 * The spaces of a memory store as one caller sees them: each call is one step of the state machine.
 */
import type * as Api from '../../space.js';
import type { Machine } from './machine.js';
import type { Steps } from './steps.js';
import { watchOf } from './watch.js';

export interface MemorySessionOptions {
  readonly machine: Machine;
  /** Undefined: no token. */
  readonly tokenHash: string | undefined;
  readonly progressMs: number;
  readonly describe: () => Api.SpaceServiceInfo;
}

export class MemorySession implements Api.TupleSpace {
  readonly #options: MemorySessionOptions;
  readonly #steps: Steps;

  constructor(options: MemorySessionOptions) {
    this.#options = options;
    this.#steps = options.machine.steps(options.tokenHash);
  }

  async write(request: Api.WriteRequest, options?: Api.CallOptions): Promise<Api.WriteAnswer> {
    return this.#steps.write(request, options);
  }

  async read(request: Api.ReadRequest, options?: Api.CallOptions): Promise<Api.ReadAnswer> {
    return this.#steps.read(request, options);
  }

  async take(request: Api.TakeRequest, options?: Api.CallOptions): Promise<Api.TakeAnswer> {
    return this.#steps.take(request, options);
  }

  async settle(request: Api.SettleRequest, options?: Api.CallOptions): Promise<Api.SettleAnswer> {
    return this.#steps.settle(request, options);
  }

  async lease(request: Api.LeaseRequest, options?: Api.CallOptions): Promise<Api.LeaseAnswer> {
    return this.#steps.lease(request, options);
  }

  watch(request: Api.WatchRequest, { signal }: Api.CallOptions = {}): AsyncIterable<Api.WatchFrame> {
    const { machine, progressMs } = this.#options;
    return watchOf(request, { steps: this.#steps, pace: machine.pace, progressMs, signal });
  }

  async putSpace(request: Api.PutSpaceRequest, options?: Api.CallOptions): Promise<Api.PutSpaceAnswer> {
    return this.#steps.putSpace(request, options);
  }

  async listSpaces(request: Api.ListSpacesRequest, options?: Api.CallOptions): Promise<Api.ListSpacesAnswer> {
    return this.#steps.listSpaces(request, options);
  }

  async dropSpace(request: { readonly space: string }, options?: Api.CallOptions): Promise<void> {
    this.#steps.dropSpace(request, options);
  }

  async explain(request: Api.ExplainRequest, options?: Api.CallOptions): Promise<Api.ExplainAnswer> {
    return this.#steps.explain(request, options);
  }

  async getInfo(options?: Api.CallOptions): Promise<Api.SpaceServiceInfo> {
    this.#steps.identify(options);
    return this.#options.describe();
  }

  async readAudit(request: Api.ReadAuditRequest, options?: Api.CallOptions): Promise<Api.ReadAuditAnswer> {
    return this.#steps.readAudit(request, options);
  }

  async enrol(request: Api.EnrolRequest, options?: Api.CallOptions): Promise<Api.EnrolAnswer> {
    return this.#steps.enrol(request, options);
  }

  async putToken(request: Api.PutTokenRequest, options?: Api.CallOptions): Promise<void> {
    this.#steps.putToken(request, options);
  }

  async revokeToken(request: { readonly tokenHash: string }, options?: Api.CallOptions): Promise<void> {
    this.#steps.revokeToken(request, options);
  }
}
