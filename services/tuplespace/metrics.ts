/**
 * What a tuple space service counts of itself. With several replicas each counts its own calls; what stands in the spaces is the same at
 * all of them.
 */
import { type Counter, durationBuckets, type Histogram, type Metrics } from '../runtime/index.js';
import type { Store } from './store.js';

/** What stands in all spaces of a store together. */
export interface StoreFigures {
  readonly spaceCount: number;
  /** Held ones included. */
  readonly tupleCount: number;
  /** Tuples under a hold. */
  readonly heldCount: number;
  /** Calls that wait, of this replica. */
  readonly waiterCount: number;
  /** Holds that ended because nobody settled them in time, since this replica began. */
  readonly expiredHoldCount: number;
}

export class TupleSpaceMetrics {
  /** Calls by kind, and `ok` or the code of the error that they ended with. */
  readonly operations: Counter<'op' | 'code'>;
  /** From a call's begin to its answer, of calls that were not asked to wait. */
  readonly seconds: Histogram<'op' | 'backend'>;
  readonly denials: Counter<'rule'>;
  readonly fencedWrites: Counter<never>;
  readonly storeErrors: Counter<never>;
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    this.operations = metrics.counter({
      name: 'tuplespace_operations_total',
      help: 'Calls by kind, with ok or the code of their error; a watch counts when it ends.',
      labels: ['op', 'code'],
    });
    this.seconds = metrics.histogram({
      name: 'tuplespace_operation_duration_seconds',
      help: 'From a call to its answer inside the service, of calls that were not asked to wait.',
      labels: ['op', 'backend'],
      buckets: durationBuckets,
    });
    this.denials = metrics.counter({
      name: 'tuplespace_policy_denials_total',
      help: 'Calls that a policy refused, by the rule that decided.',
      labels: ['rule'],
    });
    this.fencedWrites = metrics.counter({
      name: 'byz_fenced_writes_total',
      help: 'Writes of generals whose seat has moved on: their epoch was over.',
    });
    this.storeErrors = metrics.counter({
      name: 'tuplespace_store_errors_total',
      help: 'How often the store was lost, or could not be reached again.',
    });
  }

  /** Looks at the store whenever somebody asks. Once for each store. */
  observe(store: Store, { version }: { readonly version: string }): void {
    const gauge = (name: string, help: string, value: (figures: StoreFigures) => number): void =>
      this.#metrics.gauge({ name, help }, () => {
        const figures = store.figures();
        return figures === undefined ? [] : [{ labels: {}, value: value(figures) }];
      });
    gauge('tuplespace_spaces', 'Spaces.', ({ spaceCount }) => spaceCount);
    gauge('tuplespace_tuples', 'Tuples in all spaces.', ({ tupleCount }) => tupleCount);
    gauge('tuplespace_holds', 'Tuples under a hold.', ({ heldCount }) => heldCount);
    gauge('tuplespace_waiters', 'Calls that wait at this replica.', ({ waiterCount }) => waiterCount);
    const expired = {
      name: 'tuplespace_holds_expired_total',
      help: 'Holds that nobody settled in time.',
    };
    this.#metrics.countedElsewhere(expired, () => store.figures()?.expiredHoldCount ?? 0);
    const build = {
      name: 'tuplespace_build_info',
      help: 'Always 1; its labels say what runs.',
      labels: ['version', 'backend', 'durability'],
    } as const;
    this.#metrics.gauge(build, () => {
      const { backend, durability } = store.facts();
      return [{ labels: { version, backend, durability }, value: 1 }];
    });
  }
}
