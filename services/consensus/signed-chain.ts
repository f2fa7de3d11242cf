/**
 * Chains of signatures: what each signer of a chain signs, and whether a chain is as it should be.
 *
 * A signature covers the protocol, the round, the vote and the entire chain before it, signer by signer with
 * their signatures, and the signer itself. Every part is written with its length, so that no two chains are
 * the same bytes, and the whole begins with a name of its own, so that nothing signed for another purpose is
 * ever a chain.
 */
import type { Entry, GeneralId, Path, Signing, Vote } from './protocol.js';

/** The chain with one more signer, who must be the owner of `signing`. */
export function extendChain(entry: Entry, signer: GeneralId, signing: Signing): Entry {
  const { path, vote, signatures = [] } = entry;
  const bytes = signedBytes(signing.instance, vote, path, signatures, signer);
  return { path: [...path, signer], vote, signatures: [...signatures, signing.sign(bytes)] };
}

/** The beginning of a chain: the commander's own. */
export function beginChain(vote: Vote, commander: GeneralId, signing: Signing): Entry {
  return extendChain({ path: [], vote, signatures: [] }, commander, signing);
}

/** True when every general of the path has signed the vote and all before it. Costs one check a signature. */
export function isSigned({ path, vote, signatures = [] }: Entry, signing: Signing): boolean {
  if (signatures.length !== path.length) return false;
  return path.every((signer, index) => {
    const before = signatures.slice(0, index);
    const bytes = signedBytes(signing.instance, vote, path.slice(0, index), before, signer);
    const signature = signatures[index];
    return signature !== undefined && signing.verify(signer, bytes, signature);
  });
}

/** The bytes that a signer signs who comes after this chain. */
export function signedBytes(
  instance: string,
  vote: Vote,
  path: Path,
  signatures: readonly Uint8Array[],
  signer: GeneralId,
): Uint8Array {
  const chain = path.flatMap((general, index) => [text(general), signatures[index] ?? empty]);
  return joined([text(domain), text(instance), text(vote), ...chain, text(signer)]);
}

const domain = 'byzantine-generals sm/1 chain';
const empty = new Uint8Array();
const encoder = new TextEncoder();

function text(value: string): Uint8Array {
  return encoder.encode(value);
}

/** Each part behind its length in four bytes, the highest first. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** What signed bytes say; undefined for bytes that are no chain. */
export function readSignedBytes(bytes: Uint8Array): SignedContent | undefined {
  const parts = split(bytes);
  const [name, instance, vote, ...rest] = parts?.map((part) => decoder.decode(part)) ?? [];
  const signer = rest.at(-1);
  // Each signer of the chain before comes with its signature.
  if (name !== domain || instance === undefined || vote === undefined || signer === undefined)
    return undefined;
  if (rest.length % 2 === 0) return undefined;
  return { instance, vote, chain: rest.slice(0, -1).filter((_, index) => index % 2 === 0), signer };
}

export interface SignedContent {
  readonly instance: string;
  readonly vote: string;
  /** Who had signed before. */
  readonly chain: Path;
  readonly signer: GeneralId;
}

const decoder = new TextDecoder();

/** The parts again; undefined where the lengths do not fit. */
function split(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) return undefined;
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return parts;
}
