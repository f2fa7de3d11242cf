/**
 * What simulations under many seeds came to, for people.
 */
import type { Setting } from '../../consensus/index.js';
import type { Campaign, CoreCampaign } from '../../simulator/index.js';
import { corePlan } from '../../simulator/index.js';
import { grouped } from '../output/numbers.js';
import type { TableContent } from '../output/table.js';
import { replayCommand } from './replay.js';

/** A result, and the processor time that it took. */
export interface Timed<Result> {
  readonly result: Result;
  readonly tookMs: number;
}

export interface SimulationResults {
  readonly campaigns: readonly Timed<Campaign>[];
  readonly core: readonly Timed<CoreCampaign>[];
  readonly firstSeed: number;
}

/** All lines; the last says how it went. */
export function campaignReport(results: SimulationResults, table: (content: TableContent) => string): string {
  const { campaigns, core } = results;
  const problems = problemLines(results);
  const blocks = [
    ['simulated services: orchestrator, nodes and memory store in one thread, on a virtual clock'],
    [table(campaignTable(campaigns))],
    core.length === 0 ? [] : ['the pure core alone, without services'],
    core.length === 0 ? [] : [table(coreTable(core))],
    ['seeds/s and rounds/s are of processor time'],
    problems,
    [problems.length === 0 ? 'PASS' : 'FAIL'],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function campaignTable(campaigns: readonly Timed<Campaign>[]): TableContent {
  return {
    head: [
      'scenario',
      'seeds',
      'twice',
      'rounds',
      'outside',
      'lies',
      'faults',
      'events',
      'virtual',
      'seeds/s',
    ],
    rows: campaigns.map(({ result, tookMs }) => {
      const { counts } = result;
      const faultCount = ['crash', 'pause', 'cut', 'lost', 'stream broken', 'duplicate'].reduce(
        (sum, what) => sum + (counts[what] ?? 0),
        0,
      );
      return [
        result.scenario.name,
        number(result.seedCount),
        number(result.repeatedCount),
        number(result.roundCount),
        number(counts['round outside the bound'] ?? 0),
        share(counts['round with a lie'] ?? 0, result.roundCount),
        number(faultCount),
        number(result.eventCount),
        `${(result.virtualMs / 1000).toFixed(1)} s`,
        number((result.seedCount + result.repeatedCount) / (tookMs / 1000)),
      ];
    }),
  };
}

function coreTable(core: readonly Timed<CoreCampaign>[]): TableContent {
  return {
    head: ['protocol', 'n', 'm', 'rounds', 'changed', 'violations', 'rounds/s'],
    rows: core.map(({ result, tookMs }) => [
      formName(result.setting),
      number(result.setting.generals.length),
      number(result.setting.traitorsMax),
      number(result.roundCount),
      share(result.changedCount, result.roundCount),
      number(result.violations.length),
      number(result.roundCount / (tookMs / 1000)),
    ]),
  };
}

/** Such as `KING, council`. */
function formName({ protocol, isCouncil }: Setting): string {
  return `${protocol.toUpperCase()}${isCouncil ? ', council' : ''}`;
}

/** Every failing seed, with the command that shows it again. */
function problemLines({ campaigns, core }: SimulationResults): readonly string[] {
  const failed = campaigns.flatMap(({ result }) =>
    result.failures.flatMap(({ seed, problems }) => [
      ...problems.map((problem) => `${result.scenario.name}, seed ${seed}: ${problem}`),
      `  byz simulate ${result.scenario.name} --seed ${seed}`,
    ]),
  );
  const never = campaigns.flatMap(({ result }) =>
    result.neverHappened.map(
      (what) => `${result.scenario.name}: "${what}" never happened in ${number(result.seedCount)} seeds`,
    ),
  );
  const violated = core.flatMap(({ result }) =>
    result.violations.flatMap(({ seed, because }) => [
      `${formName(result.setting)}, seed ${seed}: ${because}`,
      `  ${replayCommand({ ...corePlan(result.setting, seed), isOutsideBoundAllowed: false })}`,
    ]),
  );
  return [...failed, ...never, ...violated];
}

function number(value: number): string {
  return grouped(Math.round(value));
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
}
