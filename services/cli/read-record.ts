/**
 * Reads a record from a file or a run's folder.
 */
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Trace } from '../record/index.js';
import { parseTrace } from '../record/index.js';
import { invalidArgument } from '../runtime/index.js';
import type { Shell } from './shell.js';

/** Undefined when it cannot be read, which has been said. Errors: invalid_argument (no record, with its line). */
export function readRecord({ terminal, workingDirectory }: Shell, named: string): Trace | undefined {
  const place = isAbsolute(named) ? named : join(workingDirectory, named);
  let text: string;
  try {
    text = readFileSync(statSync(place).isDirectory() ? join(place, 'trace.jsonl') : place, 'utf8');
  } catch (error) {
    terminal.talk(
      `error: ${named} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
    terminal.talk('       byz run --save keeps a round in runs/latest');
    return undefined;
  }
  const parsed = parseTrace(text);
  if (parsed.kind === 'trace') return parsed.trace;
  const line = parsed.line === 0 ? '' : `line ${parsed.line}: `;
  throw invalidArgument(named, `is no record of a round: ${line}${parsed.problem}`);
}
