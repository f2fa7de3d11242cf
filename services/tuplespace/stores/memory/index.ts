/**
 * The memory store, and the state machine that it and the replicas of other stores are made of.
 */
export { onAbort } from './abort-hooks.js';
export type { BlockedCall } from './blocked-call.js';
export { checkSecret } from './callers.js';
export { Machine, type MachineOptions } from './machine.js';
export type { MemorySpace, Pace } from './space.js';
export type { Steps, UncheckedCall } from './steps.js';
export { MemoryStore, type MemoryStoreOptions } from './store.js';
export { watchOf } from './watch.js';
