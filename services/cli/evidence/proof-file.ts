/**
 * A proof as a file that a stranger can check: JSON, with bytes in base64.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import type { Proven, SignedOrder, TwoOrders, Vote } from '../../consensus/index.js';
import { invalidArgument } from '../../runtime/index.js';

/** `byzantine.proof/1`. */
export interface ProofDocument {
  readonly schema: 'byzantine.proof/1';
  /** What is proven: two orders under one key for one round. */
  readonly rule: 'two-orders';
  /** The round, as it stands in the signed bytes. */
  readonly instance: string;
  readonly signer: string;
  /** Ed25519, as SubjectPublicKeyInfo in DER (RFC 8410), base64. */
  readonly publicKey: string;
  readonly orders: readonly [OrderDocument, OrderDocument];
}

interface OrderDocument {
  readonly vote: Vote;
  /** Base64. */
  readonly bytes: string;
  readonly signature: string;
}

/** A proof, and the key under which it is to hold. */
export interface ReadProof {
  readonly proof: TwoOrders;
  readonly key: KeyObject;
  /** SHA-256 of the key's DER, hex: what its owner can be asked for. */
  readonly fingerprint: string;
}

/** The key as the 32 bytes of RFC 8032. */
export function proofDocument({ publicKey, ...proof }: Proven): ProofDocument {
  const [one, other] = proof.orders;
  return {
    schema: 'byzantine.proof/1',
    rule: 'two-orders',
    instance: proof.instance,
    signer: proof.signer,
    publicKey: base64(Buffer.concat([spkiPrefix, publicKey])),
    orders: [orderDocument(one), orderDocument(other)],
  };
}

/** What stands before the 32 bytes in SubjectPublicKeyInfo (RFC 8410, section 4). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Errors: invalid_argument (what is wrong with the form, by its field). */
export function readProof(file: string, content: string): ReadProof {
  const parsed = documentSchema.safeParse(parse(file, content));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const problem = issue?.message ?? 'is no proof';
    const field = [file, issue?.path.join('.') ?? ''].filter((part) => part !== '').join(': ');
    throw invalidArgument(field, `${problem.charAt(0).toLowerCase()}${problem.slice(1)}`);
  }
  const { signer, instance, orders, publicKey } = parsed.data;
  return {
    proof: { signer, instance, orders },
    key: keyOf(publicKey, (problem) => invalidArgument(`${file}: publicKey`, problem)),
    fingerprint: createHash('sha256').update(publicKey).digest('hex'),
  };
}

const bytes = z.base64().transform((text) => Buffer.from(text, 'base64'));
const order = z.strictObject({ vote: z.enum(['Attack', 'Retreat']), bytes, signature: bytes });
const documentSchema = z.strictObject({
  schema: z.literal('byzantine.proof/1'),
  rule: z.literal('two-orders'),
  instance: z.string().min(1),
  signer: z.string().min(1),
  publicKey: bytes,
  orders: z.tuple([order, order]),
});

/** True when the key made the signature over these bytes; never throws. */
export function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, bytes, key, signature);
  } catch {
    return false;
  }
}

function keyOf(der: Buffer, refuse: (problem: string) => Error): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    throw refuse('must be a public key in DER (SubjectPublicKeyInfo)');
  }
  if (key.asymmetricKeyType !== 'ed25519') throw refuse(`must be Ed25519, is ${key.asymmetricKeyType}`);
  return key;
}

function parse(file: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw invalidArgument(file, 'is not JSON');
  }
}

function orderDocument({ vote, bytes, signature }: SignedOrder): OrderDocument {
  return { vote, bytes: base64(bytes), signature: base64(signature) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
