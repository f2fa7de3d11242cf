import { om } from '../om.js';
import type { Output, Protocol } from '../protocol.js';
import { simulateRound } from '../run.js';
import { ids, oral } from '../testing/builders.js';
import { say, sayNothing, sayTruth } from './plan.js';
import { rewrite } from './rewrite.js';
import { checkTraitorSpec, planFor, type TraitorSpec } from './spec.js';
import type { TableAct } from './table.js';

const setting = oral(5, 2);
const line: TableAct = { phase: 1, from: 'general-3', to: 'general-1', path: ids(0, 3), act: 'Retreat' };

function table(...acts: readonly Partial<Record<keyof TableAct, unknown>>[]): TraitorSpec {
  return {
    general: 'general-3',
    strategy: 'table',
    acts: acts.map((act) => ({ ...line, ...act }) as TableAct),
  };
}

describe('a traitor as data', () => {
  it('is accepted with each strategy and with a table', () => {
    expect(checkTraitorSpec({ general: 'general-4', strategy: 'two-faced' }, setting)).toEqual([]);
    expect(checkTraitorSpec(table({}, { to: 'general-2', act: 'nothing' }), setting)).toEqual([]);
    expect(checkTraitorSpec(table(), setting)).toEqual([]);
  });

  it('is refused when it is nobody, or betrays in an unknown way', () => {
    expect(checkTraitorSpec({ general: 'general-5', strategy: 'flip' }, setting)).toMatchObject([
      { field: 'general' },
    ]);
    const unknown = { general: 'general-1', strategy: 'toString' } as unknown as TraitorSpec;
    expect(checkTraitorSpec(unknown, setting)).toMatchObject([{ field: 'strategy' }]);
  });

  it.each<[string, Partial<Record<keyof TableAct, unknown>>]>([
    ['acts[1].from', { from: 'general-2' }],
    ['acts[1].path', { to: 'general-3' }],
    ['acts[1].path', { to: 'general-0' }],
    ['acts[1].path', { phase: 2 }],
    ['acts[1].path', { phase: 3, path: ids(0, 1, 2, 3) }],
    ['acts[1].path', { path: ids(0, 2) }],
    ['acts[1].path', { phase: 2, path: ids(0, 1, 3) }],
    ['acts[1].act', { act: 'maybe' }],
    ['acts[1]', {}],
  ])('is refused for %s in the table: %j', (field, wrong) => {
    const first = { to: field === 'acts[1]' ? 'general-1' : 'general-4' };
    expect(checkTraitorSpec(table(first, wrong), setting).map((problem) => problem.field)).toEqual([field]);
  });

  it('names a problem once for each line that has one', () => {
    const fields = checkTraitorSpec(table({ act: '' }, { to: 'general-2' }, { act: '' }), setting).map(
      ({ field }) => field,
    );
    expect(fields).toEqual(['acts[0].act', 'acts[2].act']);
  });
});

describe('a table', () => {
  it('says what its lines say and the truth everywhere else', () => {
    const spec = table({}, { to: 'general-2', act: 'nothing' });
    const { messages } = simulateRound({ setting, order: 'Attack', traitors: [spec], seed: 0 });
    const relays = messages.filter(({ from, phase }) => from === 'general-3' && phase === 1);
    expect(relays.map(({ to, entries }) => [to, entries[0]?.vote])).toEqual([
      ['general-1', 'Retreat'],
      ['general-4', 'Attack'],
    ]);
  });
});

describe('two lines for one place', () => {
  it('are refused, and the first would stand', () => {
    const spec = table({}, { act: 'Attack' });
    expect(checkTraitorSpec(spec, setting)).toMatchObject([{ field: 'acts[1]' }]);
    const plan = planFor(spec, { setting, traitors: ids(3), seed: 0 });
    const { phase, from, to, path } = line;
    expect(plan({ phase, from, to, path, loyalVote: 'Attack', seen: [] })).toEqual(say('Retreat'));
  });
});

describe('rewriting', () => {
  const sent: Output = {
    kind: 'send',
    phase: 2,
    messages: ids(1, 2).map((to) => ({
      phase: 2,
      from: 'general-4',
      to,
      entries: [
        { path: ids(0, 3, 4), vote: 'Attack' },
        { path: ids(0, 5, 4), vote: 'Retreat' },
      ],
    })),
  };

  const betrayed = { protocol: om as Protocol<unknown>, setting: oral(7, 2), state: undefined };

  it('leaves everything but what is sent as it is', () => {
    const outputs: Output[] = [
      { kind: 'phase-ended', phase: 1, by: 'close' },
      { kind: 'decide', vote: 'Attack' },
    ];
    expect(rewrite([...outputs, sent], () => sayNothing, betrayed)).toEqual(outputs);
  });

  it('drops values, messages and sends of which nothing is left, and keeps the order of the rest', () => {
    const [output] = rewrite(
      [sent],
      ({ to, path }) => (to === 'general-1' || path.includes('general-3') ? sayNothing : say('Attack')),
      betrayed,
    );
    expect(output).toEqual({
      kind: 'send',
      phase: 2,
      messages: [
        { phase: 2, from: 'general-4', to: 'general-2', entries: [{ path: ids(0, 5, 4), vote: 'Attack' }] },
      ],
    });
  });

  it('tells the plan the whole place', () => {
    const places: unknown[] = [];
    rewrite(
      [sent],
      (place) => {
        places.push(place);
        return sayTruth;
      },
      betrayed,
    );
    expect(places[1]).toEqual({
      phase: 2,
      from: 'general-4',
      to: 'general-1',
      path: ids(0, 5, 4),
      loyalVote: 'Retreat',
      seen: [],
    });
  });
});
