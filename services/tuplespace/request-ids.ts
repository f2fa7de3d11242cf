/**
 * Makes the ids that let a mutating call be repeated safely, and tells the service which answers it may forget.
 */
import { randomBytes } from 'node:crypto';
import type { RequestId } from './space.js';

/** The ids of one session: a random name and a rising sequence. */
export class RequestIds {
  readonly #session = randomBytes(16).toString('base64url');
  #last = 0;
  /** Rising, since a Set keeps the order of insertion. */
  readonly #unanswered = new Set<number>();

  /** The id of a new call; give it back with `done` when its answer is no longer wanted. */
  next(): RequestId {
    this.#last += 1;
    this.#unanswered.add(this.#last);
    const [lowestUnanswered = this.#last] = this.#unanswered;
    return { session: this.#session, sequence: this.#last, lowestUnanswered };
  }

  done(id: RequestId): void {
    this.#unanswered.delete(id.sequence);
  }
}
