/**
 * Tuples as JSON documents.
 */
import type { StoredTuple } from '../../tuplespace/index.js';
import { type JsonValue, jsonTuple } from '../literal/json.js';
import { printTuple } from '../literal/print.js';

/** A tuple as a space keeps it. Ids and revisions are decimal text, times ISO 8601. */
export interface TupleFacts {
  readonly id: string;
  readonly values: readonly JsonValue[];
  /** The same as `byz space` takes it. */
  readonly literal: string;
  /** Who wrote it, as the space knows. */
  readonly writer: string;
  readonly writerEpoch: number;
  readonly revision: string;
  readonly writtenAt: string;
  /** Null: it stays. */
  readonly expiresAt: string | null;
  /** How often a hold gave it back. */
  readonly deliveryCount: number;
}

export function tupleFacts(tuple: StoredTuple): TupleFacts {
  const { id, values, writer, writerEpoch, revision, writtenAtMs, expiresAtMs, deliveryCount } = tuple;
  return {
    id: id.toString(),
    values: jsonTuple(values),
    literal: printTuple(values),
    writer,
    writerEpoch,
    revision: revision.toString(),
    writtenAt: new Date(writtenAtMs).toISOString(),
    expiresAt: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
    deliveryCount,
  };
}

/**
 * One line for people: the literal, which other commands take; `isLong` puts before it what the space knows.
 */
export function tupleLine(tuple: StoredTuple, { isLong }: { isLong: boolean }): string {
  const literal = printTuple(tuple.values);
  return isLong ? `${tuple.id}  revision ${tuple.revision}  ${tuple.writer}  ${literal}` : literal;
}
