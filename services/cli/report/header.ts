/**
 * The head of a report: what the round was, whether anything is promised for it, what it costs, where its
 * record is.
 */
import type { Round } from '../../orchestrator/index.js';
import { counted, grouped } from '../output/numbers.js';
import { protocolName } from './protocol-name.js';
import type { ReportView } from './view.js';

export function headerLines(round: Round, { style, isPlain }: ReportView, place: string): readonly string[] {
  const { setting, cost, verdict } = round;
  const title = [
    'Byzantine Generals',
    protocolName(setting),
    `${counted(setting.generals.length, 'general')}, ${counted(round.traitors.length, 'traitor')}`,
    `seed ${round.seed}`,
  ];
  const wait = `a phase waits at most ${grouped(round.phaseMs)} ms`;
  const facts = [
    [setting.isCouncil ? 'inputs' : 'order', inputsText(round)],
    ...(verdict === undefined ? [] : boundFacts(verdict, setting.traitorsMax)),
    ['cost', `${counted(cost.phaseCount, 'phase')}, ${counted(cost.messageCount, 'message')}; ${wait}`],
    ['place', place],
    ...statusFacts(round),
  ];
  const start = (name: string) => (isPlain ? `${name}: ` : name.padEnd(7));
  return [style.strong(title.join(' · ')), ...facts.map(([name = '', fact]) => `${start(name)}${fact}`)];
}

function inputsText({ setting, order, inputs }: Round): string {
  if (!setting.isCouncil) return `${order}, to ${setting.commander}`;
  const others = [...inputs].map(([general, vote]) => `${general} ${vote}`);
  return others.length === 0 ? `${order} of everybody` : `${order}, but ${others.join(', ')}`;
}

function boundFacts(
  { bound, isWithin, faultCount }: NonNullable<Round['verdict']>,
  m: number,
): readonly string[][] {
  const place = bound.isWithin ? 'inside' : 'OUTSIDE: nothing is promised';
  const fact = ['bound', `${bound.rule}   ${bound.numbers}   ${place}`];
  if (!bound.isWithin || isWithin) return [fact];
  return [fact, ['faults', `${faultCount}, but the round is made for ${m}: nothing is promised`]];
}

function statusFacts({ status, cancelledBecause }: Round): readonly string[][] {
  if (status === 'finished') return [];
  return [['status', status === 'cancelled' ? `cancelled: ${cancelledBecause ?? ''}` : status]];
}
