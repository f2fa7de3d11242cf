/**
 * `byz completion`, and `byz complete`, which its scripts ask.
 */
import { Argument, Command } from 'commander';
import { complete, completionScripts, shells } from '../completion.js';
import { exitCodes } from '../exit-codes.js';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export function completionCommand(shell: Shell): Command {
  const command = new Command('completion')
    .description('print what a shell needs to complete the command lines of byz')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(shells))
    .action(
      act(shell, async ({ args: [name] }) => {
        const found = shells.find((one) => one === name) ?? 'bash';
        shell.terminal.data(completionScripts[found].trim());
        return exitCodes.ok;
      }),
    );
  return addHelpEnd(command, {
    examples: [
      'source <(byz completion bash)           now, in this bash',
      'byz completion bash > ~/.local/share/bash-completion/completions/byz',
      'byz completion zsh > /usr/local/share/zsh/site-functions/_byz',
      'byz completion fish > ~/.config/fish/completions/byz.fish',
    ],
    exitCodes: '0 done, 64 wrong usage.',
  });
}

/** @param program the whole tree, once it is built */
export function completeCommand(shell: Shell, program: () => Command): Command {
  return new Command('complete')
    .description('print what the last of these words may become')
    .argument('[words...]', 'a command line without its first word')
    .action(
      act(shell, async ({ args }) => {
        const names = complete(program(), args);
        if (names.length > 0) shell.terminal.data(names.join('\n'));
        return exitCodes.ok;
      }),
    );
}
