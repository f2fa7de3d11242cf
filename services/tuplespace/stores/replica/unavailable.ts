/**
 * Why a replica does not serve. Code: unavailable; what was under way may have happened or not.
 */
import { ServiceError } from '../../../runtime/index.js';

export function lost(): ServiceError {
  return new ServiceError('unavailable', 'the store behind the tuple space is not reached');
}

export function stopping(): ServiceError {
  return new ServiceError('unavailable', 'the store is shutting down');
}
