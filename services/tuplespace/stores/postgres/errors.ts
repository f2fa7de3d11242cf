/**
 * What Postgres and its connections can fail with, as errors of ours. None of them has the password in it.
 */
import { ServiceError } from '../../../runtime/index.js';

/** @param place `host:port/database` of the store */
export function fromPostgres(error: unknown, place: string): ServiceError {
  if (error instanceof ServiceError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (['53100', '53200', '54000'].includes(code)) {
    return new ServiceError('resource_exhausted', `postgres at ${place} is full: ${text}`, {
      details: { limit: code === '53100' ? 'disk' : 'memory' },
    });
  }
  // pg finds out by itself that it has no password to answer with.
  if (code.startsWith('28') || text.includes('password must be a string')) {
    return new ServiceError(
      'unauthenticated',
      `postgres at ${place} refuses the user or the password, or needs one`,
    );
  }
  if (code === '3D000') {
    return new ServiceError('failed_precondition', `postgres at ${place} has no such database; create it`);
  }
  if (code === '42501') {
    return new ServiceError(
      'failed_precondition',
      `postgres at ${place} does not let this user do it: ${text}`,
    );
  }
  return new ServiceError('unavailable', `postgres at ${place} is not reached: ${text || 'no answer'}`);
}

/** An SQLSTATE, or what the operating system says; empty where there is neither. */
function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}
