/**
 * The three metrics of a round, in the names and the order of the original example.
 */
import type { Round, RoundMetrics } from '../../orchestrator/index.js';
import { ratioWords } from '../../record/index.js';
import { grouped } from '../output/numbers.js';
import { wrapText } from '../output/wrap.js';
import type { ReportView } from './view.js';

/** The lines of Coordination time, Compute time and Granularity ratio. */
export function metricLines(round: Round, view: ReportView): readonly string[] {
  const { metrics } = round;
  if (metrics === undefined) {
    return names.flatMap((name) => metricLine(name, 'unknown', 'the round has no verdict', view));
  }
  const [coordination, compute, ratio] = names;
  return [
    ...metricLine(coordination, `${ms(metrics.coordinationMs)} ms`, coordinationNote(metrics), view),
    ...metricLine(
      compute,
      `${ms(metrics.computeMs)} ms`,
      `slowest general; all together ${ms(metrics.computeSumMs)} ms`,
      view,
    ),
    ...metricLine(ratio, ratioWords(metrics.granularityRatio), ratioNote(round, metrics), view),
  ];
}

const names = ['Coordination time', 'Compute time', 'Granularity ratio'] as const;

function metricLine(name: string, value: string, note: string, view: ReportView): readonly string[] {
  if (view.isPlain) return [`${name}: ${value}. ${note}`];
  return wrapText(`${name.padEnd(18)} ${value.padStart(12)}   `, note, view.columns);
}

function coordinationNote(metrics: RoundMetrics): string {
  const slowest = metrics.generals.find(({ coordinationMs }) => coordinationMs === metrics.coordinationMs);
  const parts =
    slowest === undefined
      ? ''
      : ` (space calls ${ms(slowest.spaceCallMs)}, waiting ${ms(slowest.waitingMs)})`;
  return `slowest general${parts}; all together ${ms(metrics.coordinationSumMs)} ms`;
}

function ratioNote(round: Round, { granularityRatio }: RoundMetrics): string {
  const meaning = 'compute / coordination';
  if (granularityRatio >= 1) return meaning;
  const { receivedPerLieutenant } = round.cost;
  const share = receivedPerLieutenant === 1 ? 'one value' : `${grouped(receivedPerLieutenant)} values`;
  const reason = `a general computes with ${share} and waits for the others to send them`;
  return `${meaning}; below 1 is normal: ${reason}`;
}

function ms(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
