import { type Plan, sayNothing } from './plan.js';

/** Says nothing at all. In a synchronous round that is the same as saying the default everywhere. */
export function silent(): Plan {
  return () => sayNothing;
}
