/**
 * The memory store.
 */
export { MemoryStore, type MemoryStoreOptions } from './store.js';
