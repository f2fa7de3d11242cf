/**
 * The proof of OM against the engine that it is about, and the counts that consensus theory and an independent
 * program give (KA5 to KA9 of the known answers).
 */
import type { GeneralId, Setting, Vote } from '../protocol.js';
import { votes } from '../protocol.js';
import { random } from '../random.js';
import { simulateRound } from '../run.js';
import { decisionsOf, everyTreason, ids, isBroken, oral } from '../testing/builders.js';
import type { TraitorSpec } from '../traitors/spec.js';
import { laneDecider } from './lanes.js';
import { omTreason } from './om-treason.js';
import { addProofs, emptyProof, type Proof, type ProofCase } from './proof.js';
import { omEvaluations, proveOm } from './prove-om.js';

/** All choices of so many traitors, with both orders where the commander is loyal. */
function casesOf(setting: Setting, traitorCount: number): ProofCase[] {
  return subsets(setting.generals, traitorCount).flatMap((traitors) =>
    (traitors.includes(setting.commander) ? (['Attack'] as const) : votes).map((order) => ({
      setting,
      traitors,
      order,
    })),
  );
}

function subsets(items: readonly GeneralId[], size: number): GeneralId[][] {
  if (size === 0) return [[]];
  return items.flatMap((first, i) => subsets(items.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}

function proveAll(cases: readonly ProofCase[]): Proof {
  return cases.map((asked) => proveOm(asked)).reduce(addProofs, emptyProof);
}

describe('the proof of OM', () => {
  it('n = 4, m = 1: none of the 32 binary behaviours breaks it', () => {
    expect(proveAll(casesOf(oral(4, 1), 1))).toEqual({
      behaviours: 32n,
      evaluations: 48,
      violations: 0n,
      witness: undefined,
      convictedLoyal: [],
    });
  });

  it('n = 7, m = 2: no behaviour over all 21 placements and both orders breaks it', () => {
    const proof = proveAll(casesOf(oral(7, 2), 2));
    expect(proof.behaviours).toBe(6n * 2n ** 30n + 15n * 2n * 2n ** 40n);
    expect(proof.evaluations).toBe(8_355_840);
    expect(proof.violations).toBe(0n);
  });

  it.each<[string, Setting, number]>([
    ['n = 3, m = 1', oral(3, 1), 1],
    ['n = 6, m = 2', oral(6, 2), 2],
    ['OM(1) with two traitors of 7', oral(7, 1), 2],
    ['OM(2) with three traitors of 6', oral(6, 2), 3],
  ])('%s: the first witness breaks the round on the engine', (_name, setting, traitorCount) => {
    const broken = casesOf(setting, traitorCount)
      .map((asked) => proveOm(asked))
      .filter(({ violations }) => violations > 0n);
    expect(broken.length).toBeGreaterThan(0);
    for (const { witness } of broken) expect(witness && isBroken(simulateRound(witness))).toBe(true);
  });

  it('n = 6, m = 2: only validity breaks, with the order Attack', () => {
    const broken = casesOf(oral(6, 2), 2).filter((asked) => proveOm(asked).violations > 0n);
    expect(broken.length).toBeGreaterThan(0);
    for (const { traitors, order } of broken) {
      expect([traitors.includes('general-0'), order]).toEqual([false, 'Attack']);
    }
  });

  it('counts at n = 3 what running every behaviour on the engine counts', () => {
    for (const asked of casesOf(oral(3, 1), 1)) {
      const [traitor = ''] = asked.traitors;
      const sayings = ['Attack', 'Retreat'] as const;
      const rounds = [...everyTreason(asked.setting, { traitor, order: asked.order, sayings })];
      const { behaviours, violations } = proveOm(asked);
      expect([behaviours, violations]).toEqual([
        BigInt(rounds.length),
        BigInt(rounds.filter(isBroken).length),
      ]);
    }
  });

  it('says beforehand what it costs', () => {
    expect(omEvaluations({ setting: oral(7, 2), traitors: ids(5, 6), order: 'Attack' })).toBe(262_144);
    expect(omEvaluations({ setting: oral(10, 3), traitors: ids(0, 1, 2), order: 'Attack' })).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});

describe('the evaluator of the proof decides as the engine does', () => {
  it.each<[Setting, GeneralId[]]>([
    [oral(4, 1), ids(3)],
    [oral(6, 2), ids(0, 5)],
    [oral(7, 2), ids(5, 6)],
    [oral(7, 2), ids(0, 3)],
    [oral(7, 1), ids(0, 6)],
    [oral(7, 2), ids(4, 5, 6)],
    [oral(5, 3), ids(1, 4)],
  ])(
    'setting %#: the same decisions in random treasons, silence for Retreat included',
    (setting, traitors) => {
      const { upstream, lieutenants } = omTreason({ setting, traitors });
      for (let seed = 0; seed < 60; seed += 1) {
        const order: Vote = seed % 2 === 0 ? 'Attack' : 'Retreat';
        const lies = random(seed, 'upstream') % 2 ** upstream.length;
        const lasts = lieutenants.map(({ last }, i) => random(seed, 'last', i) % 2 ** last.length);
        const bits = [
          ...upstream.map((place, bit) => ({ ...place, isAttack: ((lies >>> bit) & 1) === 1 })),
          ...lieutenants.flatMap(({ last }, i) =>
            last.map((place, bit) => ({ ...place, isAttack: (((lasts[i] ?? 0) >>> bit) & 1) === 1 })),
          ),
        ];
        const specs = traitors.map(
          (general): TraitorSpec => ({
            general,
            strategy: 'table',
            acts: bits.flatMap(({ path, to, isAttack }, i) => {
              if (path.at(-1) !== general) return [];
              const otherwise = random(seed, 'silent', i) % 2 === 0 ? 'nothing' : 'Retreat';
              const act = isAttack ? 'Attack' : otherwise;
              return [{ phase: path.length - 1, from: general, to, path, act }];
            }),
          }),
        );
        const round = simulateRound({ setting, order, traitors: specs, seed });
        const decided = lieutenants.map((lieutenant, i) =>
          laneDecider(lieutenant, order, 'recursive').decide(lies, lasts[i] ?? 0),
        );
        expect(decided).toEqual(
          decisionsOf(
            round,
            lieutenants.map(({ id }) => id),
          ),
        );
      }
    },
  );

  it('counts lanes as it decides them one by one', () => {
    const { lieutenants } = omTreason({ setting: oral(7, 2), traitors: ids(5, 6) });
    for (const lieutenant of lieutenants) {
      for (const rule of ['recursive', 'flat'] as const) {
        const decider = laneDecider(lieutenant, 'Attack', rule);
        for (const upstream of [0, 37, 255]) {
          const all = Array.from({ length: decider.lastCount }, (_, last) => decider.decide(upstream, last));
          expect(decider.countAttacks(upstream)).toBe(all.filter((vote) => vote === 'Attack').length);
        }
      }
    }
  });
});
