/**
 * A store made of a log that replicas share.
 */
export type * from './log.js';
export { pullMax } from './log.js';
export { Lookout } from './lookout.js';
export { ReplicatedStore, type ReplicatedStoreOptions } from './store.js';
