/**
 * Tests of the tests: a record with a planted fault must not pass.
 */
import { signedBytes } from '../consensus/index.js';
import { createKeyPair } from '../general-node/index.js';
import { problemsOf } from './invariants.js';
import type { Scenario } from './scenario.js';
import { builtInScenarios, readScenarioFile } from './scenario-file.js';
import { type RecordedRound, simulate } from './simulation.js';

const scenario = readScenarioFile(builtInScenarios().get('quiet') ?? '');

/** A round that nothing is wrong with, and its first loyal lieutenant. */
async function goodRound(): Promise<{ good: RecordedRound; loyal: string }> {
  const { recorded } = await simulate(scenario, { seed: 11 });
  const [good] = recorded;
  if (good === undefined) throw new Error('there is no round');
  const traitors = good.round.traitors.map(({ general }) => general);
  const { generals, commander } = good.round.setting;
  const loyal = generals.find((general) => general !== commander && !traitors.includes(general));
  if (loyal === undefined) throw new Error('there is no loyal lieutenant');
  return { good, loyal };
}

/** The same round with one field of one tuple changed. */
function doctored(
  good: RecordedRound,
  isMeant: (values: readonly unknown[]) => boolean,
  change: { readonly field: number; readonly to: string },
): RecordedRound {
  const place = good.tuples.findIndex(({ values }) => isMeant(values));
  if (place < 0) throw new Error('the tuple to change is not there');
  const tuples = good.tuples.map((tuple, i) =>
    i === place ? { ...tuple, values: tuple.values.with(change.field, change.to) } : tuple,
  );
  return { ...good, tuples };
}

describe('the invariants', () => {
  test('find nothing in a good round', async () => {
    const { good } = await goodRound();
    expect(problemsOf(good, scenario)).toEqual([]);
  });

  test('find a decision that is not what the mail says', async () => {
    const { good, loyal } = await goodRound();
    const vote = good.round.decisions.get(loyal);
    const bad = doctored(good, ([kind, general]) => kind === 'decision' && general === loyal, {
      field: 2,
      to: vote === 'Attack' ? 'Retreat' : 'Attack',
    });
    expect(problemsOf(bad, scenario)).toEqual([expect.stringMatching(`loyal ${loyal} decided`)]);
  });

  test('find a loyal general that relays something else than it heard', async () => {
    const { good, loyal } = await goodRound();
    const isRelay = ([kind, from]: readonly unknown[]): boolean => kind === 'vote' && from === loyal;
    const said = good.tuples.find(({ values }) => isRelay(values))?.values[3];
    const bad = doctored(good, isRelay, { field: 3, to: said === 'Attack' ? 'Retreat' : 'Attack' });
    expect(problemsOf(bad, scenario)).toContainEqual(
      expect.stringMatching(`loyal ${loyal} deviated in phase 1 \\(false_value\\)`),
    );
  });

  test('find a loyal general that tried to speak with two voices', async () => {
    const { good, loyal } = await goodRound();
    const refused = {
      sequence: 1,
      atMs: 0,
      callerId: loyal,
      callerEpoch: 1,
      operation: 'write' as const,
      rule: 'slot',
      tuple: ['vote'],
      standingId: 1n,
    };
    expect(problemsOf({ ...good, audit: [refused] }, scenario)).toEqual([
      expect.stringMatching(`loyal ${loyal} was refused to write`),
    ]);
  });

  test('find two orders under one key of a loyal general', async () => {
    const signed = readScenarioFile(builtInScenarios().get('signed') ?? '');
    const { recorded } = await simulate(signed, { seed: await seedWithLoyalCommander(signed) });
    const [good] = recorded;
    if (good === undefined) throw new Error('there is no round');
    const { round, tuples } = good;
    const { commander } = round.setting;
    const { publicKey, sign } = createKeyPair(new Uint8Array(32));
    const orders = ['Attack', 'Retreat'] as const;
    let told = 0;
    const bad = tuples.map((tuple) => {
      const [kind, from] = tuple.values;
      if (kind === 'key' && from === commander) return { ...tuple, values: tuple.values.with(3, publicKey) };
      if (kind !== 'proposal') return tuple;
      const order = orders[told++ % 2] ?? 'Attack';
      const bytes = signedBytes(round.space, order, [], [], commander);
      return { ...tuple, values: tuple.values.with(3, order).with(5, [[sign(bytes)]]) };
    });
    expect(problemsOf({ ...good, tuples: bad }, signed)).toContainEqual(
      expect.stringMatching(`two orders under one key are shown of loyal ${commander}`),
    );
  });

  test('find a verdict that was not expected', async () => {
    const { good } = await goodRound();
    const other: Scenario = { ...scenario, expect: { ...scenario.expect, verdicts: ['outside'] } };
    expect(problemsOf(good, other)).toEqual([expect.stringMatching('the verdict is held, expected outside')]);
  });

  test('find a phase that was closed too soon', async () => {
    const { good } = await goodRound();
    const startedAtMs = good.round.startedAtMs;
    const close = { id: 10_000n, values: ['close', 0n], writer: 'orchestrator', revision: 10_000n };
    const bad = {
      ...good,
      tuples: [...good.tuples, { ...closeLike(good), ...close, writtenAtMs: startedAtMs + 5 }],
    };
    expect(problemsOf(bad, scenario)).toContainEqual(expect.stringMatching('phase 0 was closed after'));
  });
});

test.each([
  ['a round that ended twice', ['verdict', 'held', '{}'], 'it ended 2 times'],
  ['an epoch of a seat that was spent twice', ['seat', 'general-2', 'node-9', 1n], '5 seats for 4 epochs'],
])('the invariants find %s', async (_, values, problem) => {
  const { good } = await goodRound();
  const other = { ...closeLike(good), id: 10_000n, revision: 10_000n, writer: 'orchestrator', values };
  const bad = { ...good, tuples: [...good.tuples, other] };
  expect(problemsOf(bad, scenario)).toContainEqual(expect.stringContaining(problem));
});

/** The first seed of a scenario whose commander is loyal. */
async function seedWithLoyalCommander(asked: Scenario): Promise<number> {
  for (let seed = 1; ; seed += 1) {
    const { rounds } = await simulate(asked, { seed });
    if (rounds.some(({ traitors }) => !traitors.some(({ general }) => general === 'general-0'))) return seed;
  }
}

/** A tuple to make another of. */
function closeLike({ tuples }: RecordedRound): RecordedRound['tuples'][number] {
  const [tuple] = tuples;
  if (tuple === undefined) throw new Error('there is no tuple');
  return tuple;
}
