/**
 * What stands below the options in the help of a command.
 */
import type { Command } from 'commander';
import { wrapText } from '../output/wrap.js';

export interface HelpEnd {
  /** Command lines, each with what it does after two or more spaces if that is not plain. */
  readonly examples: readonly string[];
  /** What each exit code means, ended by a full stop. */
  readonly exitCodes: string;
}

export function addHelpEnd(command: Command, { examples, exitCodes }: HelpEnd): Command {
  const lines = examples.map((line) => `\n  ${line}`).join('');
  const codes = wrapText('Exit code: ', exitCodes, 80).join('\n');
  return command.addHelpText('after', `\nExamples:${lines}\n\n${codes}`);
}

/** Of commands that ask a service and show its answer. */
export const clientExitCodes =
  '0 done, 64 wrong usage, 69 the service does not answer, 75 a limit was reached, 77 not permitted, 78 wrong settings.';

/** Of processes that serve until a signal. */
export const serverExitCodes = '0 ended by a signal, 69 its address cannot be used, 78 wrong settings.';
