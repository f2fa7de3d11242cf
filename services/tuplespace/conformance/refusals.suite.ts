/**
 * How a check asks for an error: by its code and details, never by its text.
 */
import type { ErrorCode } from '../../runtime/index.js';
import { ServiceError } from '../../runtime/index.js';
import { kept } from './kept.suite.js';

/** Waits for a promise to be refused with a code; the error. */
export function refused(promise: Promise<unknown>, code: ErrorCode): Promise<ServiceError> {
  return kept(errorOf(promise, code));
}

/** Waits for every promise to be refused with the same code. */
export async function allRefused(promises: readonly Promise<unknown>[], code: ErrorCode): Promise<void> {
  await Promise.all(promises.map((promise) => refused(promise, code)));
}

/** Waits for a promise to be refused as invalid, with the name of the field. */
export async function invalid(promise: Promise<unknown>, field: string): Promise<void> {
  const error = await refused(promise, 'invalid_argument');
  expect(error.details).toMatchObject({ field });
}

/** Waits for a promise to be refused over a limit, with its name. */
export async function overLimit(promise: Promise<unknown>, limit: string): Promise<void> {
  const error = await refused(promise, 'resource_exhausted');
  expect(error.details).toMatchObject({ limit });
}

/** What a promise is rejected with; rejects when it is not. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return kept(
    promise.then(
      () => Promise.reject(new Error('was not refused')),
      (error: unknown) => error,
    ),
  );
}

async function errorOf(promise: Promise<unknown>, code: ErrorCode): Promise<ServiceError> {
  const error = await rejection(promise);
  if (!(error instanceof ServiceError)) throw new Error(`refused by ${String(error)}, ${code} expected`);
  expect({ code: error.code, message: error.message }).toEqual({ code, message: expect.any(String) });
  return error;
}
