/**
 * The exit code that a round's verdict stands for.
 */
import type { Verdict } from '../consensus/index.js';
import { summary } from '../consensus/index.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { isViolated } from './report/verdict.js';

/** `isViolationExpected` is for lessons outside the bound, where the violation is the point. */
export function codeOfVerdict(
  verdict: Verdict | undefined,
  { isViolationExpected }: { isViolationExpected: boolean },
): ExitCode {
  if (verdict === undefined) return exitCodes.unknown;
  switch (summary(verdict)) {
    case 'held':
      return exitCodes.ok;
    case 'violated':
      return exitCodes.violated;
    case 'unknown':
      return exitCodes.unknown;
    case 'outside':
      return isViolationExpected && isViolated(verdict) ? exitCodes.ok : exitCodes.outside;
  }
}
