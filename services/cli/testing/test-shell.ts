/**
 * A shell for tests: what a command writes is kept, signals are sent by hand.
 */
import { EventEmitter } from 'node:events';
import { createTerminal } from '../output/terminal.js';
import { runCommandLine } from '../program.js';

export interface TestShell {
  /** Runs a command line to its end. */
  run(
    ...args: string[]
  ): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
  /** As Ctrl-C does. */
  interrupt(): void;
  /** A command under way waits for signals. */
  readonly isListening: boolean;
  /** What the command under way has written to stdout so far. */
  readonly stdout: string;
  /** Codes with which a command ended the process at once. */
  readonly exits: readonly number[];
}

export function createTestShell(
  options: { environment?: Readonly<Record<string, string>>; workingDirectory?: string } = {},
): TestShell {
  const written = { stdout: '', stderr: '' };
  const signals = new EventEmitter();
  const exits: number[] = [];
  const stream = (name: 'stdout' | 'stderr') => ({
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
        environment,
        workingDirectory: options.workingDirectory ?? process.cwd(),
        process: Object.assign(signals, { exit: (code: number) => void exits.push(code) }),
      });
      return { exitCode, ...written };
    },
    interrupt: () => void signals.emit('SIGINT'),
    get isListening() {
      return signals.listenerCount('SIGINT') > 0;
    },
    get stdout() {
      return written.stdout;
    },
    exits,
  };
}
