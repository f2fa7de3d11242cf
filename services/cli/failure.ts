/**
 * A failed command for people: what happened, and what to do next.
 */
import { CommanderError } from 'commander';
import { codeOfError, type ExitCode, exitCodes } from './exit-codes.js';
import type { Shell } from './shell.js';

/** Writes the failure to stderr and gives the exit code. */
export async function reportFailure(error: unknown, { terminal }: Shell): Promise<ExitCode> {
  // Commander has written it already; help is such an error too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const { ServiceError } = await import('../runtime/index.js');
  if (!(error instanceof ServiceError)) {
    terminal.talk(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    terminal.talk('       this is a bug of ours; please report it with the lines above');
    return exitCodes.internal;
  }
  terminal.talk(`error: ${error.message}`);
  for (const line of nextSteps(error)) terminal.talk(`       ${line}`);
  return codeOfError(error);
}

interface Failed {
  readonly code: string;
  readonly details: Readonly<Record<string, string>>;
}

function nextSteps({ code, details }: Failed): readonly string[] {
  const { advice: ownAdvice, messagesMax, settings } = details;
  if (ownAdvice !== undefined) return [ownAdvice];
  if (messagesMax !== undefined) return [cheaperRound(details)];
  if (settings === 'sources') {
    return ['byz config defaults prints every key with its unit and what is allowed'];
  }
  return advice[code] ?? [];
}

function cheaperRound({ messageCount, faultCountMax }: Failed['details']): string {
  const ceiling = `--max-messages ${messageCount}`;
  return faultCountMax === undefined ? `try ${ceiling}` : `try --traitors ${faultCountMax}, or ${ceiling}`;
}

const advice: Readonly<Record<string, readonly string[]>> = {
  unavailable: [
    'is it running? byz dev starts everything in one process',
    'another address: --target host:port, or release.toml; byz config show tells which is used',
  ],
  deadline_exceeded: ['the service is there and slow; try again'],
  unauthenticated: ['show the bootstrap secret: --secret-file <path>'],
  resource_exhausted: ['wait for others to end, or raise the limit that is named'],
  aborted: ['somebody else was faster; try again'],
  unimplemented: ['the service is older than this command; byz version on both sides tells'],
  internal: ["the service's log has the detail"],
};
