/**
 * The limits of a space, and the checks of what clients send against them. Reaching a count or size that a space may hold is
 * resource_exhausted; a single value, tuple, template or request that could never fit is invalid_argument, with the field's name.
 */

/** Every limit of a space. A space's settings may lower or raise each within the store's own ceiling. */
export interface SpaceLimits {
  /** Tuples that stand in the space, held ones included. */
  readonly tuplesMax: number;
  /** Bytes of all tuples, as their canonical size counts them (see size in this file). */
  readonly bytesMax: number;
  /** Fields of a tuple. */
  readonly arityMax: number;
  /** Canonical size of one tuple. */
  readonly tupleBytesMax: number;
  /** UTF-8 bytes of one string, and length of one bytes value. */
  readonly valueBytesMax: number;
  /** Lists inside lists; a list of plain values is 1. */
  readonly depthMax: number;
  /** Tuples in one Write or one commit. */
  readonly writeTuplesMax: number;
  /** Tuples in one answer of Read or Take. */
  readonly readTuplesMax: number;
  /** Templates in one call. */
  readonly templatesMax: number;
  /** Tuples that one call may examine. */
  readonly examinedMax: number;
  /** Blocked calls. */
  readonly waitersMax: number;
  readonly leasesMax: number;
  /** Shortest and longest time to live, hold and lease, in ms. */
  readonly ttlMsMin: number;
  readonly ttlMsMax: number;
  /** Longest wait of one blocked call, in ms; a longer one is capped. */
  readonly waitMsMax: number;
}

/** The defaults; `tuplespace.*` in release.toml changes some of them for a deployment. */
export const defaultLimits: SpaceLimits = {
  tuplesMax: 2_000_000,
  bytesMax: 1024 * 1024 * 1024,
  arityMax: 16,
  tupleBytesMax: 256 * 1024,
  valueBytesMax: 64 * 1024,
  depthMax: 8,
  writeTuplesMax: 10_000,
  readTuplesMax: 10_000,
  templatesMax: 64,
  examinedMax: 20_000,
  waitersMax: 10_000,
  leasesMax: 10_000,
  ttlMsMin: 1,
  ttlMsMax: 7 * 24 * 3600 * 1000,
  waitMsMax: 60_000,
};
