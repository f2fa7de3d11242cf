/**
 * Keeps the record of a round as files: `<folder>/<time>-<seed>/`, with the link `latest` to the last one. Only when it is asked for.
 */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { verifySignature } from '../general-node/index.js';
import type { Orchestrator, Round } from '../orchestrator/index.js';
import { roundOfTrace, traceEvent } from '../orchestrator/index.js';
import type { Trace, TraceEvent } from '../record/index.js';
import { diagramFile, printTrace, reportFile, traceOf } from '../record/index.js';
import { ServiceError } from '../runtime/index.js';
import type { SaveOptions } from './commands/round-options.js';
import { roundFacts } from './documents/round-document.js';
import { againCommand } from './report/replay.js';
import type { Shell } from './shell.js';

export interface Saver {
  /** Writes the files and says on stderr where. The round must be over. */
  save(orchestrator: Orchestrator, round: Round): Promise<void>;
}

/**
 * Undefined when nobody asked for it. The folder is made at once, so that one which cannot be written is known before the round.
 * Errors: failed_precondition.
 */
export function saverFor(shell: Shell, { save, saveTo }: SaveOptions): Saver | undefined {
  if (save !== true && saveTo === undefined) return undefined;
  const shown = saveTo ?? 'runs';
  const folder = isAbsolute(shown) ? shown : join(shell.workingDirectory, shown);
  writing(shown, () => mkdirSync(folder, { recursive: true }));
  return {
    async save(orchestrator, round) {
      const trace = await traceOfRound(orchestrator, round);
      const name = writing(shown, () => writeRun(folder, trace));
      const files = 'report.html, diagram.svg, trace.jsonl, verdict.json, metrics.json';
      shell.terminal.talk(`saved  ${join(shown, name)}  ${files}`);
    },
  };
}

/** The record of a round that is over. Errors: failed_precondition. */
async function traceOfRound(orchestrator: Orchestrator, { number, status }: Round): Promise<Trace> {
  if (status === 'running') {
    const advice = `byz round watch ${number} --save waits for its end`;
    throw new ServiceError('failed_precondition', `round ${number} still runs`, { details: { advice } });
  }
  const events: TraceEvent[] = [];
  for await (const event of orchestrator.watchRound({ number })) events.push(traceEvent(number, event));
  const trace = traceOf(events);
  if (trace === undefined) throw new ServiceError('not_found', `round ${number} has no record`);
  return trace;
}

/** The name of the new folder. */
function writeRun(folder: string, trace: Trace): string {
  const { at, seed } = trace.started;
  const time = at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const name = freeName(folder, `${time}-${seed}`);
  for (const [file, text] of Object.entries(filesOf(trace))) writeFileSync(join(folder, name, file), text);
  pointLatest(folder, name);
  return name;
}

function filesOf(trace: Trace): Readonly<Record<string, string>> {
  const round = roundOfTrace(trace);
  const { verdict, reasons, withinBound, bound, faults, lost, decisions, ...rest } = roundFacts(round);
  const { coordinationMs, computeMs, granularityRatio, wallMs, metrics } = rest;
  const { number, status, protocol, mode, generals, faultCount, traitors, seed, order } = rest;
  const about = { number, status, protocol, mode, generals, faultCount, traitors, seed, order };
  return {
    'trace.jsonl': printTrace(trace.events),
    'verdict.json': document('byzantine.verdict/1', {
      ...about,
      verdict,
      reasons,
      withinBound,
      bound,
      faults,
      lost,
      decisions,
    }),
    'metrics.json': document('byzantine.metrics/1', {
      ...about,
      coordinationMs,
      computeMs,
      granularityRatio,
      wallMs,
      ...metrics,
    }),
    'diagram.svg': diagramFile(trace),
    'report.html': reportFile(trace, { again: againCommand(round), verify: verifySignature }),
  };
}

function document(schema: string, facts: object): string {
  return `${JSON.stringify({ schema, ...facts }, null, 2)}\n`;
}

/** Makes the folder; a second round of one second and seed gets a number. */
function freeName(folder: string, wanted: string): string {
  for (let i = 1; ; i += 1) {
    const name = i === 1 ? wanted : `${wanted}-${i}`;
    try {
      mkdirSync(join(folder, name));
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** In one step, so that a reader finds either the old run or the new one. */
function pointLatest(folder: string, name: string): void {
  const fresh = join(folder, `.latest-${name}`);
  rmSync(fresh, { force: true });
  symlinkSync(name, fresh, 'dir');
  renameSync(fresh, join(folder, 'latest'));
}

function writing<Result>(folder: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = 'another folder: --save-to <folder>';
    throw new ServiceError('failed_precondition', `${folder} cannot be written: ${reason}`, {
      cause: error,
      details: { advice },
    });
  }
}
