/**
 * What the requests on a space's tuples must be. Each check turns a request into what a store works with:
 * defaults filled, waits capped, tuples and templates copied. Errors: invalid_argument, naming the field.
 * Stores check once, at their edge.
 */
import { invalidArgument } from '../runtime/index.js';
import { checkInteger, checkText, checkTtl, checkWait } from './checks-field.js';
import { checkTemplate, checkTemplates } from './checks-template.js';
import type { CheckedTuple } from './checks-tuple.js';
import { checkEach } from './checks-tuple.js';
import type { SpaceLimits } from './limits.js';
import type {
  Cursor,
  LeaseRequest,
  ReadRequest,
  RequestId,
  SettleAction,
  SettleRequest,
  TakeRequest,
  WriteRequest,
} from './space.js';
import type { Template } from './template.js';
import type { Tuple } from './tuple.js';

/** How long written tuples live: for ever, for a time, or as long as a lease. */
export interface Life {
  readonly ttlMs?: number;
  readonly leaseId?: string;
}

export interface CheckedWrite {
  readonly tuples: readonly CheckedTuple[];
  readonly life: Life;
  readonly unless?: Template;
}

export interface CheckedRead {
  readonly templates: readonly Template[];
  readonly limit: number;
  readonly min: number;
  readonly waitMs: number;
  readonly countOnly: boolean;
  readonly includeHeld: boolean;
  /** Only tuples with a greater id; 0 for all. */
  readonly afterId: number;
}

export interface CheckedTake {
  readonly templates: readonly Template[];
  readonly max: number;
  readonly min: number;
  readonly waitMs: number;
  /** 0 removes at once. */
  readonly holdMs: number;
  readonly leaseId?: string;
}

export type CheckedSettle =
  | { readonly kind: 'commit'; readonly tuples: readonly CheckedTuple[]; readonly life: Life }
  | { readonly kind: 'release' }
  | { readonly kind: 'extend'; readonly holdMs: number };

export interface CheckedLease {
  readonly leaseId?: string;
  /** 0 revokes. */
  readonly ttlMs: number;
  readonly ifExpiresAtMs?: number;
}

/** Longest text of a hold token or lease id. */
const ticketLengthMax = 128;

export function checkWrite(request: WriteRequest, limits: SpaceLimits): CheckedWrite {
  const { unless } = request;
  return {
    tuples: checkTuples(request.tuples, 1, limits),
    life: checkLife(request, limits),
    ...(unless && { unless: checkTemplate(unless, 'unless', limits) }),
  };
}

export function checkRead(request: ReadRequest, limits: SpaceLimits): CheckedRead {
  const countOnly = request.countOnly === true;
  const waitMs = checkWait(request.waitMs, limits);
  const { readTuplesMax, tuplesMax } = limits;
  const limit = checkInteger(request.limit, 'limit', { min: 1, max: readTuplesMax, fallback: readTuplesMax });
  return {
    templates: checkTemplates(request.templates, 1, limits),
    limit,
    min: checkInteger(request.min, 'min', {
      min: 0,
      max: countOnly ? tuplesMax : limit,
      fallback: waitMs > 0 ? 1 : 0,
    }),
    waitMs,
    countOnly,
    includeHeld: request.includeHeld === true,
    afterId: checkAfterId(request.afterId),
  };
}

export function checkTake(request: TakeRequest, limits: SpaceLimits): CheckedTake {
  const max = checkInteger(request.max, 'max', { min: 1, max: limits.readTuplesMax, fallback: 1 });
  const holdMs = request.holdMs ?? 0;
  if (holdMs === 0 && request.leaseId !== undefined) {
    throw invalidArgument(
      'leaseId',
      'a take without holdMs leaves nothing for a lease, allowed is holdMs with it',
    );
  }
  return {
    templates: checkTemplates(request.templates, 1, limits),
    max,
    min: checkInteger(request.min, 'min', { min: 1, max, fallback: 1 }),
    waitMs: checkWait(request.waitMs, limits),
    holdMs: holdMs === 0 ? 0 : checkTtl(holdMs, 'holdMs', limits),
    ...checkLeaseId(request.leaseId),
  };
}

export function checkSettle(request: SettleRequest, limits: SpaceLimits): CheckedSettle {
  checkText(request.holdToken, 'holdToken', ticketLengthMax);
  const action: SettleAction | undefined = request.action;
  switch (action?.kind) {
    case 'commit':
      return {
        kind: 'commit',
        tuples: checkTuples(action.tuples ?? [], 0, limits),
        life: checkLife(action, limits),
      };
    case 'release':
      return { kind: 'release' };
    case 'extend':
      return { kind: 'extend', holdMs: checkTtl(action.holdMs, 'holdMs', limits) };
    default:
      throw invalidArgument('action', 'is not an action, allowed are commit, release and extend');
  }
}

export function checkLease(request: LeaseRequest, limits: SpaceLimits): CheckedLease {
  const { leaseId, ttlMs, graceMs, ifExpiresAtMs } = request;
  if (graceMs !== undefined) checkInteger(graceMs, 'graceMs', { min: 0, max: limits.ttlMsMax });
  if (ttlMs === 0 && leaseId === undefined) {
    throw invalidArgument('leaseId', 'ttlMs 0 revokes a lease, and there is none given');
  }
  return {
    ...checkLeaseId(leaseId),
    ttlMs: ttlMs === 0 ? 0 : checkTtl(ttlMs, 'ttlMs', limits),
    ...checkLeaseCondition(ifExpiresAtMs, leaseId),
  };
}

function checkLeaseCondition(
  ifExpiresAtMs: number | undefined,
  leaseId: string | undefined,
): { ifExpiresAtMs?: number } {
  if (ifExpiresAtMs === undefined) return {};
  if (leaseId === undefined)
    throw invalidArgument('ifExpiresAtMs', 'asks after a lease, and there is none given');
  return {
    ifExpiresAtMs: checkInteger(ifExpiresAtMs, 'ifExpiresAtMs', { min: 1, max: Number.MAX_SAFE_INTEGER }),
  };
}

export function checkRequestId(id: RequestId): RequestId {
  const session = checkText(id.session, 'requestId.session', 64);
  const sequence = checkInteger(id.sequence, 'requestId.sequence', { min: 1, max: Number.MAX_SAFE_INTEGER });
  const lowestUnanswered = checkInteger(id.lowestUnanswered, 'requestId.lowestUnanswered', {
    min: 1,
    max: sequence,
  });
  return { session, sequence, lowestUnanswered };
}

/** Checks a cursor as far as the space need not be known. */
export function checkCursor(cursor: Cursor): Cursor {
  const { incarnation, revision } = cursor;
  if (typeof revision !== 'bigint' || revision < 0n) {
    throw invalidArgument('from.revision', `${revision} is not a revision or 0`);
  }
  return { revision, ...(incarnation && { incarnation: checkText(incarnation, 'from.incarnation', 128) }) };
}

function checkTuples(
  tuples: readonly Tuple[],
  countMin: number,
  limits: SpaceLimits,
): readonly CheckedTuple[] {
  if (!Array.isArray(tuples)) throw invalidArgument('tuples', 'is not a list of tuples');
  if (tuples.length < countMin || tuples.length > limits.writeTuplesMax) {
    const allowed = `${countMin} to ${limits.writeTuplesMax} (writeTuplesMax)`;
    throw invalidArgument('tuples', `${tuples.length} tuples, allowed are ${allowed}`);
  }
  return checkEach(tuples, 'tuples', limits);
}

function checkLife({ ttlMs, leaseId }: Life, limits: SpaceLimits): Life {
  if (ttlMs !== undefined && leaseId !== undefined) {
    throw invalidArgument('leaseId', 'stands beside ttlMs, allowed is one of them');
  }
  return {
    ...(ttlMs !== undefined && { ttlMs: checkTtl(ttlMs, 'ttlMs', limits) }),
    ...checkLeaseId(leaseId),
  };
}

function checkLeaseId(leaseId: string | undefined): { leaseId?: string } {
  return leaseId === undefined ? {} : { leaseId: checkText(leaseId, 'leaseId', ticketLengthMax) };
}

/** Ids are counted as numbers inside a store; one beyond them has no tuple behind it. */
function checkAfterId(afterId: bigint | undefined): number {
  const id = afterId ?? 0n;
  if (typeof id !== 'bigint' || id < 0n) throw invalidArgument('afterId', `${id} is not a tuple's id or 0`);
  return id > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(id);
}
