/**
 * `byz completion`, and `byz complete`, which its scripts ask.
 */
import { Argument, Command } from 'commander';
import { complete, completionScripts, shells } from '../completion.js';
import { exitCodes } from '../exit-codes.js';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';

export function completionCommand(shell: Shell): Command {
  return new Command('completion')
    .description('print what a shell needs to complete the command lines of byz')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(shells))
    .addHelpText('after', completionExamples)
    .action(
      act(shell, async ({ args: [name] }) => {
        const found = shells.find((one) => one === name) ?? 'bash';
        shell.terminal.data(completionScripts[found].trim());
        return exitCodes.ok;
      }),
    );
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

const completionExamples = `
Examples:
  source <(byz completion bash)                                    # now, in this bash
  byz completion bash > ~/.local/share/bash-completion/completions/byz
  byz completion zsh > "\${fpath[1]}/_byz"
  byz completion fish > ~/.config/fish/completions/byz.fish
`;
