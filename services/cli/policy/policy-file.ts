/**
 * Policies in files.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ServiceError } from '../../runtime/index.js';
import { policyPresets, type SpaceSettings } from '../../tuplespace/index.js';
import type { Shell } from '../shell.js';
import { parsePolicyDocument } from './policy-document.js';

/** What a file, or a preset's name, asks for. Errors: not_found (the file cannot be read), invalid_argument (what is wrong, and where). */
export function readPolicyFile({ workingDirectory }: Shell, file: string): SpaceSettings {
  if (Object.hasOwn(policyPresets, file))
    return { policy: policyPresets[file as keyof typeof policyPresets] };
  let text: string;
  try {
    text = readFileSync(resolve(workingDirectory, file), 'utf8');
  } catch (error) {
    throw new ServiceError('not_found', `${file} cannot be read: ${(error as Error).message}`, {
      details: { file },
    });
  }
  return parsePolicyDocument(file, text);
}
