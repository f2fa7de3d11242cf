import { idealSigning } from '../ideal-signatures.js';
import type { Entry, GeneralId, Message, Signing, Vote } from '../protocol.js';
import { beginChain, extendChain } from '../signed-chain.js';
import { ids } from '../testing/builders.js';
import type { SpaceRecord } from './loyal-replay.js';
import { checkTwoOrders, findTwoOrders, type TwoOrders } from './proof.js';

const generals = ids(0, 1, 2);
const [commander = '', first = '', second = ''] = generals;
const setting = {
  protocol: 'sm',
  mode: 'signed',
  isCouncil: false,
  generals,
  commander,
  traitorsMax: 1,
} as const;

const signingOf = (general: GeneralId, instance = 'round 7'): Signing => idealSigning(general, instance);

function message(from: GeneralId, to: GeneralId, phase: number, entry: Entry): Message {
  return { phase, from, to, entries: [entry] };
}

function order(vote: Vote, instance?: string): Entry {
  return beginChain(vote, commander, signingOf(commander, instance));
}

function recordOf(...messages: readonly Message[]): SpaceRecord {
  return { setting, order: 'Attack', entries: messages.map((one) => ({ kind: 'message', message: one })) };
}

/** KA4: the commander signs Attack to the one and Retreat to the other, and each relays what it got. */
const relayed = recordOf(
  message(commander, first, 0, order('Attack')),
  message(commander, second, 0, order('Retreat')),
  message(first, second, 1, extendChain(order('Attack'), first, signingOf(first))),
  message(second, first, 1, extendChain(order('Retreat'), second, signingOf(second))),
);

function verifyAs(signer: GeneralId) {
  const { verify } = signingOf(signer);
  return (bytes: Uint8Array, signature: Uint8Array) => verify(signer, bytes, signature);
}

function proofIn(record: SpaceRecord): TwoOrders {
  const [proof] = findTwoOrders(record, signingOf(first));
  if (proof === undefined) throw new Error('there is no proof');
  return proof;
}

describe('proof of two orders', () => {
  test('is found and holds', () => {
    const proof = proofIn(relayed);
    expect(proof.signer).toBe(commander);
    expect(proof.orders.map(({ vote }) => vote)).toEqual(['Attack', 'Retreat']);
    expect(checkTwoOrders(proof, verifyAs(commander))).toEqual([]);
  });

  test('is found in what one lieutenant holds', () => {
    const own = relayed.entries.filter((entry) => entry.kind === 'message' && entry.message.to === first);
    expect(findTwoOrders({ ...relayed, entries: own }, signingOf(first))).toHaveLength(1);
  });

  test('is none of a relay that signed both orders of its commander, which is its duty', () => {
    const both = recordOf(
      message(first, second, 1, extendChain(order('Attack'), first, signingOf(first))),
      message(first, second, 1, extendChain(order('Retreat'), first, signingOf(first))),
    );
    expect(findTwoOrders(both, signingOf(first)).map(({ signer }) => signer)).toEqual([commander]);
  });

  test('is none of a forgery', () => {
    const forged: Entry = { ...order('Retreat'), signatures: [new Uint8Array(4)] };
    const record = recordOf(
      message(commander, first, 0, order('Attack')),
      message(second, first, 1, { ...forged, path: [commander, second] }),
    );
    expect(findTwoOrders(record, signingOf(first))).toEqual([]);
  });

  test('is none of orders from two rounds', () => {
    const record = recordOf(
      message(commander, first, 0, order('Attack')),
      message(commander, second, 0, order('Retreat', 'round 8')),
    );
    expect(findTwoOrders(record, signingOf(first))).toEqual([]);
  });

  test('does not hold when anything of it is changed', () => {
    const proof = proofIn(relayed);
    const [one, other] = proof.orders;
    const relay = extendChain(order('Retreat'), second, signingOf(second));
    const doctored: [string, TwoOrders, RegExp][] = [
      ['another signer', { ...proof, signer: second }, /was signed as general-0, not as general-2/],
      ['another round', { ...proof, instance: 'round 8' }, /is of round round 7, not of round 8/],
      [
        'another vote',
        { ...proof, orders: [one, { ...other, vote: 'Attack' }] },
        /what was signed is Retreat/,
      ],
      ['the same twice', { ...proof, orders: [one, one] }, /both orders are Attack/],
      [
        'another signature',
        { ...proof, orders: [one, { ...other, signature: one.signature }] },
        /does not verify/,
      ],
      [
        'bytes of nothing',
        { ...proof, orders: [one, { ...other, bytes: new Uint8Array(7) }] },
        /are no order/,
      ],
      [
        'a relay',
        { ...proof, orders: [one, { ...other, bytes: bytesOfRelay(relay) }] },
        /is a relay, which may be of two orders/,
      ],
    ];
    for (const [what, bad, problem] of doctored) {
      expect({ what, problems: checkTwoOrders(bad, verifyAs(commander)) }).toEqual({
        what,
        problems: expect.arrayContaining([expect.stringMatching(problem)]),
      });
    }
  });
});

function bytesOfRelay({ vote, path, signatures = [] }: Entry): Uint8Array {
  const parts: Uint8Array[] = [];
  const recording: Signing = {
    ...signingOf(second),
    sign: (bytes) => {
      parts.push(bytes);
      return bytes;
    },
  };
  extendChain({ vote, path: path.slice(0, -1), signatures: signatures.slice(0, -1) }, second, recording);
  return parts[0] ?? new Uint8Array();
}
