/**
 * Policies in files.
 */
import { policyPresets, type SpaceSettings } from '../../tuplespace/index.js';
import { readNamedFile } from '../read-named-file.js';
import type { Shell } from '../shell.js';
import { parsePolicyDocument } from './policy-document.js';

/** What a file, or a preset's name, asks for. Errors: not_found (the file cannot be read), invalid_argument (what is wrong, and where). */
export function readPolicyFile(shell: Shell, file: string): SpaceSettings {
  if (Object.hasOwn(policyPresets, file))
    return { policy: policyPresets[file as keyof typeof policyPresets] };
  return parsePolicyDocument(file, readNamedFile(shell, file));
}
