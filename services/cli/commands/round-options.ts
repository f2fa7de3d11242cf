/**
 * The flags that describe a round, the same for `run` and `round start`.
 */
import type { Command } from 'commander';

/** As commander gives them: texts, judged later. */
export interface RoundOptions {
  readonly generals?: string;
  readonly traitors?: string;
  readonly faults?: string;
  readonly protocol?: string;
  readonly strategy?: string;
  readonly order?: string;
  readonly mode?: string;
  readonly council?: true;
  readonly input?: readonly string[];
  readonly seed?: string;
  readonly phaseMs?: string;
  readonly maxMessages?: string;
  readonly outsideBound?: true;
  readonly plan?: string;
}

/** How a round is shown. */
export interface ReportOptions {
  readonly json?: true;
  readonly plain?: true;
  readonly all?: true;
}

/** Whether the record of a round is kept. */
export interface SaveOptions {
  readonly save?: true;
  readonly saveTo?: string;
}

export function addSaveOptions(command: Command): Command {
  return command
    .option('--save', 'keep the record, a diagram and a report in runs/, the last one as runs/latest')
    .option('--save-to <folder>', 'the same in another folder');
}

export function addRoundOptions(command: Command): Command {
  return command
    .argument(
      '[traitors...]',
      'traitors by name, each with its strategy: general-2=silent, general-3=./mine.ts',
    )
    .option('--generals <n>', 'how many generals (byzantine.general_count)')
    .option(
      '--traitors <count>',
      'how many of them are traitors; those not named are drawn by the seed (default: --faults)',
    )
    .option('--faults <m>', 'how many traitors the round is made to withstand (default: --traitors)')
    .option('--protocol <name>', 'how they agree, see byz protocols (byzantine.protocol)')
    .option('--strategy <name>', 'how traitors betray (byzantine.strategy), or an own one: ./mine.ts')
    .option('--order <vote>', "the commander's order: Attack or Retreat (default: Attack)")
    .option('--plan <file>', 'the round and its treason as byz search and byz shrink write them')
    .option(
      '--mode <name>',
      'who may read a message: mailbox, signed or board (default: as the protocol needs)',
    )
    .option('--council', 'every general has an input of its own, --order but for --input; nobody commands')
    .option(
      '--input <general=vote>',
      'in a council, the input of one general; may be repeated',
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
    )
    .option('--seed <number>', 'decides all that is random, 0 to 4,294,967,295 (default: drawn, and shown)')
    .option('--phase-ms <ms>', 'how long a phase waits for what is missing (byzantine.phase_ms)')
    .option('--max-messages <count>', 'refuse a round that would send more (byzantine.max_messages)')
    .option('--outside-bound', 'run it although nothing is promised for these numbers');
}

export function addReportOptions(command: Command): Command {
  return command
    .option('--json', 'as a JSON document')
    .option('--plain', 'one fact a line, for screen readers')
    .option('--all', 'every message, however many there are');
}
