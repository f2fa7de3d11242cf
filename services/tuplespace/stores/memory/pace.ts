/**
 * How time passes for the spaces of a store.
 */
import type { Clock } from '../../../runtime/index.js';
import type { TimeSource } from './store-time.js';

export interface Pace {
  readonly clock: Clock;
  /** Of the steps. */
  readonly time: TimeSource;
  /** The store's time by now, as far as it is known; ahead of the steps' where those are made elsewhere. */
  readonly presentTime: TimeSource;
  /** Of those who wait: a wait lasts as long as it was asked for, whatever is done to the store's clock. */
  readonly waitTime: TimeSource;
  /** Called when a deadline of the state is due, where no step of this process may end it; absent: it does so itself. */
  readonly onDue?: () => void;
}
