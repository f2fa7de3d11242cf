import type { Timing } from '../consensus/index.js';
import { ManualClock } from '../runtime/index.js';
import { type Held, HeldBack } from './held-back.js';

const phaseMs = 1_000;

function scene() {
  const clock = new ManualClock();
  const heldBack = new HeldBack({ clock, phaseMs });
  return { clock, heldBack };
}

function held(phase: number, when?: Timing): Held {
  const message = { phase, from: 'general-1', to: 'general-2', entries: [] };
  return { kind: 'stray', phase, message, ...(when === undefined ? {} : { when }) };
}

/** Whether the last moment comes without any more time. */
async function isLastMoment(heldBack: HeldBack): Promise<boolean> {
  return (await Promise.race([heldBack.lastMoment(), nextTurn()])) === 'last-moment';
}

function nextTurn(): Promise<'not yet'> {
  return new Promise((resolve) => setImmediate(() => resolve('not yet')));
}

test('the last moment of a phase comes shortly before its time is over', async () => {
  const { clock, heldBack } = scene();
  heldBack.begin(0, 0);
  clock.advance(849);
  expect(await isLastMoment(heldBack)).toBe(false);
  clock.advance(1);
  expect(await isLastMoment(heldBack)).toBe(true);
});

test('it comes once, and the next phase has its own', async () => {
  const { clock, heldBack } = scene();
  heldBack.begin(0, 0);
  clock.advance(850);
  heldBack.takeLastMoment();
  expect(await isLastMoment(heldBack)).toBe(false);
  heldBack.begin(1, 1_000);
  expect(await isLastMoment(heldBack)).toBe(false);
  clock.advance(850);
  expect(await isLastMoment(heldBack)).toBe(true);
});

test('who starts in mid-phase goes by what the store says has passed', async () => {
  const { clock, heldBack } = scene();
  heldBack.begin(2, 50_000);
  heldBack.hearTime(50_600);
  clock.advance(249);
  expect(await isLastMoment(heldBack)).toBe(false);
  clock.advance(1);
  expect(await isLastMoment(heldBack)).toBe(true);
});

test('when the last moment has passed by the store it is now, and an older time changes nothing', async () => {
  const { clock, heldBack } = scene();
  heldBack.begin(0, 50_000);
  heldBack.hearTime(50_900);
  clock.advance(0);
  expect(await isLastMoment(heldBack)).toBe(true);
  heldBack.begin(1, 51_000);
  heldBack.hearTime(50_950);
  clock.advance(849);
  expect(await isLastMoment(heldBack)).toBe(false);
});

test('what is due at once is not kept', () => {
  const { heldBack } = scene();
  heldBack.begin(1, 0);
  expect(heldBack.keep(held(1))).toBe(false);
  expect(heldBack.keep(held(0, 'late'))).toBe(false);
  expect(heldBack.keep(held(0, 'last-moment'))).toBe(false);
  expect(heldBack.isEmpty).toBe(true);
});

test('at the last moment goes what is held for it, and what comes after it at once', () => {
  const { heldBack } = scene();
  heldBack.begin(1, 0);
  const [now, late, later] = [held(1, 'last-moment'), held(1, 'late'), held(2, 'last-moment')];
  for (const one of [now, late, later]) expect(heldBack.keep(one)).toBe(true);
  expect(heldBack.takeLastMoment()).toEqual([now]);
  expect(heldBack.keep(held(1, 'last-moment'))).toBe(false);
  expect(heldBack.keep(held(1, 'late'))).toBe(true);
});

test('at a close goes all that is held of its phase and of those before', () => {
  const { heldBack } = scene();
  heldBack.begin(0, 0);
  const [first, second, third] = [held(0, 'last-moment'), held(1, 'late'), held(2, 'late')];
  for (const one of [first, second, third]) heldBack.keep(one);
  expect(heldBack.takeLate(1)).toEqual([first, second]);
  expect(heldBack.isEmpty).toBe(false);
  expect(heldBack.takeLate(2)).toEqual([third]);
  expect(heldBack.isEmpty).toBe(true);
});

test('no timer stays when it is stopped, however often', () => {
  const { clock, heldBack } = scene();
  heldBack.begin(0, 0);
  heldBack.hearTime(100);
  heldBack.begin(1, 1_000);
  expect(clock.timerCount).toBe(1);
  heldBack.stop();
  heldBack.stop();
  expect(clock.timerCount).toBe(0);
});
