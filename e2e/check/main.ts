/**
 * `npm run check:space`: planted faults that must be caught, then every store under every fault, the histories judged. `-- --short` is
 * what CI runs; `-- --planted` the planted faults alone; `-- --backend redis --fault "kill -9 store"` one cell; `-- --seed 7` repeats the
 * draws of a run.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../services/runtime/index.js';
import { endAll } from '../drivers/processes.js';
import { type CellOptions, type CellResult, cellName, runCell } from './cell.js';
import { backends } from './cluster.js';
import { faultsOf, noFault } from './faults.js';
import { plantedText } from './planted/planted-text.js';
import { runPlanted } from './planted/run-planted.js';
import { heading, legend, row, unknownCount, violationCount, witnessOf } from './table.js';

const { values: flags } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    planted: { type: 'boolean', default: false },
    seed: { type: 'string' },
    backend: { type: 'string' },
    fault: { type: 'string' },
    clients: { type: 'string', default: '20' },
    calls: { type: 'string' },
    out: { type: 'string' },
  },
});

/** Cells of the short form: each fault once, and each store without one. */
const shortCells = new Set([
  'memory · none',
  'memory · restart all',
  'redis · none',
  'redis · kill -9 service',
  'redis · kill -9 store',
  'redis · stop service 5 s',
  'redis · step clock 5 s',
  'redis · lose answers',
  'postgres · none',
  'postgres · kill -9 store',
  'postgres · cut store',
  'postgres · lose store answers',
]);

const seed = flags.seed === undefined ? systemClock.wallMs() % 2 ** 32 : Number(flags.seed);
const folder = flags.out ?? mkdtempSync(join(tmpdir(), 'byzantine-check-'));
mkdirSync(folder, { recursive: true });
const startMs = systemClock.monotonicMs();
const results: CellResult[] = [];
const broken: string[] = [];
const isOneCell = flags.backend !== undefined || flags.fault !== undefined;

console.log(`seed ${seed}: the same draws again with -- --seed ${seed}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The stores end with this process.
  process.once(signal, () => void endAll().finally(() => process.exit(130)));
}
// Timers of the services let a process end; where all clients wait at once, nothing else would keep this one.
const awake = setInterval(() => {}, 1_000);
const isPlantedRight = isOneCell || (await runAllPlanted());
if (!flags.planted) await runCells();
process.exitCode = conclude();
clearInterval(awake);

async function runAllPlanted(): Promise<boolean> {
  const planted = await runPlanted(seed);
  console.log(plantedText(planted));
  return planted.every(({ isAsExpected }) => isAsExpected);
}

async function runCells(): Promise<void> {
  console.log(`\n${heading()}`);
  for (const cell of cellsOf()) await run(cell);
  console.log(`\n${legend}\n`);
}

async function run(cell: CellOptions): Promise<void> {
  try {
    const result = await runCell(cell);
    results.push(result);
    console.log(row(result));
    if (isClean(result)) rmSync(result.file);
    else console.log(witnessOf(result));
  } catch (error) {
    await endAll();
    broken.push(cellName(cell));
    console.log(`${cellName(cell)}: did not run: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function cellsOf(): readonly CellOptions[] {
  const { short } = flags;
  const sizes = short
    ? { callsMin: 150, strikesMin: 1, strikesMax: 1 }
    : { callsMin: 2_000, strikesMin: 3, strikesMax: Number.POSITIVE_INFINITY };
  const callsMin = flags.calls === undefined ? sizes.callsMin : Number(flags.calls);
  return backends
    .filter((backend) => flags.backend === undefined || flags.backend === backend)
    .flatMap((backend) =>
      faultsOf(backend)
        .filter((fault) => flags.fault === undefined || flags.fault === (fault?.name ?? noFault))
        .filter((fault) => !short || shortCells.has(cellName({ backend, fault })))
        .map((fault, i) => {
          const file = join(folder, `${backend}-${(fault?.name ?? noFault).replace(/\W+/g, '-')}.jsonl`);
          const { strikesMin, strikesMax } = sizes;
          return {
            backend,
            fault,
            seed: seed + i,
            clientCount: Number(flags.clients),
            callsMin,
            strikesMin,
            strikesMax,
            file,
          };
        }),
    );
}

function isClean({ report }: CellResult): boolean {
  return report.verdict === 'valid';
}

/** The headline, and the exit code: 1 for a violation, a fault that was not caught or a cell that did not run, 2 for what is unknown. */
function conclude(): number {
  const sum = (of: (result: CellResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  const violations = sum(({ report }) => violationCount(report));
  const unknowns = sum(({ report }) => unknownCount(report));
  if (!flags.planted) {
    const calls = sum(({ report }) => report.figures.operationCount).toLocaleString('en-US');
    const seconds = Math.round((systemClock.monotonicMs() - startMs) / 1_000);
    console.log(
      `${results.length} cells, ${calls} calls, ${violations} violations, ${unknowns} unknown, in ${seconds} s`,
    );
  }
  if (broken.length > 0) console.log(`${broken.length} cells did not run: ${broken.join(', ')}`);
  if (results.every(isClean)) rmSync(folder, { recursive: true });
  if (violations > 0 || broken.length > 0 || !isPlantedRight) return 1;
  return unknowns > 0 ? 2 : 0;
}
