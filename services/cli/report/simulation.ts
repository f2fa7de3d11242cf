/**
 * One simulated run, for people.
 */
import { summary } from '../../consensus/index.js';
import type { Round } from '../../orchestrator/index.js';
import type { Fault, Simulation } from '../../simulator/index.js';
import { counted } from '../output/numbers.js';
import type { Style } from '../output/style.js';

/** All lines; the last is PASS or FAIL. */
export function simulationReport(
  run: Simulation,
  { isSame, style }: { readonly isSame: boolean; readonly style: Style },
): string {
  const { scenario, problems } = run;
  const isWell = isSame && problems.length === 0;
  const { protocol, faultCount, generalCount } = scenario.round;
  const what = `${protocol.toUpperCase()}(${faultCount}) · ${generalCount} generals on ${counted(scenario.nodes.count, 'node')}`;
  const blocks = [
    [style.strong(`Simulation · ${scenario.name} · ${what} · seed ${run.seed}`), scenario.summary],
    run.faults.length === 0 ? ['faults   none'] : ['faults', ...run.faults.map(faultLine)],
    run.rounds.flatMap(roundLines),
    ['happened', ...countLines(run)],
    traceLines(run, isSame),
    [...problems, isWell ? style.good('PASS') : style.bad('FAIL')],
  ];
  return blocks.map((lines) => lines.join('\n')).join('\n\n');
}

function faultLine({ kind, of, atMs, forMs }: Fault): string {
  return `  ${atMs.toFixed(1).padStart(8)} ms  ${kind.padEnd(6)} ${of}, for ${forMs.toFixed(1)} ms`;
}

function roundLines(round: Round): readonly string[] {
  const { verdict, traitors, order, decisions } = round;
  const named = traitors.map(({ general, strategy }) => `${general}=${strategy}`).join(' ');
  const lost = verdict?.lost ?? [];
  return [
    `round ${round.number}  order ${order}, traitors ${named || 'none'}: ${verdict === undefined ? 'no verdict' : summary(verdict)}`,
    ...(lost.length > 0 ? [`  late or lost: ${lost.join(' ')}`] : []),
    `  decided ${[...decisions].map(([general, vote]) => `${general} ${vote}`).join('  ') || 'nothing'}`,
  ];
}

function countLines({ counts }: Simulation): readonly string[] {
  return Object.entries(counts).map(([what, count]) => `  ${String(count).padStart(8)}  ${what}`);
}

function traceLines(run: Simulation, isSame: boolean): readonly string[] {
  const again = isSame ? 'run twice, the same' : 'run twice, AND DIFFERENT';
  return [
    `trace    ${run.traceHash}, ${counted(run.eventCount, 'event')} in ${(run.virtualMs / 1000).toFixed(2)} s of virtual time; ${again}`,
    `again    byz simulate ${run.scenario.name} --seed ${run.seed}`,
  ];
}
