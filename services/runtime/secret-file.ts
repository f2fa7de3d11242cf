/** Secrets come from files only, so that they are in no process list, no environment and no log. */
import { readFileSync } from 'node:fs';
import { ServiceError } from './errors.js';

/**
 * The secret in a file, without the white space around it. Errors: invalid_argument (cannot be read, or empty), naming `field`;
 * `details.settings` is `flags` for a flag, else `sources`.
 *
 * @param field the setting or flag that names the file
 */
export function readSecretFile(path: string, field: string): string {
  const secret = readText(path, field).trim();
  if (secret === '') throw refused(field, `the file ${path} is empty, want one line with the secret`);
  return secret;
}

function readText(path: string, field: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw refused(field, `the file ${path} cannot be read (${code})`);
  }
}

function refused(field: string, problem: string): ServiceError {
  const settings = field.startsWith('--') ? 'flags' : 'sources';
  return new ServiceError('invalid_argument', `${field}: ${problem}`, { details: { field, settings } });
}
