/**
 * Scenarios as TOML files. What each key means stands in docs/simulator.md.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Summary } from '../consensus/index.js';
import { ServiceError } from '../runtime/index.js';
import type { NetworkOptions } from './network.js';
import type { Expectation, FaultKind, Scenario, ScenarioFault } from './scenario.js';
import { readRound, timeMsMax } from './scenario-round.js';
import { TomlReader } from './toml-reader.js';

const time = { min: 0, max: timeMsMax };
const probability = { min: 0, max: 1 };

/** Name to path of the scenarios that come with this program, by name. */
export function builtInScenarios(): ReadonlyMap<string, string> {
  const folder = join(import.meta.dirname, 'scenarios');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.toml'))
    .sort();
  return new Map(files.map((file) => [file.replace(/\.toml$/, ''), join(folder, file)]));
}

/** Errors: not_found (the file), invalid_argument (the key, and what is allowed). */
export function readScenarioFile(path: string): Scenario {
  return parseScenario(basename(path), readText(path));
}

/** Errors: invalid_argument (the key, and what is allowed). */
export function parseScenario(file: string, text: string): Scenario {
  const document = TomlReader.document(file, text);
  const nodes = document.table('nodes');
  const orchestrators = document.table('orchestrators');
  const scenario: Scenario = {
    name: file.replace(/\.toml$/, ''),
    summary: document.text('summary'),
    round: readRound(document.table('round')),
    nodes: {
      count: nodes.number('count', { min: 1, max: 100, isWhole: true }, 4),
      leaseMs: nodes.number('lease_ms', { min: 300, max: 600_000, isWhole: true }, 3_000),
      leaseGraceMs: nodes.number('lease_grace_ms', { min: 1, max: 600_000, isWhole: true }, 500),
    },
    orchestratorCount: orchestrators.number('count', { min: 1, max: 10, isWhole: true }, 1),
    network: readNetwork(document.table('network')),
    faults: document.tables('fault').map((fault) => readFault(fault)),
    expect: readExpectation(document.table('expect')),
  };
  nodes.end();
  orchestrators.end();
  document.end();
  checkProcesses(document, scenario);
  return scenario;
}

function readNetwork(table: TomlReader): NetworkOptions {
  const network: NetworkOptions = {
    delayMs: table.span('delay_ms', time, [0.1, 2]),
    loss: table.number('loss', { min: 0, max: 0.5 }, 0),
    duplication: table.number('duplication', probability, 0),
    streamBreak: table.number('stream_break', { min: 0, max: 0.5 }, 0),
    noticeMs: table.span('notice_ms', time, [1, 20]),
  };
  table.end();
  return network;
}

function readFault(table: TomlReader): ScenarioFault {
  const kind = table.text('kind');
  const of = table.text('of');
  const fault = {
    kind: kind as FaultKind,
    of: of as ScenarioFault['of'],
    chance: table.number('chance', probability, 1),
    atMs: table.span('at_ms', time),
    forMs: table.span('for_ms', time),
  };
  table.end();
  if (!['crash', 'pause', 'cut'].includes(kind)) {
    throw table.refuse('kind', `"${kind}" is unknown; known: crash, pause, cut`);
  }
  if (!/^(space|(orchestrator|node)(-[1-9]\d*)?)$/.test(of)) {
    throw table.refuse(
      'of',
      `"${of}" is unknown; known: node, node-1 and so on, orchestrator, orchestrator-1 and so on, space`,
    );
  }
  if (of === 'space' && kind !== 'cut') {
    throw table.refuse(
      'kind',
      `the space has only cut, not ${kind}: the memory store does not outlive its process`,
    );
  }
  return fault;
}

function readExpectation(table: TomlReader): Expectation {
  const verdicts = table.choices<Summary>('verdict', ['held', 'violated', 'unknown', 'outside'], ['held']);
  const sometimes = table.texts('sometimes');
  table.end();
  return { verdicts, sometimes };
}

function checkProcesses(document: TomlReader, { faults, nodes, orchestratorCount }: Scenario): void {
  for (const [i, { of }] of faults.entries()) {
    const [, kind, index] = /^(node|orchestrator)-(\d+)$/.exec(of) ?? [];
    const count = kind === 'node' ? nodes.count : orchestratorCount;
    if (index !== undefined && Number(index) > count) {
      throw document.refuse(`fault[${i}].of`, `"${of}" is none of the ${count} ${kind}s`);
    }
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ServiceError('not_found', `${path}: cannot be read`, { cause });
  }
}
