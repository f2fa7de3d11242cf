/**
 * A store that is watched as far as somebody wants it; where nobody does it is the store itself.
 */
import type { Clock, Metrics, Tracer } from '../runtime/index.js';
import { meteredStore } from './metered-store.js';
import type { Store } from './store.js';
import { tracedStore } from './traced-store.js';

export interface StoreObservers {
  readonly metrics: Metrics | undefined;
  readonly tracer: Tracer | undefined;
  readonly clock: Clock;
  /** Of this program; a label of the metrics. */
  readonly version: string;
}

export function observedStore(store: Store, { metrics, tracer, clock, version }: StoreObservers): Store {
  const metered = metrics === undefined ? store : meteredStore(store, { metrics, clock, version });
  return tracer === undefined ? metered : tracedStore(metered, tracer);
}
