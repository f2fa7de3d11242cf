/**
 * Who may call: the tokens that the store knows, by their hashes, and the highest epoch of each general's
 * seat. The spaces ask in the step of each effect, so a revoked token or a lower epoch is refused from the
 * next step on.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '../../../runtime/index.js';
import type { Caller, CallerKind } from '../../caller.js';
import { anonymous, createToken, hashToken } from '../../caller.js';
import { overLimit } from '../../limits.js';
import type { EnrolAnswer, EnrolRequest, PutTokenRequest } from '../../space.js';
import { controlSpaceName, roundSpacePrefix } from '../../space-names.js';
import type { DumpRecord } from './dump-shapes.js';
import { Refused } from './refusal.js';

export interface CallersOptions {
  /** Undefined: anyone may enrol. */
  readonly enrolmentSecret: string | undefined;
  readonly isAnonymousAllowed: boolean;
  readonly tokensMax: number;
  readonly nowMs: () => number;
  /** Tokens of spaces that are gone make room for new ones. */
  readonly hasSpace: (name: string) => boolean;
  /** Undefined: the machine's randomness. */
  readonly createToken?: (() => string) | undefined;
}

export class Callers {
  readonly #options: CallersOptions;
  readonly #byHash = new Map<string, Caller>();
  /** Highest epoch by seat. */
  readonly #epochs = new Map<string, number>();

  constructor(options: CallersOptions) {
    this.#options = options;
  }

  /** The caller behind a token's hash; undefined is no token. Errors: unauthenticated. */
  identify(tokenHash: string | undefined): Caller {
    if (tokenHash === undefined) {
      if (this.#options.isAnonymousAllowed) return anonymous;
      throw new ServiceError('unauthenticated', 'there is no token, and the store refuses anonymous callers');
    }
    const caller = this.#byHash.get(tokenHash);
    if (caller === undefined)
      throw new ServiceError('unauthenticated', 'the token is unknown or was revoked');
    if (this.#isExpired(caller)) {
      throw new ServiceError('unauthenticated', `the token of ${caller.id} expired at ${caller.expiresAtMs}`);
    }
    return caller;
  }

  /** When a token that is still good expires; undefined: never, or it is not good. */
  expiryMs(tokenHash: string | undefined): number | undefined {
    const caller = tokenHash === undefined ? undefined : this.#byHash.get(tokenHash);
    return caller === undefined || this.#isExpired(caller) ? undefined : caller.expiresAtMs;
  }

  /** Refuses the holder of a seat that has moved. Errors: failed_precondition. */
  checkEpoch(caller: Caller): void {
    const highest = this.#epochs.get(seatOf(caller)) ?? 0;
    if (caller.epoch >= highest) return;
    throw new Refused(
      'failed_precondition',
      `epoch: ${caller.epoch} of ${caller.id} is over, the seat is in epoch ${highest}`,
      { by: { rule: 'epoch' }, details: { epoch: String(highest) } },
    );
  }

  /**
   * Makes a token; earlier ones of the same id stay good. Errors: unauthenticated (the secret),
   * resource_exhausted.
   */
  enrol({ kind, id, secret }: EnrolRequest): EnrolAnswer {
    checkSecret(secret, this.#options.enrolmentSecret);
    const token = (this.#options.createToken ?? createToken)();
    const caller: Caller = { kind, id, epoch: 0 };
    this.admit(hashToken(token), caller);
    return { token, caller };
  }

  /** Makes the token behind this hash a caller's. Errors: resource_exhausted. */
  admit(tokenHash: string, caller: Caller): void {
    const { tokensMax } = this.#options;
    if (this.#byHash.size >= tokensMax) this.#sweep();
    if (this.#byHash.size >= tokensMax)
      throw overLimit('tokensMax', tokensMax, `${tokensMax} tokens are known`);
    this.#byHash.set(tokenHash, caller);
  }

  /**
   * Errors: already_exists (the token is another caller's), failed_precondition (the epoch is over),
   * resource_exhausted.
   */
  put({ tokenHash, caller, ttlMs }: PutTokenRequest): void {
    const known = this.#byHash.get(tokenHash);
    if (known !== undefined) {
      if (ttlMs === undefined ? isSameCaller(known, caller) : isSameButExpiry(known, caller)) return;
      throw new ServiceError('already_exists', `tokenHash: is a token of ${known.id} with other properties`);
    }
    this.checkEpoch(caller);
    const expiry = ttlMs !== undefined && { expiresAtMs: this.#options.nowMs() + ttlMs };
    this.admit(tokenHash, { ...caller, ...expiry });
    if (caller.epoch > 0) this.#epochs.set(seatOf(caller), caller.epoch);
  }

  /** Errors: not_found. */
  revoke(tokenHash: string): void {
    if (!this.#byHash.delete(tokenHash))
      throw new ServiceError('not_found', 'tokenHash: there is no such token');
  }

  *dump(): Generator<DumpRecord<'token' | 'epoch'>> {
    for (const [tokenHash, caller] of this.#byHash) yield { kind: 'token', state: { tokenHash, caller } };
    for (const [seat, epoch] of this.#epochs) yield { kind: 'epoch', state: { seat, epoch } };
  }

  /** Takes the records of `dump`, in their order, among callers that know no token. */
  restore({ kind, state }: DumpRecord<'token' | 'epoch'>): void {
    if (kind === 'token') this.#byHash.set(state.tokenHash, state.caller);
    else this.#epochs.set(state.seat, state.epoch);
  }

  /** Forgets the tokens that are good for nothing any more, and the epochs of seats that no token is for. */
  #sweep(): void {
    for (const [tokenHash, caller] of this.#byHash) {
      const isHomeless = caller.space !== undefined && !this.#options.hasSpace(caller.space);
      if (isHomeless || this.#isExpired(caller)) this.#byHash.delete(tokenHash);
    }
    const seats = new Set([...this.#byHash.values()].map(seatOf));
    for (const seat of this.#epochs.keys()) if (!seats.has(seat)) this.#epochs.delete(seat);
  }

  #isExpired({ expiresAtMs }: Caller): boolean {
    return expiresAtMs !== undefined && expiresAtMs <= this.#options.nowMs();
  }
}

/** Callers that may change tuples; a viewer only reads. */
export const writers: readonly CallerKind[] = ['orchestrator', 'node', 'general', 'client'];
/** Callers that may make spaces. */
const founders: readonly CallerKind[] = ['orchestrator', 'node', 'client'];
export const orchestrators: readonly CallerKind[] = ['orchestrator'];

/** Who may make a space of this name: nobody takes the names that rounds will need. */
export function foundersOf(space: string): readonly CallerKind[] {
  if (space.startsWith(roundSpacePrefix)) return orchestrators;
  return space === controlSpaceName ? ['orchestrator', 'node'] : founders;
}

/** Errors: unauthenticated where another secret is expected; undefined: none is. */
export function checkSecret(secret: string, expected: string | undefined): void {
  if (expected === undefined || isSameText(secret, expected)) return;
  throw new ServiceError('unauthenticated', 'secret: is not the bootstrap secret of this store');
}

/** Refuses a caller whose token is bound to another space. Errors: permission_denied. */
export function checkBound(caller: Caller, space: string): void {
  if (caller.space === undefined || caller.space === space) return;
  throw new Refused(
    'permission_denied',
    `space: the token of ${caller.id} is good for "${caller.space}" only, not for "${space}"`,
    { by: { rule: 'space' } },
  );
}

/** Refuses callers of other kinds. Errors: permission_denied. */
export function checkKind(caller: Caller, allowed: readonly CallerKind[], act: string): void {
  if (allowed.includes(caller.kind)) return;
  throw new Refused(
    'permission_denied',
    `${caller.id} is a ${caller.kind}, only ${allowed.join(', ')} may ${act}`,
    { by: { rule: 'kind' } },
  );
}

function seatOf({ id, space }: Caller): string {
  return `${id} ${space ?? ''}`;
}

function isSameCaller(left: Caller, right: Caller): boolean {
  return (
    left.kind === right.kind &&
    left.id === right.id &&
    left.epoch === right.epoch &&
    left.node === right.node &&
    left.space === right.space &&
    left.expiresAtMs === right.expiresAtMs
  );
}

/** The token that a time to live was put for is that of the same caller, whatever the time was when it was first put. */
function isSameButExpiry(known: Caller, caller: Caller): boolean {
  const { expiresAtMs } = known;
  return expiresAtMs !== undefined && isSameCaller(known, { ...caller, expiresAtMs });
}

/** Compares in a time that does not depend on the texts. */
function isSameText(left: string, right: string): boolean {
  const [leftHash, rightHash] = [left, right].map((text) => createHash('sha256').update(text).digest());
  return leftHash !== undefined && rightHash !== undefined && timingSafeEqual(leftHash, rightHash);
}
