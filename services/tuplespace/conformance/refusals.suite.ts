/**
 * How a check asks for an error: by its code and details, never by its text.
 */
import type { ErrorCode } from '../../runtime/index.js';
import { ServiceError } from '../../runtime/index.js';

/** Waits for a promise to be refused with a code; the error. */
export async function refused(promise: Promise<unknown>, code: ErrorCode): Promise<ServiceError> {
  const error = await rejection(promise);
  if (!(error instanceof ServiceError)) throw new Error(`refused by ${String(error)}, ${code} expected`);
  expect({ code: error.code, message: error.message }).toEqual({ code, message: expect.any(String) });
  return error;
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

/** What a promise is rejected with; throws when it is not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('was not refused');
}
