/**
 * The wall clock of a machine, to be stepped while processes run: those that start with its `env` read the time by way of libfaketime,
 * which adds what a file says. Their monotonic clocks go on as they are, as they do when an administrator sets the date.
 */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class MachineClock {
  readonly #directory: string;
  readonly #library: string;

  private constructor(directory: string, library: string) {
    this.#directory = directory;
    this.#library = library;
  }

  /** Errors: where there is no libfaketime, with what to install. */
  static async open(): Promise<MachineClock> {
    const library = findLibrary();
    const clock = new MachineClock(mkdtempSync(join(tmpdir(), 'byzantine-clock-')), library);
    // A server that runs as another user reads it too.
    await chmod(clock.#directory, 0o755);
    clock.setAhead(0);
    return clock;
  }

  /** For the processes that go by it. */
  get env(): Readonly<Record<string, string>> {
    return {
      // The C library's allocator goes first: Redis' own asks for the time before libfaketime can tell it, and both wait for ever.
      LD_PRELOAD: `${this.#library}:libc.so.6`,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** Steps it to so many seconds ahead of the real one; negative: behind. At once, for all processes. */
  setAhead(seconds: number): void {
    const next = `${this.#file}.next`;
    writeFileSync(next, `${seconds < 0 ? '' : '+'}${seconds}\n`, { mode: 0o644 });
    renameSync(next, this.#file);
  }

  close(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#directory, 'ahead');
  }
}

function findLibrary(): string {
  const root = '/usr/lib';
  const folders = existsSync(root) ? readdirSync(root) : [];
  const found = folders
    .map((folder) => join(root, folder, 'faketime', 'libfaketime.so.1'))
    .find((path) => existsSync(path));
  if (found === undefined)
    throw new Error('libfaketime is not there: install it, on Debian by `apt-get install libfaketime`');
  return found;
}
