/**
 * Reads a history line by line and puts its calls together. What it keeps is bounded: so many calls, and no line longer than a limit.
 */
import { ServiceError } from '../../runtime/index.js';
import { answerParsers, requestParsers } from './call-shapes.js';
import type {
  History,
  HistoryHeader,
  Mark,
  Operation,
  Outcome,
  Watch,
  WatchedFrame,
  WriteOperation,
} from './history.js';
import { type CallKind, type HistoryRecord, parseHeader, parseRecord } from './records.js';

export interface HistoryLimits {
  readonly operationsMax: number;
  readonly lineBytesMax: number;
}

export const defaultHistoryLimits: HistoryLimits = {
  operationsMax: 2_000_000,
  lineBytesMax: 4 * 1024 * 1024,
};

/**
 * The history that these lines are. Errors: invalid_argument (a malformed line: its number and field), resource_exhausted (a limit).
 */
export async function readHistory(
  lines: AsyncIterable<string> | Iterable<string>,
  limits: HistoryLimits = defaultHistoryLimits,
): Promise<History> {
  const builder = new HistoryBuilder(limits);
  for await (const line of lines) builder.add(line);
  return builder.build();
}

interface Invocation {
  readonly entry: HistoryRecord & { readonly event: 'invoke' };
  readonly line: number;
  readonly request: unknown;
  readonly frames: WatchedFrame[];
  outcome: Outcome<unknown> | undefined;
}

class HistoryBuilder {
  readonly #limits: HistoryLimits;
  readonly #calls = new Map<number, Invocation>();
  readonly #marks: Mark[] = [];
  #header: HistoryHeader | undefined;
  #line = 0;

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  add(text: string): void {
    this.#line += 1;
    const { lineBytesMax } = this.#limits;
    if (text.length > lineBytesMax)
      throw tooMuch(`line ${this.#line} has ${text.length} characters, at most ${lineBytesMax} are read`);
    if (text.trim() === '') return;
    try {
      if (this.#header === undefined) this.#header = parseHeader(text);
      else this.#take(parseRecord(text));
    } catch (error) {
      throw this.#placed(error);
    }
  }

  build(): History {
    if (this.#header === undefined)
      throw new ServiceError('invalid_argument', 'line 1: is missing, must be the header of a history');
    const operations: Operation[] = [];
    const watches: Watch[] = [];
    for (const call of this.#calls.values()) {
      if (call.entry.call === 'watch') watches.push(watchOf(call));
      else operations.push(operationOf(call));
    }
    operations.sort((left, right) => left.invokedMs - right.invokedMs);
    return { header: this.#header, operations, watches, marks: this.#marks };
  }

  #take(entry: HistoryRecord): void {
    switch (entry.event) {
      case 'invoke':
        this.#invoke(entry);
        break;
      case 'mark':
        this.#marks.push({ mark: entry.mark, name: entry.name, atMs: entry.atMs, line: this.#line });
        break;
      case 'frame':
        this.#frame(entry);
        break;
      case 'ok':
      case 'fail':
      case 'unknown':
        this.#end(entry);
    }
  }

  #invoke(entry: HistoryRecord & { readonly event: 'invoke' }): void {
    if (this.#calls.has(entry.op)) throw bad('op', `${entry.op} was invoked before`);
    const { operationsMax } = this.#limits;
    if (this.#calls.size >= operationsMax)
      throw tooMuch(`line ${this.#line} begins a call more than the ${operationsMax} that are read`);
    const request = requestParsers[entry.call](entry.request, 'request');
    this.#calls.set(entry.op, { entry, line: this.#line, request, frames: [], outcome: undefined });
  }

  #frame({ op, revision, events, atMs }: HistoryRecord & { readonly event: 'frame' }): void {
    const call = this.#calls.get(op);
    if (call?.entry.call !== 'watch') throw bad('op', `${op} is no watch that was begun`);
    call.frames.push({ revision, events, atMs, line: this.#line });
  }

  #end(entry: HistoryRecord & { readonly event: 'ok' | 'fail' | 'unknown' }): void {
    const call = this.#calls.get(entry.op);
    if (call === undefined) throw bad('op', `${entry.op} was not invoked`);
    if (call.outcome !== undefined) throw bad('op', `${entry.op} has ended before`);
    const { atMs } = entry;
    if (atMs < call.entry.atMs) throw bad('atMs', `${atMs} is before the call began, at ${call.entry.atMs}`);
    const line = this.#line;
    if (entry.event === 'ok') {
      const answer = answerParsers[call.entry.call](entry.answer, 'answer');
      call.outcome = { kind: 'ok', answer, atMs, line };
    } else if (entry.event === 'fail') call.outcome = { kind: 'fail', code: entry.code, atMs, line };
    else call.outcome = { kind: 'unknown' };
  }

  #placed(error: unknown): unknown {
    if (error instanceof ServiceError && error.code === 'invalid_argument') {
      const details = { ...error.details, line: String(this.#line) };
      return new ServiceError('invalid_argument', `line ${this.#line}: ${error.message}`, { details });
    }
    if (error instanceof SyntaxError) {
      const details = { line: String(this.#line) };
      return new ServiceError('invalid_argument', `line ${this.#line}: ${error.message}`, { details });
    }
    return error;
  }
}

function operationOf({ entry, line, request, outcome = { kind: 'unknown' } }: Invocation): Operation {
  const { op, client, replica, atMs } = entry;
  const kind = entry.call as Exclude<CallKind, 'watch'>;
  // The parsers of the kind made both.
  return { kind, op, client, replica, request, invokedMs: atMs, line, outcome } as WriteOperation;
}

function watchOf({ entry, line, request, frames }: Invocation): Watch {
  const { op, client } = entry;
  return { ...(request as Pick<Watch, 'space' | 'templates' | 'fromRevision'>), op, client, line, frames };
}

function bad(field: string, problem: string): ServiceError {
  return new ServiceError('invalid_argument', `${field}: ${problem}`, { details: { field } });
}

function tooMuch(problem: string): ServiceError {
  return new ServiceError('resource_exhausted', problem);
}
