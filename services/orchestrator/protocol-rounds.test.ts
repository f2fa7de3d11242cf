/**
 * Rounds of every protocol in every form over the memory store: the promised messages, and nobody waits who need not.
 */
import { protocolOf, protocols } from '../consensus/index.js';
import { keyTemplate } from '../general-node/index.js';
import type { Round } from './orchestrator.js';
import type { EmbeddedSystem } from './testing/embedded-system.js';
import { startEmbeddedSystem } from './testing/embedded-system.js';

let system: EmbeddedSystem;

beforeAll(async () => {
  system = await startEmbeddedSystem({ nodes: [{ node: 'node1' }, { node: 'node2' }] });
});

afterAll(() => system.stop());

const forms = protocols.flatMap(({ name, variants }) =>
  variants.map(({ mode, isCouncil }) => ({ protocol: name, mode, isCouncil })),
);

/** So long that a round which waits for a deadline does not end in time for the test. */
const phaseMs = 600_000;

describe.each(forms)('$protocol, $mode, council $isCouncil', (form) => {
  test('sends what its formula says and waits for no deadline', async () => {
    const request = {
      ...form,
      generalCount: 5,
      faultCount: 1,
      traitorCount: 0,
      phaseMs,
      order: 'Attack',
    } as const;
    const round = await system.run({ ...request, isOutsideBoundAllowed: true });
    expect(round.setting).toMatchObject(form);
    expect(round.messageCount).toBe(protocolOf(round.setting).cost(round.setting).messageCount);
    expect(round.ignored).toEqual([]);
    expect([...round.decisions.values()]).toEqual(Array.from({ length: 5 }, () => 'Attack'));
  });

  test('does as the pure core does with a liar among five', async () => {
    const traitors = [{ general: 'general-2', strategy: 'two-faced' }] as const;
    const round = await system.run({
      ...form,
      generalCount: 5,
      faultCount: 1,
      traitors,
      seed: 11,
      phaseMs,
      isOutsideBoundAllowed: true,
    });
    expect(round.verdict?.termination.status).not.toBe('violated');
    if (round.verdict?.isWithin) expect(statuses(round)).toEqual(['holds', 'holds', 'holds']);
    const { messages = [] } = await system.orchestrator.getRound({
      number: round.number,
      withMessages: true,
    });
    const liars = messages
      .filter(({ entries }) => entries.some(({ isFalse }) => isFalse))
      .map(({ from }) => from);
    expect(new Set(liars).size).toBeLessThanOrEqual(1);
    expect(liars.every((from) => from === 'general-2')).toBe(true);
  });
});

describe('signed messages', () => {
  test('carry good signatures, and a key for each general stands in the space', async () => {
    const round = await system.run({
      protocol: 'sm',
      generalCount: 3,
      faultCount: 1,
      traitorCount: 0,
      phaseMs,
    });
    const keys = await system.space.read({ space: round.space, templates: [keyTemplate] });
    expect(keys.tuples.map(({ writer }) => writer).toSorted()).toEqual([
      'general-0',
      'general-1',
      'general-2',
    ]);
  });

  test('a relay of what was never signed is ignored and recorded, and breaks nothing', async () => {
    const traitors = [{ general: 'general-2', strategy: 'flip' }] as const;
    const round = await system.run({ protocol: 'sm', generalCount: 3, faultCount: 1, traitors, phaseMs });
    expect(statuses(round)).toEqual(['holds', 'holds', 'holds']);
    expect([...round.decisions.values()]).toEqual(['Attack', 'Attack']);
    expect(round.ignored).toEqual([{ reason: 'illegal_signature', count: 1 }]);
  });

  test('a second key of a general is refused', async () => {
    const { number, space } = await system.orchestrator.startRound({
      protocol: 'sm',
      generalCount: 3,
      traitors: [{ general: 'general-1', strategy: 'silent' }],
      phaseMs: 300,
    });
    const traitor = await system.asGeneral(number, 'general-1');
    await system.space.read({ space, templates: [keyTemplate], min: 3, waitMs: 5_000 });
    const second = { space, tuples: [['key', 'general-1', 1n, new Uint8Array(32)]] };
    await expect(traitor.write(second)).rejects.toMatchObject({ code: 'already_exists' });
    expect(statuses(await system.finished(number))).toEqual(['holds', 'holds', 'holds']);
  });
});

test('on a board a two-faced commander has one face', async () => {
  const traitors = [{ general: 'general-0', strategy: 'two-faced' }] as const;
  const round = await system.run({
    mode: 'board',
    generalCount: 4,
    faultCount: 3,
    traitorCount: 1,
    traitors,
    phaseMs,
  });
  expect(statuses(round)).toEqual(['holds', 'holds', 'holds']);
  expect(new Set(round.decisions.values()).size).toBe(1);
  expect(round.messageCount).toBe(1);
});

test('a council chooses what all loyal generals propose, whatever the traitor says', async () => {
  const inputs = new Map([['general-3', 'Retreat' as const]]);
  const traitors = [{ general: 'general-3', strategy: 'two-faced' }] as const;
  const request = { isCouncil: true, generalCount: 4, inputs, traitors, phaseMs };
  for (const protocol of ['om', 'sm', 'king']) {
    const round = await system.run({ ...request, protocol });
    expect(statuses(round)).toEqual(['holds', 'holds', 'holds']);
    expect([...round.decisions.values()]).toEqual(['Attack', 'Attack', 'Attack']);
    expect(round.inputs).toEqual(inputs);
    expect(round.verdict?.validity.because).toContain('as all of them proposed');
  }
});

test.each([
  ['signed messages of om', { protocol: 'om', mode: 'signed' }, 'invalid_argument'],
  ['a mode that is none', { mode: 'letters' }, 'invalid_argument'],
  ['inputs without a council', { inputs: new Map([['general-1', 'Attack' as const]]) }, 'invalid_argument'],
  ['too few generals for King', { protocol: 'king', generalCount: 6, faultCount: 2 }, 'failed_precondition'],
  ['too few generals for SM', { protocol: 'sm', generalCount: 3, faultCount: 2 }, 'failed_precondition'],
  [
    'half a council of traitors on a board',
    { mode: 'board', isCouncil: true, generalCount: 4, faultCount: 2 },
    'failed_precondition',
  ],
])('%s is refused', async (_, request, code) => {
  await expect(system.orchestrator.startRound(request)).rejects.toMatchObject({ code });
});

function statuses({ verdict }: Round) {
  return [verdict?.agreement.status, verdict?.validity.status, verdict?.termination.status];
}
