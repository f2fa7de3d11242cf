/**
 * A store whose calls are counted. Where nobody wants figures the store itself is used, and nothing is paid for.
 */
import { type Clock, type Metrics, ServiceError } from '../runtime/index.js';
import { TupleSpaceMetrics } from './metrics.js';
import { type Around, SpaceAround } from './space-around.js';
import { type Store, storeWith } from './store.js';

/** The store, counted in these metrics. Once for each process. */
export function meteredStore(
  store: Store,
  options: { readonly metrics: Metrics; readonly clock: Clock; readonly version: string },
): Store {
  const { clock, version } = options;
  const metrics = new TupleSpaceMetrics(options.metrics);
  metrics.observe(store, { version });
  return storeWith(store, {
    onHealth: (listener) =>
      store.onHealth((isServing, reason) => {
        if (!isServing) metrics.storeErrors.add({});
        listener(isServing, reason);
      }),
    session: (token) => {
      const { backend } = store.facts();
      const session = store.session(token);
      return new SpaceAround(() => session, counting({ metrics, clock, backend }));
    },
  });
}

interface Meter {
  readonly metrics: TupleSpaceMetrics;
  readonly clock: Clock;
  readonly backend: string;
}

function counting({ metrics, clock, backend }: Meter): Around {
  return {
    async call({ name: op, waitMs, options }, inside) {
      const startedMs = clock.monotonicMs();
      let code = 'ok';
      try {
        return await inside(options);
      } catch (error) {
        code = codeOf(error);
        countRefusal(metrics, op, error);
        throw error;
      } finally {
        metrics.operations.add({ op, code });
        if (waitMs === 0) metrics.seconds.observe({ op, backend }, (clock.monotonicMs() - startedMs) / 1_000);
      }
    },
    async *watch({ options }, inside) {
      let code = 'ok';
      try {
        yield* inside(options);
      } catch (error) {
        code = codeOf(error);
        countRefusal(metrics, 'watch', error);
        throw error;
      } finally {
        metrics.operations.add({ op: 'watch', code });
      }
    },
  };
}

function countRefusal(metrics: TupleSpaceMetrics, op: string, error: unknown): void {
  if (!(error instanceof ServiceError)) return;
  const { code, details } = error;
  if (code === 'permission_denied') metrics.denials.add({ rule: details['rule'] ?? 'none' });
  if (op === 'write' && code === 'failed_precondition' && details['epoch'] !== undefined) {
    metrics.fencedWrites.add({});
  }
}

/** What is no error of a service is the reason of a caller that gave up. */
function codeOf(error: unknown): string {
  return error instanceof ServiceError ? error.code : 'cancelled';
}
