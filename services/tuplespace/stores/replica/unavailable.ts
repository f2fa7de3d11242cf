/**
 * Why a replica does not serve. Code: unavailable; what was under way may have happened or not.
 */
import { ServiceError } from '../../../runtime/index.js';

export function lost(): ServiceError {
  const advice =
    "the tuple space goes on by itself when the store is back; the tuple space's log has the reason";
  return new ServiceError('unavailable', 'the store behind the tuple space is not reached', {
    details: { advice },
  });
}

export function stopping(): ServiceError {
  return new ServiceError('unavailable', 'the store is shutting down');
}
