/**
 * The memory store, and the state machine that it and the replicas of other stores are made of.
 */
export { onAbort } from './abort-hooks.js';
export type { AdminSteps } from './admin-steps.js';
export type { BlockedCall } from './blocked-call.js';
export type { CheckedCall, UncheckedCall } from './call.js';
export type { CallerGate, SpaceRefusal } from './caller-gate.js';
export { checkSecret } from './callers.js';
export { Machine, type MachineOptions } from './machine.js';
export type { Pace } from './pace.js';
export type { Reach } from './reach.js';
export { RecordedReads } from './recorded-reads.js';
export type { MemorySpace } from './space.js';
export type { Steps } from './steps.js';
export { MemoryStore, type MemoryStoreOptions } from './store.js';
export { watchOf } from './watch.js';
