/**
 * A disk of its own that is soon full: a file system in memory, mounted for as long as it is used.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mebibyte = 1024 * 1024;

export class SmallDisk {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Mounts one of so many MiB. Errors: what `mount` says, where this process may not. */
  static mount(mebibytes: number): SmallDisk {
    const directory = mkdtempSync(join(tmpdir(), 'byzantine-disk-'));
    const { status, stderr, error } = mountCommand('mount', [
      ...['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=1777`],
      ...['byzantine-disk', directory],
    ]);
    if (status === 0) return new SmallDisk(directory);
    rmSync(directory, { recursive: true, force: true });
    throw new Error(`no file system can be mounted: ${error?.message ?? stderr.trim()}`);
  }

  /** Takes all but so many MiB of what is free. */
  fillUpTo(freeMebibytes: number): void {
    const { stdout } = spawnSync('df', ['--output=avail', '--block-size=1M', this.directory], {
      encoding: 'utf8',
    });
    const free = Number(stdout.split('\n')[1]);
    writeFileSync(this.#filler, Buffer.alloc(Math.max(0, free - freeMebibytes) * mebibyte));
  }

  makeRoom(): void {
    rmSync(this.#filler, { force: true });
  }

  /** After all that wrote to it has ended. */
  unmount(): void {
    mountCommand('umount', [this.directory]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  get #filler(): string {
    return join(this.directory, 'filler');
  }
}

/** As root, or as one who may become root without being asked. */
function mountCommand(command: 'mount' | 'umount', args: readonly string[]) {
  const [program, before] = process.getuid?.() === 0 ? [command, []] : ['sudo', ['-n', command]];
  return spawnSync(program, [...before, ...args], { encoding: 'utf8' });
}
