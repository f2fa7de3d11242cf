/**
 * A shell for tests: what a command writes is kept, signals are sent by hand.
 */
import { EventEmitter } from 'node:events';
import type { KeyInput } from '../output/keys.js';
import { createTerminal } from '../output/terminal.js';
import { runCommandLine } from '../program.js';

export interface TestShell {
  /** Runs a command line to its end. */
  run(
    ...args: string[]
  ): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
  /** As Ctrl-C does. */
  interrupt(): void;
  /** What the command under way has written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Codes with which a command ended the process at once. */
  readonly exits: readonly number[];
}

export function createTestShell(
  options: {
    environment?: Readonly<Record<string, string>>;
    workingDirectory?: string;
    /** stderr is a terminal. */
    isTerminal?: boolean;
    /** stdout is a terminal, and somebody sits there with these keys. */
    input?: KeyInput;
  } = {},
): TestShell {
  const written = { stdout: '', stderr: '' };
  const signals = new EventEmitter();
  const exits: number[] = [];
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: name === 'stderr' ? options.isTerminal === true : options.input !== undefined,
    write(text: string) {
      written[name] += text;
    },
  });
  const environment = { LANG: 'C.UTF-8', ...options.environment };
  return {
    async run(...args) {
      written.stdout = '';
      written.stderr = '';
      const exitCode = await runCommandLine(args, {
        terminal: createTerminal({
          stdout: stream('stdout'),
          stderr: stream('stderr'),
          environment,
          platform: 'linux',
        }),
        ...(options.input === undefined ? {} : { input: options.input }),
        environment,
        workingDirectory: options.workingDirectory ?? process.cwd(),
        process: Object.assign(signals, { exit: (code: number) => void exits.push(code) }),
      });
      return { exitCode, ...written };
    },
    interrupt: () => void signals.emit('SIGINT'),
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    exits,
  };
}

/** Looks again and again until it is so; fails after ten seconds. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > untilMs) throw new Error(`not within 10 s: ${isSo.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
