/**
 * Going through a round, and what its address says of it.
 */
import { generalIds } from '../../../consensus/index.js';
import { simulatedTrace } from '../../../record/index.js';
import { shownOf, withShown } from './address.js';
import { everyMessage, matching } from './filter.js';
import { lastPlace, partFrom, phaseOf, stepFrom, stepIndexes, stepNumber } from './player.js';

const generals = generalIds(4);
const { events } = simulatedTrace({
  setting: {
    protocol: 'om',
    mode: 'mailbox',
    generals,
    commander: 'general-0',
    isCouncil: false,
    traitorsMax: 1,
  },
  order: 'Attack',
  traitors: [{ general: 'general-2', strategy: 'flip' }],
  seed: 7,
});
const report = { ...events[1], kind: 'report' } as (typeof events)[number];

/** All places from one to another. */
function walk(from: number, to: number, next: (place: number) => number): readonly number[] {
  const places = [from];
  for (let place = from; place !== to && places.length < 1_000; ) {
    place = next(place);
    places.push(place);
  }
  return places;
}

test('there and back again: forward to the end and back to the start meet every step once', () => {
  const end = lastPlace(events);
  const forward = walk(0, end, (place) => stepFrom(events, place, 1));
  const back = walk(end, 0, (place) => stepFrom(events, place, -1));
  expect(forward).toEqual(events.map((_, index) => index));
  expect(back).toEqual(forward.toReversed());
});

test('what generals report of their times is no step', () => {
  const reported = [...events.slice(0, 5), report, report, ...events.slice(5), report];
  expect(stepFrom(reported, 4, 1)).toBe(7);
  expect(stepFrom(reported, 7, -1)).toBe(4);
  expect(lastPlace(reported)).toBe(reported.length - 2);
  expect(stepNumber(reported, 6)).toEqual({ number: 4, count: events.length });
});

test('there is nothing before the start and nothing after the end', () => {
  expect(stepFrom(events, 0, -1)).toBe(0);
  expect(stepFrom(events, lastPlace(events), 1)).toBe(lastPlace(events));
  expect(stepFrom([], 0, 1)).toBe(0);
  expect(lastPlace([])).toBe(0);
});

test('parts are the start, each phase, and what comes after', () => {
  const parts = walk(0, lastPlace(events), (place) => partFrom(events, place, 1));
  expect(parts.map((place) => phaseOf(events[place] as (typeof events)[number], 2))).toEqual([-1, 0, 1, 2]);
  expect(partFrom(events, parts[2] as number, -1)).toBe(parts[1]);
  expect(stepIndexes(events)).toHaveLength(events.length);
});

test('the table can be filtered to a general, a phase, and lies', () => {
  const messages = events.flatMap((event, index) => (event.kind === 'message' ? [{ index, event }] : []));
  const count = (part: Partial<typeof everyMessage>) =>
    matching(messages, { ...everyMessage, ...part }).length;
  expect(count({})).toBe(9);
  expect(count({ general: 'general-1' })).toBe(5);
  expect(count({ phase: '0' })).toBe(3);
  expect(count({ isFalseOnly: true })).toBe(2);
  expect(count({ isFalseOnly: true, general: 'general-1' })).toBe(1);
});

test.each(['?round=7', '?round=7&at=12&why=general-1', '?lesson=four-can&at=0&quiz=1', ''])(
  'the address %s shows what it says',
  (text) => {
    const query = new URLSearchParams(text);
    expect(withShown(new URLSearchParams(), shownOf(query)).toString()).toBe(query.toString());
  },
);

test.each(['?round=0', '?round=-1', '?round=x', '?at=1e3'])('the address %s shows nothing', (text) => {
  expect(shownOf(new URLSearchParams(text))).toEqual({});
});
