/**
 * Forks: the round as it was comes back unchanged, and one changed lie changes what it must.
 */
import { generalIds, protocols, strategyNames, type TraitorSpec } from '../../../consensus/index.js';
import { endOf, messagesOf, simulatedTrace, type Trace } from '../../../record/index.js';
import { fourCan } from '../lessons/four-can.js';
import { traceOfLesson } from '../lessons/lesson.js';
import { lyingCommander } from '../lessons/lying-commander.js';
import { nodeDies } from '../lessons/node-dies.js';
import { oneExchange } from '../lessons/one-exchange.js';
import { threeCannot } from '../lessons/three-cannot.js';
import { differences, forkOf, parseChange, printChange, samePlace } from './fork.js';

const decisionsOf = ({ events }: Trace): readonly string[] =>
  events.flatMap((event) => (event.kind === 'decision' ? [`${event.general} ${event.vote}`] : []));

/** The first message of a general in a phase. */
function indexOf(trace: Trace, from: string, to: string): number {
  return (
    messagesOf(trace).find(({ event: { message } }) => message.from === from && message.to === to)?.index ??
    -1
  );
}

const forms = protocols.flatMap(({ name, variants }) =>
  variants.map(({ mode, isCouncil }) => [name, mode, isCouncil] as const),
);
const spoken = strategyNames.filter((name) => !['late', 'replay', 'twins'].includes(name));

describe.each(forms)('%s, %s, council %s', (protocol, mode, isCouncil) => {
  test.each(spoken)('a change to what was said already changes nothing: %s', (strategy) => {
    const generals = generalIds(4);
    const traitors: readonly TraitorSpec[] = [{ general: 'general-0', strategy }];
    const setting = { protocol, mode, isCouncil, generals, commander: 'general-0', traitorsMax: 1 };
    const trace = simulatedTrace({ setting, order: 'Attack', traitors, seed: 5 });
    const first = messagesOf(trace).find(
      ({ event: { message } }) => message.from === 'general-0' && message.entries.length === 1,
    );
    if (first === undefined) return expect(strategy).not.toBe('flip');
    const [entry] = first.event.message.entries;
    const fork = forkOf(trace, { index: first.index, act: entry?.vote ?? 'nothing' });
    expect(decisionsOf(fork?.before as Trace)).toEqual(decisionsOf(trace));
    expect(fork === undefined ? [] : differences(fork)).toEqual([]);
  });
});

test('three generals: without its one lie the traitor does no harm', () => {
  const trace = traceOfLesson(threeCannot);
  const fork = forkOf(trace, { index: indexOf(trace, 'general-2', 'general-1'), act: 'Attack' });
  expect(decisionsOf(fork?.before as Trace)).toContain('general-1 Retreat');
  expect(decisionsOf(fork?.after as Trace)).toContain('general-1 Attack');
  expect(fork === undefined ? [] : differences(fork)).toHaveLength(1);
});

test('one exchange: the split heals when the second liar says the same to one more', () => {
  const trace = traceOfLesson(oneExchange);
  const fork = forkOf(trace, { index: indexOf(trace, 'general-1', 'general-5'), act: 'Attack' });
  expect(decisionsOf(fork?.after as Trace)).toEqual(
    expect.arrayContaining(['general-5 Attack', 'general-6 Retreat']),
  );
});

test('what loyal generals relay follows from the change', () => {
  const trace = traceOfLesson(lyingCommander);
  const fork = forkOf(trace, { index: indexOf(trace, 'general-0', 'general-3'), act: 'Attack' });
  if (fork === undefined) throw new Error('general-0 is a traitor');
  expect(differences(fork).map(({ slot }) => slot.from)).toEqual(['general-0', 'general-3', 'general-3']);
  expect(decisionsOf(fork.after)).toContain('general-2 Attack');
});

test('a general that was lost stays lost', () => {
  const { started, events } = traceOfLesson(nodeDies);
  const trace = {
    started: { ...started, traitors: [{ general: 'general-3', strategy: 'flip' } as const] },
    events,
  };
  const fork = forkOf(trace, { index: indexOf(trace, 'general-3', 'general-1'), act: 'Attack' });
  expect(fork === undefined ? undefined : endOf(fork.before)?.verdict?.lost).toEqual(['general-2']);
});

test('only what a traitor said can be changed', () => {
  const trace = traceOfLesson(fourCan);
  expect(forkOf(trace, { index: indexOf(trace, 'general-1', 'general-2'), act: 'Attack' })).toBeUndefined();
  expect(forkOf(trace, { index: 0, act: 'Attack' })).toBeUndefined();
});

test('both runs can be looked at side by side: the same place in one is the same in the other', () => {
  const trace = traceOfLesson(fourCan);
  const fork = forkOf(trace, { index: indexOf(trace, 'general-3', 'general-1'), act: 'nothing' });
  if (fork === undefined) throw new Error('general-3 is a traitor');
  const places = fork.before.events.map((_, place) => samePlace(fork.before, place, fork.after));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(places.at(-1)).toBe(fork.after.events.length - 1);
});

test.each(['12:Attack', '3:nothing', '7:general-0>general-2=Retreat'])(
  'the address says a change: %s',
  (text) => {
    const change = parseChange(text);
    expect(change === undefined ? undefined : printChange(change)).toBe(text);
  },
);

test.each(['', '12', 'x:Attack', '12:Maybe', '12:<b>=Attack'])('%j is no change', (text) => {
  expect(parseChange(text)).toBeUndefined();
});
