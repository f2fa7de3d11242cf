import { generalIds } from '../consensus/index.js';
import { type RoundTuple, roundSettings, roundSpace } from '../general-node/index.js';
import { ManualClock } from '../runtime/index.js';
import { MemoryStore, type TupleSpace } from '../tuplespace/index.js';
import { Seating } from './seating.js';

const phaseMs = 1_000;
/** OM(1) has two phases, and the time for decisions. */
const phasesMs = 3 * phaseMs;
const outageMs = 3_600_000;

const round: RoundTuple = {
  number: 7,
  protocolVersion: 1,
  phaseMs,
  setting: {
    protocol: 'om',
    mode: 'mailbox',
    generals: generalIds(4),
    commander: 'general-0',
    isCouncil: false,
    traitorsMax: 1,
  },
};
const space = roundSpace(round.number);

let clock: ManualClock;
let store: MemoryStore;
let orchestrator: TupleSpace;
let seating: Seating;

beforeEach(async () => {
  clock = new ManualClock();
  store = new MemoryStore({ clock, version: 'test' });
  await store.start();
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  orchestrator = store.session(token);
  await orchestrator.putSpace({ space, settings: roundSettings(round.setting) });
  seating = new Seating(orchestrator);
});

afterEach(() => store.stop());

function prepare(epoch: number) {
  return seating.prepare(round, [{ general: 'general-1', node: 'node-1', incarnation: 'one', epoch }]);
}

function decide(token: string) {
  return store.session(token).write({ space, tuples: [['decision', 'general-1', 'Attack']] });
}

test('a token of a seat is good while its round may run, an outage of an hour included, and not longer', async () => {
  const seats = prepare(1);
  const [{ token } = { token: '' }] = seats;
  await seating.admit(seats);
  clock.advance(phasesMs + outageMs - 1);
  expect(await decide(token)).toMatchObject({ kind: 'written' });
  clock.advance(1);
  await expect(decide(token)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('what is tried again after an answer that was lost prolongs nothing', async () => {
  const seats = prepare(1);
  const [{ token } = { token: '' }] = seats;
  await seating.admit(seats);
  clock.advance(outageMs);
  await seating.admit(seats);
  clock.advance(phasesMs);
  await expect(decide(token)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a seat that moves has its full time again', async () => {
  await seating.admit(prepare(1));
  clock.advance(phasesMs + outageMs);
  const seats = prepare(2);
  const [{ token } = { token: '' }] = seats;
  await seating.admit(seats);
  clock.advance(phasesMs + outageMs - 1);
  expect(await decide(token)).toMatchObject({ kind: 'written' });
});

test('what a general is refused is known with the node that its seat is on', async () => {
  const seats = prepare(1);
  const [{ token } = { token: '' }] = seats;
  await seating.admit(seats);
  const forged = store.session(token).write({ space, tuples: [['decision', 'general-2', 'Attack']] });
  await expect(forged).rejects.toMatchObject({ code: 'permission_denied' });
  const { entries } = await orchestrator.readAudit({ space });
  expect(entries).toMatchObject([{ callerId: 'general-1', callerNode: 'node-1', callerEpoch: 1 }]);
});
