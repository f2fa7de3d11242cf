/**
 * No loyal general is ever convicted: over every behaviour of the traitors where there are few, over treasons as the search draws them
 * for every protocol, and with loyal generals that crashed, came back, or have had several keys.
 */
import { idealSigning } from '../ideal-signatures.js';
import type { GeneralId, Setting } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import { random } from '../random.js';
import { type RoundPlan, type SimulatedRound, simulateRound } from '../run.js';
import { randomPlan } from '../search/candidates.js';
import { beginChain } from '../signed-chain.js';
import { everyRound, type Form, settingOf } from '../testing/rounds.js';
import type { TraitorSpec } from '../traitors/spec.js';
import { collectEvidence, type Evidence, type KnownKey } from './evidence.js';
import type { RecordEntry } from './loyal-replay.js';

const reader = idealSigning('a reader', 'simulated');

/** The scheme of simulated rounds: the key of a general is its name. */
function keyOf(general: GeneralId): KnownKey {
  const verify = (bytes: Uint8Array, signature: Uint8Array) => reader.verify(general, bytes, signature);
  return { general, publicKey: new TextEncoder().encode(general), verify };
}

function evidenceIn({ setting, order, inputs }: RoundPlan, { messages }: SimulatedRound): Evidence {
  const phases = Array.from({ length: protocolOf(setting).phaseCount(setting) + 1 }, (_, phase) => phase);
  const entries = phases.flatMap((phase): RecordEntry[] => [
    ...messages
      .filter((one) => one.phase === phase)
      .map((message) => ({ kind: 'message' as const, message })),
    { kind: 'close', phase },
  ]);
  const given = inputs === undefined ? {} : { inputs };
  const signing = setting.mode === 'signed' ? { signing: reader } : {};
  return collectEvidence({ setting, order, ...given, ...signing, entries }, setting.generals.map(keyOf));
}

/** Everybody whom the evidence calls a traitor; what a general infers holds only while no more than m are. */
function convicted(evidence: Evidence, { traitorsMax }: Setting, faultCount: number): readonly GeneralId[] {
  const known = faultCount > traitorsMax ? [] : evidence.inferred.flatMap((one) => one.known);
  const attested = evidence.attested.map(({ general }) => general);
  return [...evidence.proven.map(({ signer }) => signer), ...attested, ...known];
}

const forms: readonly [string, Form, number, number][] = [
  ['OM', { protocol: 'om' }, 4, 1],
  ['a council of OM', { protocol: 'om', isCouncil: true }, 4, 1],
  ['OM for seven', { protocol: 'om' }, 7, 2],
  ['SM', { protocol: 'sm' }, 4, 2],
  ['a council of SM', { protocol: 'sm', isCouncil: true }, 5, 2],
  ['King', { protocol: 'king' }, 4, 1],
  ['a council by King', { protocol: 'king', isCouncil: true }, 7, 2],
  ['Phase King', { protocol: 'phase-king', isCouncil: true }, 5, 1],
  ['a council on a board', { protocol: 'om', mode: 'board', isCouncil: true }, 5, 2],
];

test.each<[string, Form, number, number]>([
  ['OM(1) for four', { protocol: 'om' }, 4, 1],
  ['SM(1) for three', { protocol: 'sm' }, 3, 1],
])('%s: every behaviour of every traitor', (_, form, n, m) => {
  const setting = settingOf(form, n, m);
  const sayings =
    setting.mode === 'signed'
      ? (['Attack', 'Retreat', 'both', 'nothing'] as const)
      : (['Attack', 'Retreat', 'nothing'] as const);
  let roundCount = 0;
  for (const traitor of setting.generals) {
    for (const order of ['Attack', 'Retreat'] as const) {
      for (const round of everyRound(setting, traitor, { order, sayings })) {
        const evidence = evidenceIn({ setting, order, traitors: [], seed: 0 }, round);
        const wrong = convicted(evidence, setting, 1).filter((general) => general !== traitor);
        expect(wrong).toEqual([]);
        roundCount += 1;
      }
    }
  }
  expect(roundCount).toBeGreaterThan(30);
});

test.each(forms)('%s: treasons as the search draws them, up to one too many', (_, form, n, m) => {
  const setting = settingOf(form, n, m);
  let convictedCount = 0;
  for (let seed = 0; seed < 60; seed += 1) {
    const traitorCount = 1 + (seed % (m + 1));
    const plan = randomPlan({ setting, traitorCount, seed }, seed);
    const names = convicted(evidenceIn(plan, simulateRound(plan)), setting, traitorCount);
    const traitors = plan.traitors.map(({ general }) => general);
    expect({ seed, wrong: names.filter((general) => !traitors.includes(general)) }).toEqual({
      seed,
      wrong: [],
    });
    convictedCount += names.length;
  }
  expect(convictedCount).toBeGreaterThan(10);
});

test.each(forms)('%s: a loyal general that crashed for good, or for a phase', (_, form, n, m) => {
  const setting = settingOf(form, n, m);
  const phaseCount = protocolOf(setting).phaseCount(setting);
  let lostCount = 0;
  for (let seed = 0; seed < 60; seed += 1) {
    const plan = randomPlan({ setting, traitorCount: 1, seed }, seed);
    const traitors = plan.traitors.map(({ general }) => general);
    const loyal = setting.generals.filter((general) => !traitors.includes(general));
    const crashed = loyal[random(seed, 'crashed') % loyal.length] ?? '';
    const from = random(seed, 'from') % phaseCount;
    const isBack = random(seed, 'back') % 2 === 0;
    const phases = isBack ? [from] : Array.from({ length: phaseCount - from }, (_, i) => from + i);
    // Its messages never came; whatever it does say is what a loyal general says.
    const lost: TraitorSpec = { general: crashed, strategy: 'silent', only: { phases } };
    const round = simulateRound({ ...plan, traitors: [...plan.traitors, lost] });
    const evidence = evidenceIn(plan, round);
    const names = convicted(evidence, setting, 2);
    expect({ seed, wrong: names.filter((general) => !traitors.includes(general)) }).toEqual({
      seed,
      wrong: [],
    });
    if (evidence.absent.some(({ general }) => general === crashed)) lostCount += 1;
  }
  expect(lostCount).toBeGreaterThan(5);
});

test('two orders under two keys of one general convict nobody, two under one key do', () => {
  const setting = settingOf({ protocol: 'sm' }, 3, 1);
  const [commander = '', first = '', second = ''] = setting.generals;
  const [one, other] = [idealSigning(commander, 'simulated'), idealSigning('the same again', 'simulated')];
  const told = (to: GeneralId, vote: 'Attack' | 'Retreat', signing: typeof one): RecordEntry => ({
    kind: 'message',
    message: { phase: 0, from: commander, to, entries: [beginChain(vote, commander, signing)] },
  });
  const keys: readonly KnownKey[] = [
    keyOf(commander),
    {
      general: commander,
      publicKey: new Uint8Array(1),
      verify: (bytes, signature) => reader.verify('the same again', bytes, signature),
    },
  ];
  const provenOf = (entries: readonly RecordEntry[]) =>
    collectEvidence({ setting, order: 'Attack', signing: reader, entries }, keys).proven;
  expect(provenOf([told(first, 'Attack', one), told(second, 'Retreat', other)])).toEqual([]);
  expect(provenOf([told(first, 'Attack', other), told(second, 'Retreat', other)])).toMatchObject([
    { signer: commander, publicKey: new Uint8Array(1) },
  ]);
});
