/**
 * What benchmarks and tests may use of the command line: the whole system in one process.
 */
export { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.js';
