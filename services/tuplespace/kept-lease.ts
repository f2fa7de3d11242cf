/**
 * A lease that is kept: renewed three times as often as it would end, for as long as its holder wants it.
 */
import type { Clock } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import { pause } from './follow.js';
import type { LeaseRequest, TupleSpace } from './space.js';

export interface KeepLeaseOptions {
  readonly clock: Clock;
  /** Ends the keeping; the lease is left to end by itself. */
  readonly signal: AbortSignal;
  /** Told of each renewal. */
  readonly onRenewed?: () => Promise<void>;
}

/** Renews until the signal, which gives false, or until the lease is lost, which gives true. Errors: those that waiting does not cure. */
export async function keepLease(
  space: TupleSpace,
  lease: LeaseRequest & { readonly leaseId: string },
  { clock, signal, onRenewed }: KeepLeaseOptions,
): Promise<boolean> {
  while (!signal.aborted) {
    await pause(clock, lease.ttlMs / 3, signal);
    if (signal.aborted) break;
    try {
      await space.lease(lease, { signal });
      await onRenewed?.();
    } catch (error) {
      if (signal.aborted) break;
      const code = error instanceof ServiceError ? error.code : undefined;
      if (code === 'failed_precondition' || code === 'not_found') return true;
      if (code !== 'unavailable') throw error;
    }
  }
  return false;
}
