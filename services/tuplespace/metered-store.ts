/**
 * A store whose calls are counted. Where nobody wants figures the store itself is used, and nothing is paid for.
 */
import { type Clock, type Metrics, ServiceError } from '../runtime/index.js';
import { TupleSpaceMetrics } from './metrics.js';
import type * as space from './space.js';
import type { Store } from './store.js';

/** The store, counted in these metrics. Once for each process. */
export function meteredStore(
  store: Store,
  options: { readonly metrics: Metrics; readonly clock: Clock; readonly version: string },
): Store {
  const { clock, version } = options;
  const metrics = new TupleSpaceMetrics(options.metrics);
  metrics.observe(store, { version });
  return {
    ...(store.soleInstanceId === undefined ? {} : { soleInstanceId: store.soleInstanceId }),
    onHealth: (listener) =>
      store.onHealth((isServing, reason) => {
        if (!isServing) metrics.storeErrors.add({});
        listener(isServing, reason);
      }),
    start: () => store.start(),
    stop: () => store.stop(),
    facts: () => store.facts(),
    figures: () => store.figures(),
    session: (token) =>
      new MeteredSpace(store.session(token), { metrics, clock, backend: store.facts().backend }),
  };
}

interface Meter {
  readonly metrics: TupleSpaceMetrics;
  readonly clock: Clock;
  readonly backend: string;
}

class MeteredSpace implements space.TupleSpace {
  readonly #space: space.TupleSpace;
  readonly #meter: Meter;

  constructor(metered: space.TupleSpace, meter: Meter) {
    this.#space = metered;
    this.#meter = meter;
  }

  write(request: space.WriteRequest, options?: space.CallOptions) {
    return this.#count('write', () => this.#space.write(request, options));
  }

  read(request: space.ReadRequest, options?: space.CallOptions) {
    return this.#count('read', () => this.#space.read(request, options), request);
  }

  take(request: space.TakeRequest, options?: space.CallOptions) {
    return this.#count('take', () => this.#space.take(request, options), request);
  }

  settle(request: space.SettleRequest, options?: space.CallOptions) {
    return this.#count('settle', () => this.#space.settle(request, options));
  }

  lease(request: space.LeaseRequest, options?: space.CallOptions) {
    return this.#count('lease', () => this.#space.lease(request, options));
  }

  async *watch(request: space.WatchRequest, options?: space.CallOptions) {
    let code = 'ok';
    try {
      yield* this.#space.watch(request, options);
    } catch (error) {
      code = this.#codeOf('watch', error);
      throw error;
    } finally {
      this.#meter.metrics.operations.add({ op: 'watch', code });
    }
  }

  putSpace(request: space.PutSpaceRequest, options?: space.CallOptions) {
    return this.#count('putSpace', () => this.#space.putSpace(request, options));
  }

  listSpaces(request: space.ListSpacesRequest, options?: space.CallOptions) {
    return this.#count('listSpaces', () => this.#space.listSpaces(request, options));
  }

  dropSpace(request: { readonly space: string }, options?: space.CallOptions) {
    return this.#count('dropSpace', () => this.#space.dropSpace(request, options));
  }

  explain(request: space.ExplainRequest, options?: space.CallOptions) {
    return this.#count('explain', () => this.#space.explain(request, options));
  }

  getInfo(options?: space.CallOptions) {
    return this.#count('getInfo', () => this.#space.getInfo(options));
  }

  readAudit(request: space.ReadAuditRequest, options?: space.CallOptions) {
    return this.#count('readAudit', () => this.#space.readAudit(request, options));
  }

  enrol(request: space.EnrolRequest, options?: space.CallOptions) {
    return this.#count('enrol', () => this.#space.enrol(request, options));
  }

  putToken(request: space.PutTokenRequest, options?: space.CallOptions) {
    return this.#count('putToken', () => this.#space.putToken(request, options));
  }

  revokeToken(request: { readonly tokenHash: string }, options?: space.CallOptions) {
    return this.#count('revokeToken', () => this.#space.revokeToken(request, options));
  }

  async #count<Answer>(
    op: string,
    call: () => Promise<Answer>,
    { waitMs = 0 }: { readonly waitMs?: number } = {},
  ): Promise<Answer> {
    const { metrics, clock, backend } = this.#meter;
    const startedMs = clock.monotonicMs();
    try {
      const answer = await call();
      metrics.operations.add({ op, code: 'ok' });
      return answer;
    } catch (error) {
      metrics.operations.add({ op, code: this.#codeOf(op, error) });
      throw error;
    } finally {
      if (waitMs === 0) metrics.seconds.observe({ op, backend }, (clock.monotonicMs() - startedMs) / 1_000);
    }
  }

  #codeOf(op: string, error: unknown): string {
    if (!(error instanceof ServiceError)) return 'cancelled';
    const { metrics } = this.#meter;
    const { code, details } = error;
    if (code === 'permission_denied') metrics.denials.add({ rule: details['rule'] ?? 'none' });
    if (op === 'write' && code === 'failed_precondition' && details['epoch'] !== undefined) {
      metrics.fencedWrites.add({});
    }
    return code;
  }
}
