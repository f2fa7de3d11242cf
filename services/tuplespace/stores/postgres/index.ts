/**
 * The log in Postgres.
 */
export { PostgresLog, type PostgresLogOptions } from './log.js';
