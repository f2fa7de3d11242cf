/**
 * Completion of command lines: one answer for all shells, which their scripts ask for at each tab. The commands themselves say what there
 * is, so nothing can be forgotten.
 */
import type { Command } from 'commander';

/** What the last of these words may become: names of commands, or options when it begins with a dash. */
export function complete(program: Command, words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? '';
  let command = program;
  for (const word of words.slice(0, -1)) {
    command = command.commands.find((one) => one.name() === word || one.aliases().includes(word)) ?? command;
  }
  const names = last.startsWith('-')
    ? [...optionsOf(command), ...optionsOf(program), '--help']
    : command
        .createHelp()
        .visibleCommands(command)
        .map((one) => one.name());
  return [...new Set(names)].filter((name) => name.startsWith(last));
}

function optionsOf(command: Command): readonly string[] {
  return command.options.flatMap(({ long, hidden }) => (long == null || hidden ? [] : [long]));
}

export const shells = ['bash', 'zsh', 'fish'] as const;

/** What a shell runs once to know how to complete `byz`; where there is nothing to say it completes files. */
export const completionScripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `
_byz() {
  local IFS=$'\\n'
  COMPREPLY=($(byz complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _byz byz`,
  zsh: `
#compdef byz
_byz() {
  local -a names
  names=(\${(f)"$(byz complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#names} )); then compadd -a names; else _files; fi
}
compdef _byz byz`,
  fish: `
function __byz_complete
  set -l words (commandline --tokenize-opc) (commandline --current-token)
  byz complete -- $words[2..-1] 2>/dev/null
end
complete --command byz --arguments '(__byz_complete)'`,
};
