/**
 * Who calls. A caller shows an opaque token; the space knows its SHA-256 and the caller behind it, and checks both inside
 * the atomic step of the call's effect. The writer stamped on a tuple is `Caller.id`.
 */
import { createHash, randomBytes } from 'node:crypto';

/** What a caller is. `client` is any user of the space that is not part of a round; `viewer` only reads. */
export type CallerKind = 'orchestrator' | 'node' | 'general' | 'viewer' | 'client';

export const callerKinds: readonly CallerKind[] = ['orchestrator', 'node', 'general', 'viewer', 'client'];

/** The identity behind a token. */
export interface Caller {
  readonly kind: CallerKind;
  /** What the space stamps as writer: `orchestrator`, `node-7f2a`, `general-3`, a client's own name, or `anonymous`. */
  readonly id: string;
  /** The epoch of a general's seat, from 1; a higher one fences the lower ones of the same id and space. Others: 0. */
  readonly epoch: number;
  /** The node that hosts a general's seat, as the audit names it; undefined where nobody said, and of other kinds. */
  readonly node?: string;
  /** The only space that the token is good for; undefined means all. A general's token always has one. */
  readonly space?: string;
  /** Store's time, ms since 1970, from which the token is refused; undefined means never. */
  readonly expiresAtMs?: number;
}

/** The caller of a call without a token, where the store's settings allow it. */
export const anonymous: Caller = { kind: 'client', id: 'anonymous', epoch: 0 };

/** A fresh token: 256 random bits as text. Whoever holds it is the caller; the space keeps only its hash. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What the space keeps of a token: its SHA-256 in lower-case hex. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
