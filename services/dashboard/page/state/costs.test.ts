/**
 * What a round cost and should cost, phase by phase.
 */
import { generalIds, protocolOf, protocols, type Setting } from '../../../consensus/index.js';
import { simulatedTrace } from '../../../record/index.js';
import type { RoundFacts } from '../../wire.js';
import { traceOfLesson } from '../lessons/lesson.js';
import { nodeDies } from '../lessons/node-dies.js';
import { phaseCosts, trendOf } from './costs.js';

const settingOf = (part: Partial<Setting>, n = 7): Setting => {
  const generals = generalIds(n);
  const base = { protocol: 'om', mode: 'mailbox', isCouncil: false, traitorsMax: 2 } as const;
  return { ...base, generals, commander: 'general-0', ...part };
};
const traceOf = (setting: Setting) => simulatedTrace({ setting, order: 'Attack', traitors: [], seed: 1 });

const oral = protocols.flatMap(({ name, variants }) =>
  variants.flatMap(({ mode, isCouncil }) => (mode === 'signed' ? [] : [[name, mode, isCouncil] as const])),
);
test.each(oral)(
  'in a loyal round of %s (%s, council %s) every phase costs what the formula says',
  (protocol, mode, isCouncil) => {
    const setting = settingOf({ protocol, mode, isCouncil });
    const costs = phaseCosts(traceOf(setting));
    expect(costs.map(({ sentCount }) => sentCount)).toEqual(costs.map(({ owedCount }) => owedCount));
    const sum = costs.reduce((total, { sentCount }) => total + sentCount, 0);
    expect(sum).toBe(protocolOf(setting).cost(setting).messageCount);
  },
);

test('OM(2) with seven generals sends 6, 30 and 120 values', () => {
  expect(phaseCosts(traceOf(settingOf({}))).map(({ sentCount }) => sentCount)).toEqual([6, 30, 120]);
});

test('a phase in which somebody was missing ended by its close, the others when all had spoken', () => {
  const trace = traceOfLesson(nodeDies);
  expect(phaseCosts(trace).map(({ ended }) => ended)).toEqual(['full', 'by-close']);
  const { started, events } = trace;
  // The order is given, and one general has still to relay it.
  const early = { started, events: events.slice(0, 4) };
  expect(phaseCosts(early).map(({ ended }) => ended)).toEqual(['full', 'open']);
  const within = { started, events: events.slice(0, 3) };
  expect(phaseCosts(within).map(({ ended }) => ended)).toEqual(['open', 'open']);
});

test('the trend is of rounds with the same numbers that were measured, the oldest first', () => {
  const facts = (number: number, n: number, coordinationMs?: number): RoundFacts =>
    ({
      number,
      setting: settingOf({}, n),
      ...(coordinationMs === undefined ? {} : { metrics: { coordinationMs, computeMs: 1 } }),
    }) as RoundFacts;
  const rounds = [facts(5, 7, 12), facts(4, 7), facts(3, 4, 2), facts(2, 7, 10)];
  expect(trendOf(rounds, { setting: settingOf({}) })).toEqual([
    { number: 2, coordinationMs: 10, computeMs: 1 },
    { number: 5, coordinationMs: 12, computeMs: 1 },
  ]);
});
