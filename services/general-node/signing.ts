/**
 * Ed25519 for signed messages (RFC 8032). A general's key pair is made on its node for one round and one epoch of its seat, and the
 * private key never leaves the node; the public key stands in the round's space as a tuple that only its general can write.
 */
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import type { GeneralId, KnownKey, Signing } from '../consensus/index.js';

export interface KeyPair {
  /** The 32 bytes of RFC 8032. */
  readonly publicKey: Uint8Array;
  /** The same bytes, the same signature. */
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** From 32 bytes that nobody may guess; default: the machine's randomness. The same bytes, the same pair. */
export function createKeyPair(secret: Uint8Array = randomBytes(32)): KeyPair {
  const der = Buffer.concat([pkcs8Prefix, secret]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const encoded = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(encoded.subarray(spkiPrefix.length)),
    sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}

/**
 * The public keys of a round, one for each epoch in which a general had a seat: a chain that was signed before a seat moved stays
 * good. Keys come from tuples, so from whoever the space says wrote them, and never from the other general itself.
 */
export class KeyRing {
  readonly #keys = new Map<GeneralId, KeyObject[]>();
  readonly #known: KnownKey[] = [];

  add({ general, publicKey }: { readonly general: GeneralId; readonly publicKey: Uint8Array }): void {
    const key = readKey(publicKey);
    if (key === undefined) return;
    this.#keys.set(general, [...(this.#keys.get(general) ?? []), key]);
    const isSigned = (bytes: Uint8Array, signature: Uint8Array) => verify(null, bytes, key, signature);
    this.#known.push({ general, publicKey, verify: isSigned });
  }

  /** Each key by itself, in the order of the space. */
  get known(): readonly KnownKey[] {
    return this.#known;
  }

  verify(signer: GeneralId, bytes: Uint8Array, signature: Uint8Array): boolean {
    return (this.#keys.get(signer) ?? []).some((key) => verify(null, bytes, key, signature));
  }

  /** For one general; without its key pair, for whoever only checks: what it then signs nobody will believe. */
  signing(instance: string, keyPair?: KeyPair): Signing {
    return {
      instance,
      sign: keyPair?.sign ?? (() => new Uint8Array()),
      verify: (signer, bytes, signature) => this.verify(signer, bytes, signature),
    };
  }
}

/** True when the key of these 32 bytes made the signature; never throws, whatever the bytes are. */
export function verifySignature(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  const key = readKey(publicKey);
  return key !== undefined && verify(null, bytes, key, signature);
}

/** What stands before the 32 bytes in the usual encoding (RFC 8410, section 4). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');
/** The same for the 32 bytes of a private key (section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Undefined for what is no key: a traitor may write anything. */
function readKey(publicKey: Uint8Array): KeyObject | undefined {
  if (publicKey.length !== 32) return undefined;
  return createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' });
}
