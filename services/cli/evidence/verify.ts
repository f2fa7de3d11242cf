/**
 * `byz evidence verify`: checks a proof with no server.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkTwoOrders } from '../../consensus/index.js';
import { invalidArgument } from '../../runtime/index.js';
import type { VerifyOptions } from '../commands/evidence.js';
import type { ExitCode } from '../exit-codes.js';
import { exitCodes } from '../exit-codes.js';
import { createStyle } from '../output/style.js';
import type { Shell } from '../shell.js';
import { isSignedBy, type ReadProof, readProof } from './proof-file.js';

/** `byzantine.verification/1`. */
export interface VerificationDocument {
  readonly schema: 'byzantine.verification/1';
  readonly holds: boolean;
  readonly signer: string;
  readonly instance: string;
  /** SHA-256 of the key's DER, hex. */
  readonly keyFingerprint: string;
  readonly problems: readonly string[];
}

export async function verifyProof(shell: Shell, options: VerifyOptions, file: string): Promise<ExitCode> {
  const { terminal } = shell;
  const read = readProof(file, contentOf(resolve(shell.workingDirectory, file), file));
  const problems = checkTwoOrders(read.proof, (bytes, signature) => isSignedBy(read.key, bytes, signature));
  if (options.json) terminal.data(JSON.stringify(documentOf(read, problems), null, 2));
  else terminal.report(reportOf(read, problems, shell));
  return problems.length === 0 ? exitCodes.ok : exitCodes.violated;
}

function documentOf({ proof, fingerprint }: ReadProof, problems: readonly string[]): VerificationDocument {
  return {
    schema: 'byzantine.verification/1',
    holds: problems.length === 0,
    signer: proof.signer,
    instance: proof.instance,
    keyFingerprint: fingerprint,
    problems,
  };
}

function reportOf(
  { proof, fingerprint }: ReadProof,
  problems: readonly string[],
  { terminal }: Shell,
): string {
  const style = createStyle(terminal);
  if (problems.length > 0) return [style.bad('NOT PROVEN'), ...problems].join('\n');
  const [one, other] = proof.orders;
  return [
    style.good('PROVEN'),
    `one key signed both ${one.vote} and ${other.vote} as the order of ${proof.signer} in ${proof.instance}`,
    `key  ${fingerprint}  (SHA-256)`,
    `whose key it is the file cannot prove: compare it with what ${proof.signer} published`,
  ].join('\n');
}

function contentOf(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw invalidArgument(file, 'cannot be read');
  }
}
