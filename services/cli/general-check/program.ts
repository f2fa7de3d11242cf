/**
 * The program under test, as a process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ProgramOptions {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/** Of what it writes, only the end is kept. */
const outputMax = 4_000;

export class Program {
  readonly #options: ProgramOptions;
  #process: ChildProcess | undefined;
  #output = '';

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  start(): void {
    const { command, parameters, environment, workingDirectory } = this.#options;
    const child = spawn(command, parameters, {
      cwd: workingDirectory,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (text: unknown): void => {
      this.#output = `${this.#output}${String(text)}`.slice(-outputMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => keep(`${error.message}\n`));
    this.#process = child;
  }

  /** True once it has ended, or could not be started. */
  get hasEnded(): boolean {
    const child = this.#process;
    return (
      child === undefined || child.pid === undefined || child.exitCode !== null || child.signalCode !== null
    );
  }

  /** The last that it wrote, on both channels. */
  get output(): string {
    return this.#output.trimEnd();
  }

  /** Ends it at once; resolves when it is gone. Idempotent. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || this.hasEnded) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
