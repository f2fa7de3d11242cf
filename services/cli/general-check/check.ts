/**
 * `byz general check`: the known answers, one after the other, against a program.
 */
import { protocolOf } from '../../consensus/index.js';
import { invalidArgument, ServiceError, suggestName, systemClock } from '../../runtime/index.js';
import type { CheckOptions } from '../commands/general.js';
import type { ExitCode } from '../exit-codes.js';
import { exitCodes } from '../exit-codes.js';
import { createStyle } from '../output/style.js';
import { whole } from '../round-request.js';
import type { Shell } from '../shell.js';
import { type CheckCase, checkCases } from './cases.js';
import { play } from './play.js';
import { Program } from './program.js';
import { type Enrolled, openStage, type Stage } from './stage.js';

/** How long a program may take to enrol, in ms. */
const enrolMsMax = 15_000;
/** How often it is looked after meanwhile, in ms. */
const lookMs = 250;
/** For one that a person starts. */
const patienceMs = 300_000;

/** `byzantine.general-check/1`. */
export interface GeneralCheckDocument {
  readonly schema: 'byzantine.general-check/1';
  readonly cases: readonly CheckedCase[];
}

interface CheckedCase {
  readonly id: string;
  readonly title: string;
  /** Such as `OM(1), 4 generals, as general-1`. */
  readonly round: string;
  /** Empty when the program passed. */
  readonly problems: readonly string[];
}

export async function checkGeneral(
  shell: Shell,
  options: CheckOptions,
  command: readonly string[],
): Promise<ExitCode> {
  const answerMs = whole('--answer-ms', options.answerMs) ?? 0;
  if (answerMs < 1 || answerMs > 60_000) {
    throw invalidArgument('--answer-ms', `${answerMs} is not from 1 to 60,000`);
  }
  const cases = casesOf(options.cases);
  const { terminal } = shell;
  const stage = await openStage(options.listen);
  const program = programOf(shell, stage, command);
  try {
    if (program === undefined) terminal.talk(`start the program; the space is at ${stage.address}`);
    const checked = await checkAll(stage, program, { cases, answerMs, say: (text) => terminal.talk(text) });
    if (options.json) terminal.data(JSON.stringify(documentOf(checked), null, 2));
    else terminal.report(reportOf(checked, shell, options));
    return checked.every(({ problems }) => problems.length === 0) ? exitCodes.ok : exitCodes.violated;
  } finally {
    await program?.kill();
    await stage.stop();
  }
}

function programOf(shell: Shell, { address }: Stage, [command, ...parameters]: readonly string[]) {
  if (command === undefined) return undefined;
  const environment = { ...shell.environment, BYZANTINE_GENERAL_NODE_TUPLESPACE: address };
  const { workingDirectory } = shell;
  return new Program({ command, parameters, environment, workingDirectory });
}

/** All, or those that are named. Errors: invalid_argument. */
function casesOf(names: string | undefined): readonly CheckCase[] {
  if (names === undefined) return checkCases;
  const known = checkCases.map(({ id }) => id);
  return names.split(',').map((name) => {
    const found = checkCases.find(({ id }) => id === name.trim());
    if (found !== undefined) return found;
    throw invalidArgument('--cases', `"${name}" is unknown${suggestName(name, known)}`);
  });
}

async function checkAll(
  stage: Stage,
  program: Program | undefined,
  {
    cases,
    answerMs,
    say,
  }: {
    readonly cases: readonly CheckCase[];
    readonly answerMs: number;
    readonly say: (text: string) => void;
  },
): Promise<readonly CheckedCase[]> {
  let enrolled = await enrolNext(stage, program, 0n);
  const checked: CheckedCase[] = [];
  for (const one of cases) {
    if (one.isRestarted && program === undefined) {
      say(`${one.id} is left out: it needs a program that can be started again`);
      continue;
    }
    const played = await play(one, {
      stage,
      enrolled,
      answerMs,
      kill: async () => program?.kill(),
      start: () => enrolNext(stage, program, enrolled.tupleId),
    });
    enrolled = played.enrolled;
    const problems = program?.hasEnded ? [...played.problems, endedText(program)] : played.problems;
    checked.push({ id: one.id, title: one.title, round: roundText(one), problems });
    if (program?.hasEnded) enrolled = await enrolNext(stage, program, enrolled.tupleId);
  }
  return checked;
}

/** Starts the program and waits until it has enrolled. Errors: unavailable. */
async function enrolNext(stage: Stage, program: Program | undefined, since: bigint): Promise<Enrolled> {
  program?.start();
  const endMs = systemClock.monotonicMs() + (program === undefined ? patienceMs : enrolMsMax);
  while (systemClock.monotonicMs() < endMs && program?.hasEnded !== true) {
    const enrolled = await stage.enrolled(since, lookMs);
    if (enrolled !== undefined) return enrolled;
  }
  const said = program === undefined || program.output === '' ? '' : `; it wrote:\n${program.output}`;
  throw new ServiceError('unavailable', `the program did not enrol${said}`, {
    details: { advice: 'docs/own-general.md tells what a program must do' },
  });
}

function endedText({ output }: Program): string {
  const last = output.split('\n').at(-1);
  return `the program ended${last === undefined || last === '' ? '' : `: ${last}`}`;
}

function roundText({ setting, general }: CheckCase): string {
  const { name } = protocolOf(setting);
  const { generals, traitorsMax } = setting;
  return `${name.toUpperCase()}(${traitorsMax}), ${generals.length} generals, as ${general}`;
}

function documentOf(cases: readonly CheckedCase[]): GeneralCheckDocument {
  return { schema: 'byzantine.general-check/1', cases };
}

function reportOf(
  checked: readonly CheckedCase[],
  { terminal }: Shell,
  { plain }: Pick<CheckOptions, 'plain'>,
): string {
  const style = createStyle(terminal);
  const lines = checked.flatMap(({ id, title, round, problems }) => {
    const isRight = problems.length === 0;
    const word = isRight ? style.good('right') : style.bad('WRONG');
    const head = plain
      ? `${id}: ${isRight ? 'right' : 'wrong'}. ${title}`
      : `${id.padEnd(7)} ${word}  ${title}`;
    const indent = plain ? `${id}: ` : ' '.repeat(15);
    return isRight
      ? [head]
      : [head, `${indent}${round}`, ...problems.map((problem) => `${indent}${problem}`)];
  });
  const wrongCount = checked.filter(({ problems }) => problems.length > 0).length;
  const end =
    wrongCount === 0
      ? style.good(`PASS: ${checked.length} known answers`)
      : style.bad(`FAIL: ${wrongCount} of ${checked.length} known answers are wrong`);
  return [...lines, '', end].join('\n');
}
