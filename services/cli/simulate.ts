/**
 * `byz simulate`: scenarios under many seeds, or one run in full.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Setting } from '../consensus/index.js';
import { invalidArgument, suggestName, systemClock } from '../runtime/index.js';
import type {
  Betrayal,
  Campaign,
  CoreCampaign,
  CoreCampaignOptions,
  Scenario,
  TraceEvent,
} from '../simulator/index.js';
import {
  builtInScenarios,
  coreSettings,
  formatTraceEvent,
  plainValue,
  readScenarioFile,
  runCampaign,
  runCoreRounds,
  simulate,
} from '../simulator/index.js';
import type { SimulateOptions } from './commands/simulate.js';
import {
  type SimulationDocument,
  simulationDocument,
  simulationsDocument,
} from './documents/simulation-document.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { grouped } from './output/numbers.js';
import { Progress } from './output/progress.js';
import { createStyle } from './output/style.js';
import { alignedTable, plainTable } from './output/table.js';
import { campaignReport, type Timed } from './report/campaigns.js';
import { simulationReport } from './report/simulation.js';
import { whole } from './round-request.js';
import type { Shell } from './shell.js';

/** Every so many-th run is made twice. */
const repeatEvery = 5;

export async function runSimulate(
  shell: Shell,
  options: SimulateOptions,
  names: readonly string[],
): Promise<ExitCode> {
  const { strategy } = options;
  if (strategy === undefined) return runScenarios(shell, options, names, undefined);
  // What takes the types out is large, and most simulations need it not.
  const { OwnCampaign } = await import('./own-strategy/own-campaign.js');
  const own = await OwnCampaign.load(shell, strategy);
  try {
    const code = await runScenarios(shell, options, names, own.betray);
    for (const line of own.failureLines) shell.terminal.talk(line);
    return code;
  } finally {
    await own.stop();
  }
}

async function runScenarios(
  shell: Shell,
  options: SimulateOptions,
  names: readonly string[],
  betray: Betrayal | undefined,
): Promise<ExitCode> {
  const scenarios = scenariosOf(shell, names);
  const seed = inRange('--seed', whole('--seed', options.seed) ?? 1, 2 ** 32 - 1);
  const isSingle = scenarios.length === 1 && options.seed !== undefined && options.runs === undefined;
  const [only] = scenarios;
  if (isSingle && only !== undefined) return runOne(shell, options, only, { seed, betray });
  if (options.trace) {
    throw invalidArgument('--trace', 'shows one run: name one scenario and a --seed, without --runs');
  }
  const runCount = inRange('--runs', whole('--runs', options.runs) ?? 20, 1_000_000);
  const coreCount = inRange('--core', whole('--core', options.core) ?? 0, 100_000_000);
  return runMany(shell, options, { scenarios, seed, runCount, coreCount, betray });
}

async function runOne(
  { terminal }: Shell,
  options: SimulateOptions,
  scenario: Scenario,
  { seed, betray }: Pick<Wanted, 'seed' | 'betray'>,
): Promise<ExitCode> {
  const trace: TraceEvent[] = [];
  const onEvent = options.trace ? { onEvent: showEvent } : {};
  const first = await simulate(scenario, { seed, betray, ...onEvent });
  const again = await simulate(scenario, { seed, betray });
  const isSame = first.traceHash === again.traceHash;
  if (options.json) terminal.data(JSON.stringify(document(), plainValue, 2));
  else terminal.report(simulationReport(first, { isSame, style: createStyle(terminal) }));
  return isSame && first.problems.length === 0 ? exitCodes.ok : exitCodes.violated;

  function showEvent(event: TraceEvent): void {
    if (options.json) trace.push(event);
    else terminal.data(formatTraceEvent(event));
  }

  function document(): SimulationDocument {
    return simulationDocument(first, { isSame, ...(options.trace ? { trace } : {}) });
  }
}

interface Wanted {
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  readonly runCount: number;
  readonly coreCount: number;
  /** Undefined: as the scenarios say. */
  readonly betray: Betrayal | undefined;
}

async function runMany({ terminal }: Shell, options: SimulateOptions, wanted: Wanted): Promise<ExitCode> {
  const state = { doing: '', done: 0, total: 1 };
  const progress = new Progress(terminal, systemClock, (elapsedMs) => {
    const share = `${grouped(state.done)} of ${grouped(state.total)}`;
    return `${state.doing} · ${share} · ${(elapsedMs / 1000).toFixed(0)} s`;
  });
  const campaigns: Timed<Campaign>[] = [];
  let core: readonly Timed<CoreCampaign>[] = [];
  try {
    for (const scenario of wanted.scenarios) {
      Object.assign(state, { doing: scenario.name, done: 0, total: wanted.runCount });
      campaigns.push(
        await timed(() =>
          runCampaign(scenario, {
            firstSeed: wanted.seed,
            seedCount: wanted.runCount,
            repeatEvery,
            betray: wanted.betray,
            onRun: () => {
              state.done += 1;
            },
          }),
        ),
      );
    }
    core = await runCore(wanted, state);
  } finally {
    progress.stop();
  }
  const results = { campaigns, core, firstSeed: wanted.seed };
  if (options.json) terminal.data(JSON.stringify(simulationsDocument(results), null, 2));
  else terminal.report(campaignReport(results, options.plain ? plainTable : alignedTable));
  return isAllWell(campaigns, core) ? exitCodes.ok : exitCodes.violated;
}

/** The rounds on the core, shared out evenly. */
async function runCore(
  { seed, coreCount, betray }: Wanted,
  state: { doing: string; done: number; total: number },
): Promise<readonly Timed<CoreCampaign>[]> {
  const settings = coreCount === 0 ? [] : coreSettings();
  const results: Timed<CoreCampaign>[] = [];
  for (const [i, setting] of settings.entries()) {
    const roundCount = shareOf(coreCount, i, settings.length);
    Object.assign(state, { doing: coreName(setting), done: 0, total: roundCount });
    results.push(
      await timed(() => runCorePiecewise({ setting, firstSeed: seed, roundCount, betray }, state)),
    );
  }
  return results;
}

/** In pieces, so that the line of progress can be drawn in between. */
async function runCorePiecewise(
  { setting, firstSeed, roundCount, betray }: CoreCampaignOptions,
  state: { done: number },
): Promise<CoreCampaign> {
  let whole: CoreCampaign = { setting, roundCount: 0, changedCount: 0, violations: [] };
  while (whole.roundCount < roundCount) {
    const count = Math.min(pieceRounds, roundCount - whole.roundCount);
    const from = firstSeed + whole.roundCount;
    const piece = await runCoreRounds({ setting, firstSeed: from, roundCount: count, betray });
    whole = {
      setting,
      roundCount: whole.roundCount + count,
      changedCount: whole.changedCount + piece.changedCount,
      violations: [...whole.violations, ...piece.violations],
    };
    state.done = whole.roundCount;
    await new Promise<void>((next) => void systemClock.after(0, next));
  }
  return whole;
}

const pieceRounds = 100;

function isAllWell(campaigns: readonly Timed<Campaign>[], core: readonly Timed<CoreCampaign>[]): boolean {
  const areRunsWell = campaigns.every(
    ({ result }) => result.failures.length === 0 && result.neverHappened.length === 0,
  );
  return areRunsWell && core.every(({ result }) => result.violations.length === 0);
}

/** By processor time: what else the machine does changes nothing. */
async function timed<Result>(run: () => Promise<Result>): Promise<Timed<Result>> {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return { result, tookMs: (user + system) / 1_000 };
}

/** What is left over goes to the first. */
function shareOf(total: number, index: number, count: number): number {
  const share = Math.floor(total / count);
  return index === 0 ? total - share * (count - 1) : share;
}

function coreName({ protocol, generals, traitorsMax }: Setting): string {
  return `${protocol.toUpperCase()} (${generals.length}, ${traitorsMax})`;
}

function scenariosOf({ workingDirectory }: Shell, names: readonly string[]): readonly Scenario[] {
  const builtIn = builtInScenarios();
  if (names.length === 0) return [...builtIn.values()].map(readScenarioFile);
  return names.map((name) => {
    const path = builtIn.get(name) ?? resolve(workingDirectory, name);
    if (!builtIn.has(name) && !existsSync(path)) {
      throw invalidArgument(
        name,
        `is neither a file nor a scenario${suggestName(name, [...builtIn.keys()])}`,
      );
    }
    return readScenarioFile(path);
  });
}

function inRange(flag: string, value: number, max: number): number {
  if (value <= max) return value;
  throw invalidArgument(flag, `${value} is more than ${grouped(max)}`);
}
