/**
 * What Redis and its connections can fail with, as errors of ours. None of them has the password in it.
 */
import { ServiceError } from '../../../runtime/index.js';

/** @param place `host:port` of the store */
export function fromRedis(error: unknown, place: string): ServiceError {
  if (error instanceof ServiceError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (text.startsWith('OUTOFRANGE')) {
    return new ServiceError('out_of_range', `the log reaches from ${text.slice('OUTOFRANGE '.length)}`);
  }
  if (text.includes('OOM command not allowed')) {
    return new ServiceError('resource_exhausted', 'maxmemory: redis is full, raise it or drop spaces', {
      details: { limit: 'maxmemory' },
    });
  }
  // Refused before anything was written, as long as what it had written last is not on the disk.
  if (text.startsWith('MISCONF')) {
    return new ServiceError('resource_exhausted', `redis at ${place} cannot write to its disk: ${text}`, {
      details: { limit: 'disk' },
    });
  }
  if (/NOAUTH|WRONGPASS|invalid password/i.test(text)) {
    return new ServiceError('unauthenticated', `redis at ${place} refuses the password, or needs one`);
  }
  if (/NOPERM|unknown command|user executing the script/i.test(text)) {
    return new ServiceError(
      'failed_precondition',
      `redis at ${place} does not let this user do all that is needed: ${text}`,
    );
  }
  return new ServiceError('unavailable', `redis at ${place} is not reached: ${text || 'no answer'}`);
}
