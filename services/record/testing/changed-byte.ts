/**
 * A record with one byte of one message changed, for properties: no change may go unnoticed.
 */
import * as fc from 'fast-check';
import type { Trace } from '../trace.js';
import { printTrace } from '../trace.js';

/** Which message, which byte of it, and what stands there instead. */
export const byteChanges = fc.record({
  message: fc.nat(),
  byte: fc.nat(),
  // Printable: a line stays a line.
  replacement: fc.integer({ min: 0x20, max: 0x7e }),
});

export interface ByteChange {
  readonly message: number;
  readonly byte: number;
  readonly replacement: number;
}

export interface ChangedRecord {
  /** `trace.jsonl`. */
  readonly text: string;
  /** Of the changed line in it, from 0. */
  readonly index: number;
}

/** Undefined where the change changes nothing. */
export function withChangedByte({ events }: Trace, change: ByteChange): ChangedRecord | undefined {
  const indexes = events.flatMap(({ kind }, index) => (kind === 'message' ? [index] : []));
  const index = indexes[change.message % Math.max(1, indexes.length)];
  const lines = printTrace(events).split('\n');
  const line = index === undefined ? undefined : lines[index];
  if (index === undefined || line === undefined) return undefined;
  // The place of the line, which is before the message, is not what was said.
  const start = line.indexOf('"message":{') + '"message":{'.length;
  const at = start + (change.byte % (line.length - 2 - start));
  const replacement = String.fromCharCode(change.replacement);
  if (line[at] === replacement) return undefined;
  lines[index] = `${line.slice(0, at)}${replacement}${line.slice(at + 1)}`;
  return { text: lines.join('\n'), index };
}
