/**
 * `byz replay`: a recorded round again, and the proof that it is consistent.
 */
import { verifySignature } from '../general-node/index.js';
import { roundOfTrace } from '../orchestrator/index.js';
import type { Replay, Trace } from '../record/index.js';
import { endOf, replayTrace } from '../record/index.js';
import type { ReplayOptions } from './commands/replay.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { withVerdict } from './follow-round.js';
import { createStyle } from './output/style.js';
import { readRecord } from './read-record.js';
import { proofLines } from './report/proof.js';
import { roundReport } from './report/round-report.js';
import type { Shell } from './shell.js';
import { stepThrough } from './step-player.js';

/** `byzantine.replay/1`. */
export interface ReplayDocument {
  readonly schema: 'byzantine.replay/1';
  readonly record: string;
  /** Of the round. */
  readonly number: number;
  /** False for a record that was cut off before the round was over. */
  readonly isWhole: boolean;
  /** Null when nothing could be proved, for the reason that `unproved` gives. */
  readonly follows: boolean | null;
  readonly unproved: string | null;
  readonly messageCount: number;
  /** Null where there is none. */
  readonly decisions: readonly { general: string; recorded: string | null; computed: string | null }[];
  /** `line` of trace.jsonl, from 1. */
  readonly mismatches: readonly { line: number; what: string; because: string }[];
}

export async function replayRecord(shell: Shell, record: string, options: ReplayOptions): Promise<ExitCode> {
  const trace = readRecord(shell, record);
  if (trace === undefined) return exitCodes.noInput;
  const { terminal } = shell;
  const replay = replayTrace(trace, verifySignature);
  const code = codeOf(replay);
  if (options.json) {
    terminal.data(JSON.stringify(replayDocument(record, trace, replay), null, 2));
    return code;
  }
  if (options.step) {
    await stepThrough(shell, trace, replay);
    return code;
  }
  const style = createStyle(terminal);
  const view = {
    style,
    columns: terminal.columns,
    isPlain: options.plain === true,
    isAll: options.all === true,
  };
  const round = withVerdict(roundOfTrace(trace));
  const place = `recorded in ${record}, started ${trace.started.at}`;
  terminal.report(`${roundReport(round, view, { place })}\n\n${proofLines(trace, replay, style).join('\n')}`);
  return code;
}

function codeOf({ mismatches, unproved }: Replay): ExitCode {
  if (unproved !== undefined) return exitCodes.unknown;
  return mismatches.length === 0 ? exitCodes.ok : exitCodes.violated;
}

function replayDocument(record: string, trace: Trace, replay: Replay): ReplayDocument {
  return {
    schema: 'byzantine.replay/1',
    record,
    number: trace.started.round,
    isWhole: endOf(trace) !== undefined,
    follows: replay.unproved === undefined ? replay.mismatches.length === 0 : null,
    unproved: replay.unproved ?? null,
    messageCount: replay.messageCount,
    decisions: replay.decisions.map(({ general, recorded, computed }) => ({
      general,
      recorded: recorded ?? null,
      computed: computed ?? null,
    })),
    mismatches: replay.mismatches.map(({ index, what, because }) => ({ line: index + 1, what, because })),
  };
}
