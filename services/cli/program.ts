/**
 * The command line as a tree of commands. Nothing heavy is imported here: each command loads what it needs
 * when it runs.
 */
import { Command } from 'commander';
import { proveCommand, searchCommand, shrinkCommand } from './commands/adversary.js';
import { certificatesCommand } from './commands/certificates.js';
import { checkCommand } from './commands/check.js';
import { completeCommand, completionCommand } from './commands/completion.js';
import { configCommand } from './commands/config.js';
import { devCommand } from './commands/dev.js';
import { doctorCommand } from './commands/doctor.js';
import { evidenceCommand } from './commands/evidence.js';
import { examplesCommand } from './commands/examples.js';
import { faultCommand } from './commands/fault.js';
import { generalCommand } from './commands/general.js';
import { nodesCommand } from './commands/nodes.js';
import { healthCommand, secretCommand } from './commands/operations.js';
import { protocolsCommand } from './commands/protocols.js';
import { exportCommand, replayCommand } from './commands/replay.js';
import { roundCommand } from './commands/round.js';
import { runCommand } from './commands/run.js';
import { serviceCommands } from './commands/services.js';
import { simulateCommand } from './commands/simulate.js';
import { spaceCommand } from './commands/space.js';
import { versionCommand } from './commands/version.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { reportFailure } from './failure.js';
import { plainTerminal } from './output/terminal.js';
import type { Shell } from './shell.js';

/** Runs one command line, without the names of node and script, and gives its exit code. Never rejects. */
export async function runCommandLine(
  args: readonly string[],
  surroundings: Omit<Shell, 'setExitCode'>,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const { terminal } = surroundings;
  const shell: Shell = {
    ...surroundings,
    terminal: isPlain(args) ? plainTerminal(terminal) : terminal,
    setExitCode(code) {
      exitCode = code;
    },
  };
  try {
    const program = createProgram(shell);
    if (args.length === 0) program.help();
    if (asksForHelp(args)) await tellOfSettings(program);
    const [first] = args;
    const isVersion = args.length === 1 && (first === '--version' || first === '-V');
    await program.parseAsync(isVersion ? ['version'] : [...args], { from: 'user' });
  } catch (error) {
    exitCode = await reportFailure(error, shell);
  }
  return exitCode;
}

/** Known before anything is parsed, so that errors are plain too. */
function isPlain(args: readonly string[]): boolean {
  return ownWords(args).includes('--plain');
}

function asksForHelp(args: readonly string[]): boolean {
  return args[0] === 'help' || ownWords(args).some((word) => word === '--help' || word === '-h');
}

/** Without those of another program. */
function ownWords(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end);
}

/** Only where help is shown: the tables bring the services with them. */
async function tellOfSettings(program: Command): Promise<void> {
  const [{ settingTables }, { describeSettings }] = await Promise.all([
    import('./settings.js'),
    import('./option-settings.js'),
  ]);
  const keys = settingTables.flatMap((table) => Object.values(table));
  describeSettings(program, new Map(keys.map((key) => [key.path, key])));
}

function createProgram(shell: Shell): Command {
  const program = new Command('byz')
    .description(
      'Byzantine agreement on real services: start rounds, plant traitors, see who said what to whom.',
    )
    .option('-c, --config <file>', 'settings file (default: ./release.toml, else the one of the project)')
    .option('--plain', 'no colour, nothing redrawn, no full screen: for screen readers and logs')
    .option('-V, --version', 'the same as the command version')
    .addHelpText('after', firstExamples)
    .helpCommand('help [command]', 'show help for a command');
  const commands = [
    runCommand(shell),
    devCommand(shell),
    roundCommand(shell),
    replayCommand(shell),
    exportCommand(shell),
    nodesCommand(shell),
    faultCommand(shell),
    protocolsCommand(shell),
    spaceCommand(shell),
    proveCommand(shell),
    searchCommand(shell),
    shrinkCommand(shell),
    simulateCommand(shell),
    checkCommand(shell),
    generalCommand(shell),
    evidenceCommand(shell),
    ...serviceCommands(shell),
    configCommand(shell),
    doctorCommand(shell),
    healthCommand(shell),
    secretCommand(shell),
    certificatesCommand(shell),
    examplesCommand(shell),
    completionCommand(shell),
    versionCommand(shell),
  ];
  for (const command of commands) program.addCommand(command);
  program.addCommand(
    completeCommand(shell, () => program),
    { hidden: true },
  );
  return withManners(program, shell);
}

/** Errors are thrown instead of ending the process, and written like everything else. */
function withManners(command: Command, shell: Shell): Command {
  command.exitOverride().configureOutput({
    writeOut: (text) => shell.terminal.report(text.trimEnd()),
    writeErr: (text) => shell.terminal.talk(text.trimEnd()),
    getOutHelpWidth: () => shell.terminal.columns,
    getErrHelpWidth: () => shell.terminal.columns,
    outputError: (text, write) =>
      write(
        `${text.trimEnd().replaceAll('\n', '\n       ')}\n       ${pathOf(command)} --help shows the usage`,
      ),
  });
  for (const child of command.commands) withManners(child, shell);
  return command;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

const firstExamples = `
Examples:
  byz run                                            one round in this process
  byz run --generals 7 --traitors 2 --strategy two-faced --seed 7
  byz run --generals 3 --traitors 1 --outside-bound  see why three are too few
  byz dev                                            everything in one process, stays up
  byz examples                                       more, by topic
`;
