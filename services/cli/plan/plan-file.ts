/**
 * Plans in files, and the rounds that they ask for.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { GeneralId, RoundPlan, Vote } from '../../consensus/index.js';
import { simulateRound } from '../../consensus/index.js';
import type { Round, RoundRequest } from '../../orchestrator/index.js';
import { invalidArgument } from '../../runtime/index.js';
import type { RoundOptions } from '../commands/round-options.js';
import { readNamedFile } from '../read-named-file.js';
import type { Shell } from '../shell.js';
import { parsePlan, printPlan } from './plan-document.js';

/** Errors: not_found (the file cannot be read), invalid_argument (what is wrong in it, and where). */
export function readPlanFile(shell: Shell, file: string): RoundPlan {
  return parsePlan(file, readNamedFile(shell, file));
}

/** Writes the plan to the file, or to stdout where none is named. */
export function writePlan(
  { workingDirectory, terminal }: Shell,
  plan: RoundPlan,
  file: string | undefined,
): void {
  if (file === undefined) {
    terminal.data(printPlan('plan.toml', plan));
    return;
  }
  writeFileSync(resolve(workingDirectory, file), `${printPlan(file, plan)}\n`);
  terminal.talk(`written to ${file}`);
}

/** The round that a plan asks for. Errors: invalid_argument (a flag that the plan speaks for already). */
export function planRequest(
  plan: RoundPlan,
  options: RoundOptions,
  operands: readonly string[],
): RoundRequest {
  const spoken = [
    'generals',
    'traitors',
    'faults',
    'protocol',
    'mode',
    'council',
    'input',
    'strategy',
    'order',
    'seed',
  ] as const;
  const flag = spoken.find((name) => options[name] !== undefined);
  if (flag !== undefined) throw invalidArgument(`--${flag}`, 'the plan says that already; edit the plan');
  const [operand] = operands;
  if (operand !== undefined) throw invalidArgument(operand, 'the plan names the traitors already');
  const { setting, order, seed, traitors } = plan;
  return {
    protocol: setting.protocol,
    mode: setting.mode,
    isCouncil: setting.isCouncil,
    ...(plan.inputs === undefined ? {} : { inputs: plan.inputs }),
    generalCount: setting.generals.length,
    faultCount: setting.traitorsMax,
    traitorCount: traitors.length,
    traitors,
    order,
    seed,
    isOutsideBoundAllowed: true,
  };
}

/**
 * Says whether the round came to what the core makes of the plan; false when it did not. Late messages go by the
 * space's order, which the core cannot know for the last moment.
 */
export function isAsPredicted({ terminal }: Pick<Shell, 'terminal'>, plan: RoundPlan, round: Round): boolean {
  const traitors = new Set(plan.traitors.map(({ general }) => general));
  const predicted = simulateRound(plan).decisions;
  const differing = plan.setting.generals.filter(
    (general) => !traitors.has(general) && round.decisions.get(general) !== predicted.get(general),
  );
  if (differing.length === 0) terminal.talk('the loyal generals decided as the plan predicts');
  for (const general of differing) {
    const came = round.decisions.get(general) ?? 'nothing';
    terminal.talk(`error: ${general} decided ${came}, the plan predicts ${predicted.get(general)}`);
  }
  return differing.length === 0;
}

/** `general-1 Attack, general-2 Retreat`: what the loyal generals decide in a plan. */
export function decisionsText(decisions: ReadonlyMap<GeneralId, Vote>): string {
  return [...decisions].map(([general, vote]) => `${general} ${vote}`).join(', ');
}

/** What the core makes of a plan, of loyal generals. */
export function predictedDecisions(plan: RoundPlan): ReadonlyMap<GeneralId, Vote> {
  const traitors = new Set(plan.traitors.map(({ general }) => general));
  return new Map([...simulateRound(plan).decisions].filter(([general]) => !traitors.has(general)));
}
