/**
 * Promises that a check keeps for later.
 */

/**
 * The same promise, whose rejection nobody need wait for: a check that fails half-way leaves such promises
 * behind, and they must not bring down the process that reports the failure. Who awaits it gets the rejection
 * all the same.
 */
export function kept<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
