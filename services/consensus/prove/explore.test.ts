import { lockStep } from '../lock-step.js';
import type { GeneralId, Setting } from '../protocol.js';
import { votes } from '../protocol.js';
import { type SimulatedRound, simulateRound } from '../run.js';
import { beginChain } from '../signed-chain.js';
import { smRules } from '../sm.js';
import { ids, isBroken, oral } from '../testing/builders.js';
import { everyRound, inputsOf, settingOf } from '../testing/rounds.js';
import { claims } from './claims.js';
import { explore } from './explore.js';
import { addProofs, emptyProof, type Proof } from './proof.js';
import { proofCases, prove } from './prove.js';

function exploreAll(setting: Setting, traitorCount: number): Proof {
  return proofCases(setting, traitorCount)
    .map((asked) => explore(asked))
    .reduce<Proof>((all, one) => addProofs(all, one ?? emptyProof), emptyProof);
}

describe('every behaviour, by the states that the engine reaches', () => {
  it('OM at n = 4 has 54 behaviours in command under either order and 54 in the ranks, and none breaks it', () => {
    const proof = exploreAll(oral(4, 1), 1);
    // A traitor in command follows no order.
    expect([proof.behaviours, proof.violations]).toEqual([27n + 54n, 0n]);
  });

  it('OM at n = 3 breaks in four of 9 + 12', () => {
    const proof = exploreAll(oral(3, 1), 1);
    expect([proof.behaviours, proof.violations]).toEqual([9n + 12n, 4n]);
  });

  it.each<[string, Setting, GeneralId, number]>([
    ['OM at n = 5', oral(5, 1), 'general-0', 3 ** 4],
    ['OM(2) at n = 4', oral(4, 2), 'general-3', 3 ** 4],
    ['SM at n = 4', settingOf({ protocol: 'sm' }, 4, 1), 'general-0', 4 ** 3],
    ['King at n = 3', settingOf({ protocol: 'king' }, 3, 0), 'general-1', 3 ** 4],
    [
      'the majority at n = 4',
      settingOf({ protocol: 'majority', isCouncil: true }, 4, 1),
      'general-2',
      3 ** 3,
    ],
    ['a board', settingOf({ protocol: 'om', mode: 'board', isCouncil: true }, 4, 1), 'general-1', 3],
  ])('counts what running each by itself counts: %s', (_name, setting, traitor, count) => {
    const inputs = inputsOf('AARA');
    const sayings = setting.mode === 'signed' ? (['both'] as const) : [];
    const rounds: SimulatedRound[] = [
      ...everyRound(setting, traitor, {
        order: 'Attack',
        inputs,
        sayings: ['Attack', 'Retreat', 'nothing', ...sayings],
      }),
    ];
    const asked = { setting, traitors: [traitor], order: 'Attack' as const };
    const proof = explore(setting.isCouncil ? { ...asked, inputs: [inputs] } : asked);
    expect(rounds).toHaveLength(count);
    expect([proof?.behaviours, proof?.violations]).toEqual([
      BigInt(count),
      BigInt(rounds.filter(isBroken).length),
    ]);
  });

  it('notices a loyal general that is convicted: a commander whose engine signs both orders', () => {
    const setting = settingOf({ protocol: 'sm' }, 3, 1);
    const twoOrders = lockStep({
      ...smRules,
      begin: (situation, order) => {
        const known = smRules.begin(situation, order);
        const { self, signing } = situation;
        if (self !== setting.commander || signing === undefined) return known;
        return { ...known, fresh: votes.map((vote) => beginChain(vote, self, signing)) };
      },
    });
    const asked = { setting, traitors: ids(2), order: 'Attack' as const };
    expect(explore(asked, undefined, twoOrders)?.convictedLoyal).toEqual(['general-0']);
  });

  it('gives up where more would have to be looked at than it may', () => {
    const [asked] = proofCases(settingOf({ protocol: 'king', isCouncil: true }, 4, 1), 1);
    expect(asked && explore(asked, 100)).toBeUndefined();
    expect(asked && explore(asked, 10_000)?.violations).toBe(0n);
  });
});

describe('what is claimed', () => {
  const small = claims().filter(({ title }) => !title.includes('7 generals'));

  it.each(small.map((claim) => [claim.title, claim] as const))('%s', (_title, claim) => {
    const proof = claim.cases
      .map((asked) => claim.prove(asked, 500_000))
      .reduce<Proof>((all, one) => addProofs(all, one ?? emptyProof), emptyProof);
    expect(proof.behaviours).toBeGreaterThan(0n);
    expect(proof.violations === 0n).toBe(claim.expected === 'holds');
    expect(proof.convictedLoyal).toEqual([]);
    if (claim.expected === 'breaks')
      expect(proof.witness && isBroken(simulateRound(proof.witness))).toBe(true);
  });

  it("King's two lemmas at n = 7, m = 2 leave nothing out: 42 beginnings of one mind, 480 under a loyal king", () => {
    const [stays, unites] = claims().filter(({ title }) => title.startsWith("King's turn"));
    const count = (cases: (typeof small)[number]['cases'] = []) =>
      cases.reduce((sum, { inputs = [] }) => sum + inputs.length, 0);
    expect([count(stays?.cases), count(unites?.cases)]).toEqual([21 * 2, 15 * 2 ** 5]);
    expect(unites?.cases.every(({ traitors }) => !traitors.includes('general-0'))).toBe(true);
    // One of the placements; `byz prove --all` goes through all of them.
    for (const claim of [stays, unites]) {
      const asked = claim?.cases.find(({ traitors }) => traitors.join() === ids(5, 6).join());
      expect(asked && claim?.prove(asked, 500_000)?.violations).toBe(0n);
    }
  });

  it('a setting that is not claimed is proved all the same: King with a commander at n = 3 breaks', () => {
    const setting = settingOf({ protocol: 'king' }, 3, 1);
    const proofs = proofCases(setting, 1).map((asked) => prove(asked));
    expect(proofs.some((proof) => proof !== undefined && proof.violations > 0n)).toBe(true);
  });
});
