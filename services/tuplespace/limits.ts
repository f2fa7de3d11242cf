/**
 * The limits of a space. Reaching a count or size that a space may hold is resource_exhausted; a single
 * value, tuple, template or request that could never fit is invalid_argument, with the field's name. The
 * checks stand in checks-*.ts.
 */
import { ServiceError } from '../runtime/index.js';

/** Every limit of a space. A space's settings may lower or raise each, up to the store's ceilings. */
export interface SpaceLimits {
  /** Tuples that stand in the space, held ones included. */
  readonly tuplesMax: number;
  /** Bytes of all tuples that stand, by their canonical size (see checks-tuple.ts). */
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
  /** Tuples that one call may examine. The snapshot of a watch examines its matches for free. */
  readonly examinedMax: number;
  /** Blocked calls; and, counted by themselves, watches. */
  readonly waitersMax: number;
  readonly leasesMax: number;
  /** Shortest and longest time to live, hold and lease, in ms. */
  readonly ttlMsMin: number;
  readonly ttlMsMax: number;
  /** Longest wait of one blocked call, in ms; a longer one is capped. */
  readonly waitMsMax: number;
  /** Tuples, and their bytes, of one writer that stand in the space. This and what follows is not for orchestrators. */
  readonly callerTuplesMax: number;
  readonly callerBytesMax: number;
  /** Writes, takes, settles and leases of one caller in one second of the store, those that are refused included. */
  readonly callerWritesPerSecondMax: number;
  /** Blocked calls of one caller, and its watches; each replica of the service counts its own. */
  readonly callerWaitersMax: number;
  readonly callerWatchesMax: number;
}

/** Far more than anybody needs: a space that says nothing has no quotas. */
const noQuotas = {
  callerTuplesMax: 20_000_000,
  callerBytesMax: 16 * 1024 * 1024 * 1024,
  callerWritesPerSecondMax: 1_000_000,
  callerWaitersMax: 100_000,
  callerWatchesMax: 100_000,
};

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
  ...noQuotas,
};

/** How far a space's own settings may raise each limit. */
export const limitCeilings: SpaceLimits = {
  tuplesMax: 20_000_000,
  bytesMax: 16 * 1024 * 1024 * 1024,
  arityMax: 64,
  tupleBytesMax: 4 * 1024 * 1024,
  valueBytesMax: 4 * 1024 * 1024,
  depthMax: 32,
  writeTuplesMax: 100_000,
  readTuplesMax: 100_000,
  templatesMax: 1_000,
  examinedMax: 20_000_000,
  waitersMax: 100_000,
  leasesMax: 1_000_000,
  ttlMsMin: 24 * 3600 * 1000,
  ttlMsMax: 365 * 24 * 3600 * 1000,
  waitMsMax: 300_000,
  ...noQuotas,
};

/**
 * The error for a limit that was reached. Code: resource_exhausted; the details name the limit and its value.
 * @param problem what reached it, with the number
 */
export function overLimit(limit: string, max: number, problem: string): ServiceError {
  return new ServiceError('resource_exhausted', `${limit}: ${problem}, at most ${max} allowed`, {
    details: { limit, max: String(max) },
  });
}
