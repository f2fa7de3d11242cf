/** The version of this program, from the package.json beside the sources or beside the compiled code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Such as `0.1.0`. Reads a file; call it once, at start. */
export function readVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
