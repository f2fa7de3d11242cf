/**
 * What a command has around it: where it writes, what it reads settings from, how a person interrupts it, how
 * it ends.
 */
import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.js';
import type { KeyInput } from './output/keys.js';
import type { Terminal } from './output/terminal.js';

export interface Shell {
  readonly terminal: Terminal;
  /** The keys of a person; undefined where nobody sits. */
  readonly input?: KeyInput;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Signals come from here; `process` has this shape. */
  readonly process: ShellProcess;
  /** Says how the command ended; 0 if nobody says. */
  setExitCode(code: ExitCode): void;
}

export interface ShellProcess {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** Flags that every command takes. */
export interface GlobalOptions {
  readonly config?: string;
  readonly plain?: true;
}

/**
 * A commander action that ends with an exit code. `args` are the operands, options before and after them are
 * merged.
 */
export function act<Options>(
  shell: Shell,
  run: (call: {
    readonly args: readonly string[];
    readonly options: Options & GlobalOptions;
  }) => Promise<ExitCode>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals<Options & GlobalOptions>();
    shell.setExitCode(await run({ args: command.args, options }));
  };
}
