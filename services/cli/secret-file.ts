/**
 * Makes secrets that services show each other: the bootstrap secret, the password of a store.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { ServiceError } from '../runtime/index.js';

/**
 * Writes 256 random bits as text, readable by the owner alone unless shared. False: the file is there, and stays as it is.
 * Errors: invalid_argument (it cannot be written).
 */
export function makeSecretFile(path: string, { isShared }: { readonly isShared: boolean }): boolean {
  const mode = isShared ? 0o444 : 0o600;
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode });
    return true;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return false;
    throw new ServiceError('invalid_argument', `${path} cannot be written (${code})`, { cause });
  }
}
