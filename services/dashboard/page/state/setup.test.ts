/**
 * What is set up survives the address bar, and its price is the protocol's.
 */
import { parseStartRound } from '../../request-forms.js';
import {
  defaultSetup,
  possible,
  priceOf,
  queryOf,
  requestOf,
  type Setup,
  settingOf,
  setupOf,
  traitorsOf,
} from './setup.js';

const defaults = {
  protocol: 'om',
  generalCount: 4,
  faultCount: 1,
  strategy: 'two-faced',
  phaseMs: 1_000,
  messagesMax: 20_000,
};
const standard = defaultSetup({ defaults });
const setupWith = (part: Partial<Setup>): Setup => possible({ ...standard, ...part });

test('what is the default leaves the address empty', () => {
  expect(queryOf(standard, standard).toString()).toBe('');
  expect(setupOf(new URLSearchParams(), standard)).toEqual(standard);
});

test.each<[string, Partial<Setup>]>([
  ['numbers', { generalCount: 7, faultCount: 2, seed: 4_294_967_295, phaseMs: 50, order: 'Retreat' }],
  ['signed messages', { protocol: 'sm', mode: 'signed' }],
  [
    'a council on a board',
    { mode: 'board', isCouncil: true, dissenters: new Set(['general-1', 'general-3']) },
  ],
  [
    'picked traitors',
    {
      traitors: new Map([
        ['general-0', 'two-faced'],
        ['general-2', 'silent'],
      ]),
    },
  ],
  ['no traitor, though one is withstood', { traitors: new Map() }],
])('a link says all of a round: %s', (_what, part) => {
  const setup = setupWith(part);
  const query = queryOf(setup, standard);
  expect(setupOf(new URLSearchParams(query.toString()), standard)).toEqual(setup);
});

test.each([
  '?generals=1',
  '?generals=1e9',
  '?seed=-1',
  '?protocol=paxos',
  '?traitors=general-9:flip',
  '?mode=%3Cb%3E',
])('what is no such thing takes the default: %s', (query) => {
  const setup = setupOf(new URLSearchParams(query), standard);
  expect({ ...setup, traitors: setup.traitors?.size === 0 ? undefined : setup.traitors }).toEqual(standard);
});

test('a protocol that has not the mode that was set is run in one that it has', () => {
  expect(setupWith({ protocol: 'sm', mode: 'board', isCouncil: true })).toMatchObject({ mode: 'signed' });
  expect(setupWith({ protocol: 'king', mode: 'mailbox', isCouncil: true })).toMatchObject({
    isCouncil: true,
  });
});

test('fewer generals have fewer traitors', () => {
  const setup = setupWith({ generalCount: 3, faultCount: 9, traitors: new Map([['general-5', 'flip']]) });
  expect(setup).toMatchObject({ faultCount: 3, traitors: new Map() });
});

describe('the price', () => {
  const price = (part: Partial<Setup>) => priceOf(setupWith(part), defaults);

  test.each([
    [4, 1, 9, true],
    [3, 1, 4, false],
    [7, 2, 156, true],
    [10, 3, 3_609, true],
  ])('of OM(m) with n = %i, m = %i is %i messages', (generalCount, faultCount, messageCount, isPromised) => {
    expect(price({ generalCount, faultCount })).toMatchObject({
      cost: { messageCount },
      isPromised,
      problem: undefined,
    });
  });

  test('of a round that is too large is a reason not to start it', () => {
    expect(price({ generalCount: 13, faultCount: 4 }).problem).toContain('108,384');
  });

  test('nothing is promised for more traitors than are withstood', () => {
    const traitors = new Map([
      ['general-1', 'flip'],
      ['general-2', 'flip'],
    ] as const);
    expect(price({ traitors })).toMatchObject({
      bound: { isWithin: true },
      isPromised: false,
      traitorCount: 2,
    });
  });
});

test.each<[string, Partial<Setup>]>([
  ['drawn traitors', { seed: 7 }],
  ['picked traitors', { traitors: new Map([['general-2', 'silent']]) }],
  ['a council', { isCouncil: true, dissenters: new Set(['general-1']) }],
])('the request for %s has the form that the server reads', (_what, part) => {
  const request = requestOf(setupWith(part));
  expect(parseStartRound(JSON.stringify(request))).toEqual(request);
});

test('a drawn traitor is known as soon as the seed is', () => {
  expect(traitorsOf(setupWith({ seed: undefined }))).toBeUndefined();
  expect(traitorsOf(setupWith({ seed: 7 }))).toHaveLength(1);
  expect(traitorsOf(setupWith({ faultCount: 0 }))).toEqual([]);
  expect(settingOf(standard)).toMatchObject({ generals: { length: 4 }, commander: 'general-0' });
});
