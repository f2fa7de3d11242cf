/**
 * Signatures for rounds in memory: a hash under the signer's name. Whoever is given a `Signing` can sign as
 * that general alone, and nobody in a simulated round is given another's. This is the model of the proofs,
 * where signatures cannot be forged by assumption; against somebody who computes a hash it protects nothing.
 */
import type { GeneralId, Signing } from './protocol.js';
import { random } from './random.js';

/** The signing of one general in a simulated round. */
export function idealSigning(general: GeneralId, instance: string): Signing {
  return {
    instance,
    sign: (bytes) => signatureOf(general, bytes),
    verify: (signer, bytes, signature) => isEqual(signatureOf(signer, bytes), signature),
  };
}

function signatureOf(general: GeneralId, bytes: Uint8Array): Uint8Array {
  const hash = random(0, 'signature', general, ...bytes);
  return Uint8Array.from([hash >>> 24, hash >>> 16, hash >>> 8, hash]);
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
