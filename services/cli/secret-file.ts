/**
 * Makes the bootstrap secret that services show each other.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { ServiceError } from '../runtime/index.js';

/**
 * Writes 256 random bits as text, readable by the owner alone. False: the file is there, and stays as it is.
 * Errors: invalid_argument (it cannot be written).
 */
export function makeSecretFile(path: string): boolean {
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return false;
    throw new ServiceError('invalid_argument', `${path} cannot be written (${code})`, { cause });
  }
}
