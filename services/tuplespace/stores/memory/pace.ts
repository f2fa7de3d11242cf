/**
 * How time passes for the spaces of a store.
 */
import type { Clock } from '../../../runtime/index.js';
import type { TimeSource } from './store-time.js';

export interface Pace {
  readonly clock: Clock;
  /** Of the steps. */
  readonly time: TimeSource;
  /** Of those who wait; may be ahead of the steps' where those are made elsewhere. */
  readonly waitTime: TimeSource;
  /** Called when a deadline of the state is due, where no step of this process may end it; absent: it does so itself. */
  readonly onDue?: () => void;
}
