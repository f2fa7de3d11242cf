/**
 * What calls on a pipe fail with, apart from the errors of the service.
 */
import { ServiceError } from '../runtime/index.js';
import type { CallKind } from './wire/pipe.js';

export function wrongKind(kind: string, wanted: string): ServiceError {
  return new ServiceError('internal', `${kind} answers ${wanted}`);
}

export function tooLate(kind: CallKind, deadlineMs: number): ServiceError {
  return new ServiceError('deadline_exceeded', `no answer to ${kind} within ${Math.round(deadlineMs)} ms`);
}

/** A stream breaks in many ways that all mean: the service is not there. Others, such as a bad token, are told as they are. */
export function brokenBy(error: ServiceError): ServiceError {
  const isLost = error.isIndefinite || error.code === 'internal';
  if (!isLost) return error;
  return new ServiceError('unavailable', `the pipe broke: ${error.message}`, { cause: error });
}
