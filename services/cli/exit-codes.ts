/**
 * What the exit status of `byz` means. The codes from 64 on are those of sysexits.h; 130 is a shell's own for
 * an interrupt.
 */
import type { ErrorCode, ServiceError } from '../runtime/index.js';

export const exitCodes = {
  /** Everything promised was kept, or the command did what it was asked for. */
  ok: 0,
  /** A promised property was violated: a bug of ours. */
  violated: 1,
  /** The round ended before it could be told. */
  unknown: 2,
  /** The round ran outside the bound, where nothing is promised. */
  outside: 3,
  /** The command line, or what it asked for, is wrong. */
  usage: 64,
  /** A file that was named cannot be read. */
  noInput: 66,
  /** A service does not answer, or an address cannot be used. */
  unavailable: 69,
  /** A bug of ours. */
  internal: 70,
  /** A limit was reached, or what was waited for did not come: try again. */
  tryAgain: 75,
  notPermitted: 77,
  /** The settings are wrong. */
  configuration: 78,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code for a failed command. */
export function codeOfError({ code, details }: ServiceError): ExitCode {
  const { settings, messagesMax, address, file } = details;
  if (file !== undefined) return exitCodes.noInput;
  if (settings === 'sources') return exitCodes.configuration;
  // A round over the ceiling is refused for what it is; trying again does not help.
  if (messagesMax !== undefined) return exitCodes.usage;
  // An address that something else listens on.
  if (code === 'failed_precondition' && address !== undefined) return exitCodes.unavailable;
  return codesOfErrors[code];
}

const codesOfErrors: Readonly<Record<ErrorCode, ExitCode>> = {
  invalid_argument: exitCodes.usage,
  not_found: exitCodes.usage,
  already_exists: exitCodes.usage,
  failed_precondition: exitCodes.usage,
  out_of_range: exitCodes.usage,
  aborted: exitCodes.tryAgain,
  resource_exhausted: exitCodes.tryAgain,
  unauthenticated: exitCodes.notPermitted,
  permission_denied: exitCodes.notPermitted,
  unavailable: exitCodes.unavailable,
  deadline_exceeded: exitCodes.unavailable,
  cancelled: exitCodes.interrupted,
  unimplemented: exitCodes.internal,
  internal: exitCodes.internal,
};
