/**
 * Values and states as texts, to tell equal ones.
 */

/** One text for each value: maps, sets and bytes included. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => plain(part));
}

/**
 * What the next step of a general depends on: its state between two phases, without what is the same in all states
 * of that general and what is never looked at again, as mail of phases that are over and notes for people. Of later
 * phases none has come yet.
 */
export function knowledge(state: unknown): string {
  return JSON.stringify(state, (key, part: unknown) => (forgotten.has(key) ? undefined : plain(part)));
}

/** By the names in the states of om.ts, lock-step.ts and council.ts. */
const forgotten = new Set([
  ...['setting', 'situation', 'isCommander', 'paths', 'shape', 'slots'],
  ...['mail', 'otherMail', 'filled', 'last'],
]);

function plain(part: unknown): unknown {
  return part instanceof Map || part instanceof Set || part instanceof Uint8Array ? [...part] : part;
}
