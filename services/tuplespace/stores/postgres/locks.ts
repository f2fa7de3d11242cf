/**
 * The advisory locks of a log. A database has one set of them for all its schemas, so each gets a number of its own.
 */
import { createHash } from 'node:crypto';

export function lockOf(schema: string, purpose: 'append' | 'migrate' | 'snapshot'): string {
  return String(createHash('sha256').update(`byzantine ${schema} ${purpose}`).digest().readBigInt64BE());
}
