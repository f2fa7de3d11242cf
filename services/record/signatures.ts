/**
 * The signatures of a recorded round: which of them verify under the keys of the record, and what each general has signed. Keys and
 * signatures stand in a record as lower-case hex, so that one thing is written in one way.
 */
import type { Entry, GeneralId, Signing } from '../consensus/index.js';
import { signedBytes } from '../consensus/index.js';
import type { Started, TraceEntry, TraceEvent } from './trace.js';

/** Checks one signature by Ed25519 (RFC 8032); false for whatever does not verify, never throws. Passed in: it is no part of this folder. */
export type VerifySignature = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;

/** How each general signs and checks in a round that is run again. */
export type SigningOf = (general: GeneralId) => Signing;

/**
 * The signing of a recorded round. Who is run again has no private key: what it signs is what the record holds as its signature over
 * these very bytes, if that verifies, and nothing otherwise. So a message follows from the record only with its own signatures.
 */
export function recordedSigning(
  events: readonly TraceEvent[],
  { space }: Started,
  verifySignature: VerifySignature,
): SigningOf {
  const keys = new Map<GeneralId, Uint8Array[]>();
  for (const event of events) {
    if (event.kind !== 'key') continue;
    keys.set(event.general, [...(keys.get(event.general) ?? []), fromHex(event.publicKey)]);
  }
  const verified = new Map<string, boolean>();
  const verify = (signer: GeneralId, bytes: Uint8Array, signature: Uint8Array): boolean => {
    const name = `${signer} ${toHex(bytes)} ${toHex(signature)}`;
    const known = verified.get(name);
    if (known !== undefined) return known;
    const isGood = (keys.get(signer) ?? []).some((key) => verifySignature(key, bytes, signature));
    verified.set(name, isGood);
    return isGood;
  };
  const signed = new Map<string, Uint8Array>();
  for (const event of events) {
    if (event.kind !== 'message') continue;
    for (const entry of event.message.entries) {
      for (const { signer, bytes, signature } of signaturesOf(entryOf(entry), space)) {
        if (verify(signer, bytes, signature)) signed.set(`${signer} ${toHex(bytes)}`, signature);
      }
    }
  }
  return (general) => ({
    instance: space,
    sign: (bytes) => signed.get(`${general} ${toHex(bytes)}`) ?? new Uint8Array(),
    verify,
  });
}

/** An entry of a record as the core reads it. */
export function entryOf({ path, vote, signatures }: TraceEntry): Entry {
  return signatures === undefined ? { path, vote } : { path, vote, signatures: signatures.map(fromHex) };
}

/** Bytes as they stand in a record. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The bytes of a text that `toHex` gave. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Each signature of a chain, with what it would have to cover. */
function signaturesOf({ path, vote, signatures = [] }: Entry, instance: string) {
  return path.flatMap((signer, i) => {
    const signature = signatures[i];
    if (signature === undefined) return [];
    const bytes = signedBytes(instance, vote, path.slice(0, i), signatures.slice(0, i), signer);
    return [{ signer, bytes, signature }];
  });
}
