/**
 * The spaces of a memory store as one caller sees them: each call is one step of the state machine.
 */
import type * as Api from '../../space.js';
import type { AdminSteps } from './admin-steps.js';
import type { CallerGate } from './caller-gate.js';
import type { Machine } from './machine.js';
import { RecordedReads } from './recorded-reads.js';
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
  readonly #admin: AdminSteps;
  readonly #gate: CallerGate;
  readonly #reads = new RecordedReads((refusal) => this.#gate.record(refusal));

  constructor(options: MemorySessionOptions) {
    this.#options = options;
    const { machine, tokenHash } = options;
    this.#steps = machine.steps(tokenHash);
    this.#admin = machine.adminSteps(tokenHash);
    this.#gate = machine.gate(tokenHash);
  }

  async write(request: Api.WriteRequest, options?: Api.CallOptions): Promise<Api.WriteAnswer> {
    return this.#steps.write(request, options);
  }

  async read(request: Api.ReadRequest, options?: Api.CallOptions): Promise<Api.ReadAnswer> {
    return this.#reads.call({ operation: 'read', space: request.space }, () =>
      this.#steps.read(request, options),
    );
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
    const frames = watchOf(request, { steps: this.#steps, pace: machine.pace, progressMs, signal });
    return this.#reads.watch({ operation: 'watch', space: request.space }, frames);
  }

  async putSpace(request: Api.PutSpaceRequest, options?: Api.CallOptions): Promise<Api.PutSpaceAnswer> {
    return this.#admin.putSpace(request, options);
  }

  async listSpaces(request: Api.ListSpacesRequest, options?: Api.CallOptions): Promise<Api.ListSpacesAnswer> {
    return this.#admin.listSpaces(request, options);
  }

  async dropSpace(request: { readonly space: string }, options?: Api.CallOptions): Promise<void> {
    this.#admin.dropSpace(request, options);
  }

  async explain(request: Api.ExplainRequest, options?: Api.CallOptions): Promise<Api.ExplainAnswer> {
    return this.#reads.call({ operation: 'read', space: request.space }, () =>
      this.#admin.explain(request, options),
    );
  }

  async getInfo(options?: Api.CallOptions): Promise<Api.SpaceServiceInfo> {
    this.#gate.identify(options);
    return this.#options.describe();
  }

  async readAudit(request: Api.ReadAuditRequest, options?: Api.CallOptions): Promise<Api.ReadAuditAnswer> {
    return this.#reads.call({ operation: 'manage', space: request.space }, () =>
      this.#admin.readAudit(request, options),
    );
  }

  async enrol(request: Api.EnrolRequest, options?: Api.CallOptions): Promise<Api.EnrolAnswer> {
    return this.#admin.enrol(request, options);
  }

  async putToken(request: Api.PutTokenRequest, options?: Api.CallOptions): Promise<void> {
    this.#admin.putToken(request, options);
  }

  async revokeToken(request: { readonly tokenHash: string }, options?: Api.CallOptions): Promise<void> {
    this.#admin.revokeToken(request, options);
  }
}
