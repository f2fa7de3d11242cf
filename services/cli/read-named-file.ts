/**
 * Files that a person named.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ServiceError } from '../runtime/index.js';
import type { Shell } from './shell.js';

/** Its text; the path goes from where the command runs. Errors: not_found (it cannot be read). */
export function readNamedFile({ workingDirectory }: Pick<Shell, 'workingDirectory'>, file: string): string {
  try {
    return readFileSync(resolve(workingDirectory, file), 'utf8');
  } catch (cause) {
    const problem = `${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`;
    throw new ServiceError('not_found', problem, { details: { file }, cause });
  }
}
