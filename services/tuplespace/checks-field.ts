/**
 * Checks of single fields that many requests share. Each returns the value or throws invalid_argument with
 * the field's name.
 */
import { invalidArgument } from '../runtime/index.js';
import type { SpaceLimits } from './limits.js';

/** An integer within the ends, both included; `fallback` where it is absent. */
export function checkInteger(
  value: number | undefined,
  field: string,
  range: { readonly min: number; readonly max: number; readonly fallback?: number },
): number {
  const number = value ?? range.fallback;
  if (!Number.isInteger(number) || Number(number) < range.min || Number(number) > range.max) {
    throw invalidArgument(field, `${number} is not a whole number from ${range.min} to ${range.max}`);
  }
  return Number(number);
}

/** A time to live, hold or lease in ms, within the space's limits. */
export function checkTtl(value: number, field: string, limits: SpaceLimits): number {
  return checkInteger(value, field, { min: limits.ttlMsMin, max: limits.ttlMsMax });
}

/** How long to wait, in ms; absent is 0, and more than the space allows is capped. */
export function checkWait(value: number | undefined, limits: SpaceLimits): number {
  const wait = value ?? 0;
  if (!(wait >= 0)) throw invalidArgument('waitMs', `${wait} is not 0 or more`);
  return Math.min(Math.ceil(wait), limits.waitMsMax);
}

/** A text from 1 to `lengthMax` characters, such as a token or a lease id. */
export function checkText(value: unknown, field: string, lengthMax: number): string {
  if (typeof value !== 'string' || value.length < 1 || value.length > lengthMax) {
    throw invalidArgument(field, `is not a text of 1 to ${lengthMax} characters`);
  }
  return value;
}

const spaceName = /^[a-zA-Z0-9._/-]{1,128}$/;

/** A space's name. */
export function checkSpaceName(value: unknown): string {
  return checkPattern(value, 'space', spaceName, '1 to 128 of a-z A-Z 0-9 . _ - /');
}

/** A caller's id. */
export function checkCallerId(value: unknown, field: string): string {
  return checkPattern(value, field, /^[a-zA-Z0-9._-]{1,64}$/, '1 to 64 of a-z A-Z 0-9 . _ -');
}

/** A text of a pattern; `allowed` says in words what the pattern allows. */
export function checkPattern(value: unknown, field: string, pattern: RegExp, allowed: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) {
    const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : typeof value;
    throw invalidArgument(field, `${shown}, allowed are ${allowed}`);
  }
  return value;
}
