import { idealSigning } from '../ideal-signatures.js';
import type { Message, Setting, Vote } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import { choose, random } from '../random.js';
import { type RoundPlan, type SimulatedRound, simulateRound } from '../run.js';
import { ids, oral, tableOf } from '../testing/builders.js';
import type { TraitorSpec } from '../traitors/spec.js';
import { strategyNames } from '../traitors/strategies.js';
import { collectEvidence } from './evidence.js';
import type { RecordEntry, SpaceRecord } from './loyal-replay.js';

/** The record of a round in which everybody was in time; `order` is what the commander was given. */
function recordOf({ setting, order }: RoundPlan, { messages }: SimulatedRound): SpaceRecord {
  return { setting, order, entries: inPhases(setting, messages) };
}

function inPhases(setting: Setting, messages: readonly Message[]): RecordEntry[] {
  const phaseCount = protocolOf(setting).phaseCount(setting);
  return Array.from({ length: phaseCount + 1 }, (_, phase): RecordEntry[] => [
    ...messages
      .filter((message) => message.phase === phase)
      .map((message): RecordEntry => ({ kind: 'message', message })),
    { kind: 'close', phase },
  ]).flat();
}

const four = oral(4, 1);
const [, first = '', second = '', third = ''] = four.generals;

function evidenceOf(traitors: readonly TraitorSpec[], order: Vote = 'Attack') {
  const plan: RoundPlan = { setting: four, order, traitors, seed: 0 };
  return collectEvidence(recordOf(plan, simulateRound(plan)));
}

describe('evidence', () => {
  test('is none where all are loyal', () => {
    expect(evidenceOf([])).toEqual({ proven: [], attested: [], inferred: [], absent: [] });
  });

  test('attests a relay that says something else than the space says it was told', () => {
    const liar = tableOf(four, third, ({ to }) => (to === second ? 'Retreat' : undefined));
    const { attested, absent } = evidenceOf([liar]);
    expect(attested).toEqual([
      {
        general: third,
        count: 1,
        first: {
          kind: 'false_value',
          slot: { phase: 1, from: third, to: second },
          path: ids(0, 3),
          said: 'Retreat',
          loyal: 'Attack',
        },
      },
    ]);
    expect(absent).toEqual([]);
  });

  test('attests a commander that gives another order than it was given', () => {
    const liar = tableOf(four, four.commander, () => 'Retreat');
    const { attested, inferred } = evidenceOf([liar]);
    expect(attested).toMatchObject([{ general: four.commander, count: 3 }]);
    // It told everybody the same, so nobody can notice.
    expect(inferred).toEqual([]);
  });

  test('only suspects whoever is silent', () => {
    const { attested, inferred, absent } = evidenceOf([{ general: third, strategy: 'silent' }]);
    expect(attested).toEqual([]);
    expect(inferred).toEqual([]);
    expect(absent).toEqual([{ general: third, count: 2, first: { phase: 1, from: third, to: first } }]);
  });

  test('takes what came after the close for absent, and what a loyal general made of it for honest', () => {
    const plan: RoundPlan = { setting: four, order: 'Attack', traitors: [], seed: 0 };
    const { messages } = simulateRound(plan);
    const isLate = ({ phase, from, to }: Message): boolean =>
      phase === 0 && from === four.commander && to === third;
    const inTime = inPhases(
      four,
      messages.filter((message) => !isLate(message)),
    );
    const late = messages.filter(isLate).map((message): RecordEntry => ({ kind: 'message', message }));
    // Whoever heard nothing in time relays the default.
    const honest = inTime.map((entry): RecordEntry => {
      if (entry.kind === 'close' || entry.message.from !== third) return entry;
      const entries = entry.message.entries.map((one) => ({ ...one, vote: 'Retreat' as const }));
      return { kind: 'message', message: { ...entry.message, entries } };
    });
    const place = honest.findIndex((entry) => entry.kind === 'close') + 1;
    const entries = honest.toSpliced(place, 0, ...late);
    expect(collectEvidence({ setting: four, order: 'Attack', entries })).toMatchObject({
      attested: [],
      absent: [{ general: four.commander, count: 1, first: { phase: 0, from: four.commander, to: third } }],
    });
  });

  test.each([oral(4, 1), oral(7, 2)])(
    'never speaks against a loyal general ($generals.length generals)',
    (setting) => {
      let attestedCount = 0;
      for (let seed = 0; seed < 200; seed += 1) {
        const traitors = choose(setting.generals, setting.traitorsMax, seed, 'traitors').map(
          (general, i): TraitorSpec => ({
            general,
            strategy: strategyNames[random(seed, 'strategy', i) % strategyNames.length] ?? 'flip',
          }),
        );
        const plan: RoundPlan = { setting, order: seed % 2 === 0 ? 'Attack' : 'Retreat', traitors, seed };
        const { attested, absent } = collectEvidence(recordOf(plan, simulateRound(plan)));
        const accused = [...attested, ...absent].map(({ general }) => general);
        const names = traitors.map(({ general }) => general);
        expect({ seed, accused: accused.filter((general) => !names.includes(general)) }).toEqual({
          seed,
          accused: [],
        });
        attestedCount += attested.length;
      }
      expect(attestedCount).toBeGreaterThan(100);
    },
  );
});

describe('proof among signed messages', () => {
  const signed = (n: number, m: number): Setting => ({ ...oral(n, m), protocol: 'sm', mode: 'signed' });

  /** What a reader of the record finds who knows the generals' keys. */
  function provenIn(plan: RoundPlan) {
    const { setting } = plan;
    const reader = idealSigning('a reader', 'simulated');
    const keys = setting.generals.map((general) => ({
      general,
      publicKey: new Uint8Array(),
      verify: (bytes: Uint8Array, signature: Uint8Array) => reader.verify(general, bytes, signature),
    }));
    const record = { ...recordOf(plan, simulateRound(plan)), signing: reader };
    return collectEvidence(record, keys);
  }

  test('is found of a commander that signs two orders (KA4)', () => {
    const setting = signed(3, 1);
    const liar = tableOf(setting, setting.commander, ({ to }) => (to === second ? 'Retreat' : 'Attack'));
    const plan: RoundPlan = { setting, order: 'Attack', traitors: [liar], seed: 0 };
    expect(provenIn(plan).proven).toMatchObject([
      { signer: setting.commander, orders: [{ vote: 'Attack' }, { vote: 'Retreat' }] },
    ]);
  });

  test('is never found of a loyal general, whatever the traitors sign', () => {
    const setting = signed(4, 2);
    let provenCount = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const traitors = choose(setting.generals, 2, seed, 'traitors').map(
        (general, i): TraitorSpec => ({
          general,
          strategy: strategyNames[random(seed, 'strategy', i) % strategyNames.length] ?? 'flip',
        }),
      );
      const plan: RoundPlan = { setting, order: seed % 2 === 0 ? 'Attack' : 'Retreat', traitors, seed };
      const names = traitors.map(({ general }) => general);
      const { proven, attested } = provenIn(plan);
      const accused = [...proven.map(({ signer }) => signer), ...attested.map(({ general }) => general)];
      expect({ seed, accused: accused.filter((one) => !names.includes(one)) }).toEqual({ seed, accused: [] });
      provenCount += proven.length;
    }
    expect(provenCount).toBeGreaterThan(20);
  });
});
