/**
 * The log in Redis.
 */
export { RedisLog, type RedisLogOptions } from './log.js';
