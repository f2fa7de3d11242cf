import { any, template } from '../tuplespace/index.js';
import type { RoundInSpace } from './testing/round-in-space.js';
import { openRound } from './testing/round-in-space.js';
import { closeTuple, decisionTemplate } from './tuples.js';

const never = new AbortController().signal;
const lieutenants = ['general-1', 'general-2', 'general-3'];
const allVotes = template('vote', any, any, any, any, any);

let round: RoundInSpace;

afterEach(() => round.stop());

/** Waits in the space itself until a general has said what it owes in a phase. */
async function spoken(from: string, count: number): Promise<void> {
  const said = template('vote', from, any, any, any, any);
  const { isSatisfied } = await round.space.read({
    space: round.name,
    templates: [said],
    min: count,
    waitMs: 5_000,
  });
  expect(isSatisfied).toBe(true);
}

test('four loyal generals say nine values and decide as ordered', async () => {
  round = await openRound({ order: 'Attack' });
  await Promise.all(['general-0', ...lieutenants].map((id) => round.general(id).run(never)));
  const decisions = await round.readAll(decisionTemplate);
  expect(decisions.map(({ values }) => values[2])).toEqual(['Attack', 'Attack', 'Attack', 'Attack']);
  expect(await round.readAll(allVotes)).toHaveLength(6);
});

test('a general that was stopped in mid-round says the same again and decides', async () => {
  round = await openRound();
  const stop = new AbortController();
  const first = round.general('general-1').run(stop.signal);
  await round.general('general-0').run(never);
  await spoken('general-1', 2);
  stop.abort(new Error('the test stops it'));
  await first.catch(() => undefined);
  const before = await round.readAll(template('vote', 'general-1', any, any, any, any));
  const second = round.general('general-1', { hasPast: true });
  await Promise.all([
    second.run(never),
    ...['general-2', 'general-3'].map((id) => round.general(id).run(never)),
  ]);
  expect(await round.readAll(template('vote', 'general-1', any, any, any, any))).toEqual(before);
  expect((await round.space.readAudit({ space: round.name })).entries).toEqual([]);
  expect(second.view()).toMatchObject({ decision: 'Attack', sentCount: 2, phase: 2 });
});

test('a general that comes after the closes takes the default for what never came', async () => {
  round = await openRound();
  await round.space.write({ space: round.name, tuples: [closeTuple(0)] });
  await round.space.write({ space: round.name, tuples: [closeTuple(1)] });
  const late = round.general('general-2');
  await late.run(never);
  expect(late.view()).toMatchObject({ decision: 'Retreat', phase: 2 });
});

test('what stands behind a close counts for nobody, also on a replay', async () => {
  round = await openRound();
  await round.space.write({ space: round.name, tuples: [closeTuple(0)] });
  await round.general('general-0').run(never);
  const general = round.general('general-2');
  await round.space.write({ space: round.name, tuples: [closeTuple(1)] });
  await general.run(never);
  expect(general.view()).toMatchObject({ decision: 'Retreat' });
  expect(general.view().votes).toMatchObject({ path: ['general-0'], value: 'Retreat' });
  expect(general.view().votes?.heard).toBeUndefined();
});

test('a traitor is the same shell with a plan', async () => {
  round = await openRound({ traitors: [{ general: 'general-3', strategy: 'flip' }] });
  await Promise.all(['general-0', ...lieutenants].map((id) => round.general(id).run(never)));
  const lies = await round.readAll(template('vote', 'general-3', any, any, any, any));
  expect(lies.map(({ values }) => values[3])).toEqual(['Retreat', 'Retreat']);
  const decisions = await round.readAll(decisionTemplate);
  const loyal = decisions.filter(({ writer }) => writer !== 'general-3');
  expect(loyal.map(({ values }) => values[2])).toEqual(['Attack', 'Attack', 'Attack']);
});

test('a brief that pins another version of the protocol is refused', async () => {
  round = await openRound({ protocolVersion: 99 });
  await expect(round.general('general-1').run(never)).rejects.toMatchObject({ code: 'failed_precondition' });
});

test('a general without a brief gives up', async () => {
  round = await openRound({ briefless: ['general-1'] });
  await expect(round.general('general-1').run(never)).rejects.toMatchObject({ code: 'failed_precondition' });
});
