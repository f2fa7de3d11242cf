/**
 * Runs the workload over spaces with planted faults, judges the histories, and tells how many calls each took to catch. A checker that
 * passes a broken space proves nothing; and one that does not pass the right space proves nothing either.
 */
import { systemClock } from '../../../services/runtime/index.js';
import {
  checkHistory,
  defaultTolerances,
  firstViolation,
  HistoryRecorder,
  type HistoryReport,
  historySchema,
  readHistory,
} from '../../../services/tuplespace/index.js';
import { pauseFor } from '../pause.js';
import { runWorkload } from '../workload/run.js';
import { type PlantedFault, PlantedSpace } from './plant.js';
import { spaceFaults } from './space-faults.js';
import { takeFaults } from './take-faults.js';

const plantedFaults: readonly PlantedFault[] = [...takeFaults, ...spaceFaults];

export interface PlantedResult {
  readonly fault: string;
  /** Nothing was planted. */
  readonly isRight: boolean;
  /** A fault was caught by one of the rules that it breaks; the right space by none. */
  readonly isAsExpected: boolean;
  /** The violated rules. */
  readonly rules: readonly string[];
  /** Calls up to the end of the first witness; NaN without one. */
  readonly callCount: number;
}

/** So many runs at once: they wait most of the time. */
const atOnce = 7;
const clientCount = 8;
const callsMin = 300;

const control: PlantedFault = { fault: 'none: the right space', caughtBy: [] };

/** All faults, and first the right space, which must not be caught. */
export async function runPlanted(seed: number): Promise<readonly PlantedResult[]> {
  const results: PlantedResult[] = [];
  const waiting = [control, ...plantedFaults];
  const lane = async () => {
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      results.push(await runOne(fault, seed));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

async function runOne(fault: PlantedFault, seed: number): Promise<PlantedResult> {
  const space = new PlantedSpace(fault);
  await space.start();
  const lines: string[] = [];
  const history = new HistoryRecorder(header(seed, fault.fault), {
    sink: (line) => lines.push(line),
    clock: systemClock,
  });
  const crashing = pauseFor(1_500).then(() => space.crash());
  try {
    const crash = { isOver: fault.crash === undefined };
    void crashing.then(() => {
      crash.isOver = true;
    });
    const isOver = () => crash.isOver;
    const connect = () => space.connect();
    await runWorkload({
      seed,
      clientCount,
      callsMin,
      history,
      connect,
      space: 'default',
      isOver,
      heal: () => crashing,
    });
  } finally {
    await space.stop();
  }
  const recorded = await readHistory(lines);
  return resultOf(
    fault,
    checkHistory(recorded),
    (line) => recorded.operations.filter((operation) => operation.line <= line).length,
  );
}

function resultOf(
  { fault, caughtBy }: PlantedFault,
  report: HistoryReport,
  callsUpTo: (line: number) => number,
): PlantedResult {
  const rules = report.rules.filter(({ violations }) => violations.length > 0).map(({ id }) => id);
  const isRight = fault === control.fault;
  const isAsExpected = isRight ? report.verdict === 'valid' : rules.some((id) => caughtBy.includes(id));
  const last = firstViolation(report)?.lines.at(-1);
  return {
    fault,
    isRight,
    isAsExpected,
    rules,
    callCount: last === undefined ? Number.NaN : callsUpTo(last),
  };
}

function header(seed: number, fault: string) {
  return {
    schema: historySchema,
    backend: 'redis',
    durability: 'power-loss',
    replicaCount: 2,
    tolerances: defaultTolerances,
    labels: { planted: fault, seed: String(seed) },
  } as const;
}
