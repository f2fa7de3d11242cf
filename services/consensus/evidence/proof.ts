/**
 * Proof that convinces a stranger: two orders that one key has signed as the commander's in one round. A loyal commander signs one; it
 * is the same after a crash, since it is a function of what the space says. Only signed messages can give such a proof, and only of this:
 * a relay that signs two orders of its commander did its duty, and silence signs nothing.
 *
 * What is proven is about the key. That the key is that general's is the word of whoever vouches for the key.
 */
import type { Entry, GeneralId, Signing, Vote } from '../protocol.js';
import { readSignedBytes, signedBytes } from '../signed-chain.js';
import type { SpaceRecord } from './loyal-replay.js';

/** One order, as it was signed. */
export interface SignedOrder {
  readonly vote: Vote;
  /** What the signature covers: the round, the vote and the signer. */
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** Two orders for one round under one name. */
export interface TwoOrders {
  readonly signer: GeneralId;
  /** The round, as it stands in the signed bytes. */
  readonly instance: string;
  readonly orders: readonly [SignedOrder, SignedOrder];
}

/** All proofs that a record holds, one for each signer, in canonical order. Costs one check for each order that differs. */
export function findTwoOrders(
  { setting, entries }: SpaceRecord,
  signing: Pick<Signing, 'instance' | 'verify'>,
): readonly TwoOrders[] {
  const { instance } = signing;
  const signed = new Map<GeneralId, Map<Vote, SignedOrder>>();
  for (const entry of entries) {
    if (entry.kind !== 'message') continue;
    for (const said of entry.message.entries) {
      const signer = said.path[0];
      const known = signer === undefined ? undefined : (signed.get(signer) ?? new Map<Vote, SignedOrder>());
      if (signer === undefined || known === undefined || known.has(said.vote)) continue;
      const order = orderOf(said, signer, instance);
      if (order === undefined || !signing.verify(signer, order.bytes, order.signature)) continue;
      signed.set(signer, known.set(said.vote, order));
    }
  }
  return setting.generals.flatMap((signer): TwoOrders[] => {
    const [one, other] = signed.get(signer)?.values() ?? [];
    return one === undefined || other === undefined ? [] : [{ signer, instance, orders: [one, other] }];
  });
}

function orderOf({ vote, signatures }: Entry, signer: GeneralId, instance: string): SignedOrder | undefined {
  const signature = signatures?.[0];
  if (signature === undefined) return undefined;
  return { vote, bytes: signedBytes(instance, vote, [], [], signer), signature };
}

/**
 * What is wrong with a proof, in words; empty when it holds. Needs nothing but the proof and a check of signatures under its key; all
 * that is claimed is read from the signed bytes again.
 */
export function checkTwoOrders(
  { signer, instance, orders }: TwoOrders,
  verify: (bytes: Uint8Array, signature: Uint8Array) => boolean,
): readonly string[] {
  const problems = orders.flatMap(({ vote, bytes, signature }, i): string[] => {
    const name = `order ${i + 1}`;
    const read = readSignedBytes(bytes);
    if (read === undefined) return [`${name}: the signed bytes are no order`];
    if (read.chain.length > 0) return [`${name}: what was signed is a relay, which may be of two orders`];
    const wrong: string[] = [];
    if (read.signer !== signer) wrong.push(`${name}: was signed as ${read.signer}, not as ${signer}`);
    if (read.instance !== instance) wrong.push(`${name}: is of round ${read.instance}, not of ${instance}`);
    if (read.vote !== vote) wrong.push(`${name}: what was signed is ${read.vote}, not ${vote}`);
    if (!verify(bytes, signature)) wrong.push(`${name}: the signature does not verify under the key`);
    return wrong;
  });
  const [one, other] = orders;
  const isSame = one.vote === other.vote;
  return isSame ? [...problems, `both orders are ${one.vote}, which is no contradiction`] : problems;
}
