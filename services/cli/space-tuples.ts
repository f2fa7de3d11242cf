/**
 * `byz space write`, `read`, `take` and `count`.
 */
import type { StoredTuple } from '../tuplespace/index.js';
import type { ReadOptions, SpaceOptions, TakeOptions, WriteOptions } from './commands/space.js';
import { type TupleFacts, tupleFacts, tupleLine } from './documents/tuple-document.js';
import { parseDuration } from './duration.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { listenForInterrupt } from './interrupt.js';
import { parseTemplate, parseTuple } from './literal/parse.js';
import { printTuple } from './literal/print.js';
import { withSpace } from './remote.js';
import { whole } from './round-request.js';
import type { GlobalOptions, Shell } from './shell.js';

/** `byzantine.write/1`. */
export interface WriteDocument {
  readonly schema: 'byzantine.write/1';
  readonly space: string;
  readonly isWritten: boolean;
  /** In the order of the tuples; empty when nothing was written. */
  readonly ids: readonly string[];
  /** The tuple that stood in the way. */
  readonly blockedBy: TupleFacts | null;
  readonly revision: string;
}

/** `byzantine.tuples/1`, of `read` and `take`. */
export interface TuplesDocument {
  readonly schema: 'byzantine.tuples/1';
  readonly space: string;
  /** False: fewer than asked for came in time. */
  readonly isSatisfied: boolean;
  readonly tuples: readonly TupleFacts[];
  /** Pass it as --after for the next page; null when there is none. */
  readonly nextAfterId: string | null;
  readonly revision: string;
}

/** `byzantine.count/1`. */
export interface CountDocument {
  readonly schema: 'byzantine.count/1';
  readonly space: string;
  readonly count: number;
  readonly revision: string;
}

export async function writeTuples(
  shell: Shell,
  options: WriteOptions & GlobalOptions,
  literals: readonly string[],
): Promise<ExitCode> {
  const { space: name, ttl, unless } = options;
  const request = {
    space: name,
    tuples: literals.map(parseTuple),
    ...(ttl === undefined ? {} : { ttlMs: parseDuration('--ttl', ttl) }),
    ...(unless === undefined ? {} : { unless: parseTemplate(unless) }),
  };
  return withSpace(shell, options, async (space) => {
    const answer = await space.write(request);
    const isWritten = answer.kind === 'written';
    const document: WriteDocument = {
      schema: 'byzantine.write/1',
      space: name,
      isWritten,
      ids: isWritten ? answer.ids.map(String) : [],
      blockedBy: isWritten ? null : tupleFacts(answer.by),
      revision: answer.revision.toString(),
    };
    if (options.json) shell.terminal.data(JSON.stringify(document, null, 2));
    else if (isWritten) shell.terminal.data(document.ids.join('\n'));
    else shell.terminal.talk(`not written: ${printTuple(answer.by.values)} stands in the way`);
    return isWritten ? exitCodes.ok : exitCodes.tryAgain;
  });
}

export async function readTuples(
  shell: Shell,
  options: ReadOptions & GlobalOptions,
  literals: readonly string[],
): Promise<ExitCode> {
  const request = {
    space: options.space,
    templates: literals.map(parseTemplate),
    ...optional('limit', whole('--limit', options.limit)),
    ...waitOf(options),
    ...(options.after === undefined ? {} : { afterId: BigInt(whole('--after', options.after) ?? 0) }),
    ...(options.includeHeld ? { includeHeld: true } : {}),
  };
  return interruptible(shell, (signal) =>
    withSpace(shell, options, async (space) => {
      const answer = await space.read(request, { signal });
      showTuples(shell, options, { ...answer, nextAfterId: answer.nextAfterId?.toString() ?? null });
      return answer.isSatisfied ? exitCodes.ok : exitCodes.tryAgain;
    }),
  );
}

export async function takeTuples(
  shell: Shell,
  options: TakeOptions & GlobalOptions,
  literals: readonly string[],
): Promise<ExitCode> {
  const request = {
    space: options.space,
    templates: literals.map(parseTemplate),
    ...optional('max', whole('--max', options.max)),
    ...waitOf(options),
  };
  return interruptible(shell, (signal) =>
    withSpace(shell, options, async (space) => {
      const answer = await space.take(request, { signal });
      const isSatisfied = answer.tuples.length > 0;
      showTuples(shell, options, { ...answer, isSatisfied, nextAfterId: null });
      return isSatisfied ? exitCodes.ok : exitCodes.tryAgain;
    }),
  );
}

export async function countTuples(
  shell: Shell,
  options: SpaceOptions & GlobalOptions,
  literals: readonly string[],
): Promise<ExitCode> {
  const templates = literals.map(parseTemplate);
  return withSpace(shell, options, async (space) => {
    const { count, revision } = await space.read({ space: options.space, templates, countOnly: true });
    const document: CountDocument = {
      schema: 'byzantine.count/1',
      space: options.space,
      count,
      revision: revision.toString(),
    };
    shell.terminal.data(options.json ? JSON.stringify(document, null, 2) : String(count));
    return exitCodes.ok;
  });
}

function showTuples(
  { terminal }: Shell,
  options: SpaceOptions,
  answer: {
    readonly tuples: readonly StoredTuple[];
    readonly isSatisfied: boolean;
    readonly nextAfterId: string | null;
    readonly revision: bigint;
  },
): void {
  if (options.json) {
    const document: TuplesDocument = {
      schema: 'byzantine.tuples/1',
      space: options.space,
      isSatisfied: answer.isSatisfied,
      tuples: answer.tuples.map(tupleFacts),
      nextAfterId: answer.nextAfterId,
      revision: answer.revision.toString(),
    };
    terminal.data(JSON.stringify(document, null, 2));
    return;
  }
  for (const tuple of answer.tuples) terminal.data(tupleLine(tuple, { isLong: options.long === true }));
  if (answer.tuples.length === 0) terminal.talk('nothing matches');
  if (answer.nextAfterId !== null) terminal.talk(`there are more: --after ${answer.nextAfterId}`);
}

/** A wait without a number waits for one tuple. */
function waitOf({ min, wait }: { min?: string; wait?: string }): { min?: number; waitMs?: number } {
  const waitMs = wait === undefined ? undefined : parseDuration('--wait', wait);
  return { ...optional('min', whole('--min', min)), ...optional('waitMs', waitMs) };
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value };
}

/** Runs a call that may wait; Ctrl-C ends it. */
async function interruptible(
  shell: Shell,
  call: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { signal, dispose } = listenForInterrupt(shell);
  try {
    return await call(signal);
  } finally {
    dispose();
  }
}
