/**
 * Checking the signatures of a recorded round, here in the page: Ed25519 by the book (RFC 8032), as the services do.
 */
import { hashes, verify } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import type { VerifySignature } from '../../../record/index.js';

export const verifySignature: VerifySignature = (publicKey, bytes, signature) => {
  hashes.sha512 = sha512;
  try {
    return verify(signature, bytes, publicKey, { zip215: false });
  } catch {
    return false;
  }
};
