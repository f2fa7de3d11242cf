/**
 * Keys of a seat: one for each epoch, ever. What a restart without its private key can and cannot do to a loyal general.
 */
import { collectEvidence, type RecordEntry } from '../consensus/index.js';
import { any, template } from '../tuplespace/index.js';
import { createKeyPair, KeyRing, verifySignature } from './signing.js';
import type { RoundInSpace } from './testing/round-in-space.js';
import { openRound } from './testing/round-in-space.js';
import { isMessage, keyTemplate, messageTemplates, readKeyTuple, readMessage } from './tuples.js';

const never = new AbortController().signal;
const signed = { protocol: 'sm', mode: 'signed' } as const;

describe('a key pair', () => {
  test('of the same secret is the same, and signs the same bytes alike', () => {
    const [one, other] = [createKeyPair(new Uint8Array(32)), createKeyPair(new Uint8Array(32))];
    const bytes = Uint8Array.of(1, 2, 3);
    expect(one.publicKey).toEqual(other.publicKey);
    expect(one.sign(bytes)).toEqual(other.sign(bytes));
    expect(createKeyPair().publicKey).not.toEqual(createKeyPair().publicKey);
  });

  test('gives the public key of RFC 8032, test 1', () => {
    const secret = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const { publicKey, sign } = createKeyPair(secret);
    expect(Buffer.from(publicKey).toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    expect(Buffer.from(sign(new Uint8Array())).toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  test('verifies what it signed and nothing else, whatever bytes come', () => {
    const { publicKey, sign } = createKeyPair();
    const bytes = Uint8Array.of(1, 2, 3);
    const signature = sign(bytes);
    expect(verifySignature(publicKey, bytes, signature)).toBe(true);
    expect(verifySignature(publicKey, bytes, signature.with(0, (signature[0] ?? 0) ^ 1))).toBe(false);
    expect(verifySignature(publicKey, Uint8Array.of(1, 2), signature)).toBe(false);
    expect(verifySignature(createKeyPair().publicKey, bytes, signature)).toBe(false);
    for (const length of [0, 31, 33])
      expect(verifySignature(new Uint8Array(length), bytes, signature)).toBe(false);
    expect(verifySignature(publicKey, bytes, new Uint8Array(3))).toBe(false);
  });
});

describe('a general that starts again without its private key', () => {
  let round: RoundInSpace;
  afterEach(() => round.stop());

  /** Everything that the space holds of messages and keys, as evidence reads it. */
  async function evidence() {
    const ring = new KeyRing();
    for (const key of (await round.readAll(keyTemplate)).map(readKeyTuple))
      if (key !== undefined) ring.add(key);
    const tuples = await Promise.all(messageTemplates.map((one) => round.readAll(one)));
    const entries = tuples.flat().flatMap((tuple): RecordEntry[] => {
      const read = isMessage(tuple) ? readMessage(tuple) : undefined;
      return read?.kind === 'message' ? [{ kind: 'message', message: read.message }] : [];
    });
    const { setting } = round;
    return collectEvidence(
      { setting, order: 'Attack', signing: ring.signing(round.name), entries },
      ring.known,
    );
  }

  test.each(['general-0', 'general-1'])(
    'in the same epoch (%s) has no second key, says nothing, and is not convicted',
    async (id) => {
      round = await openRound({ form: signed });
      await Promise.all(round.setting.generals.map((one) => round.general(one).run(never)));
      const before = await round.readAll(template('vote', id, any, any, any, any, any));
      const again = round.general(id, { hasPast: true, keyPair: createKeyPair() });
      await expect(again.run(never)).rejects.toMatchObject({ code: 'already_exists' });
      const keys = (await round.readAll(keyTemplate)).filter(({ writer }) => writer === id);
      expect(keys).toHaveLength(1);
      expect(await round.readAll(template('vote', id, any, any, any, any, any))).toEqual(before);
      const { proven, attested } = await evidence();
      expect({ proven, attested }).toEqual({ proven: [], attested: [] });
    },
  );
});
