/**
 * The round that a command line asks for: by a plan, by flags, or by flags and own strategies.
 */
import type { RoundPlan } from '../consensus/index.js';
import type { RoundRequest } from '../orchestrator/index.js';
import type { Settings } from '../runtime/index.js';
import type { RoundOptions } from './commands/round-options.js';
import { type OwnTraitor, ownFilesOf, ownRoundRequest } from './own-strategy/own-round.js';
import { planRequest, readPlanFile } from './plan/plan-file.js';
import { roundRequest } from './round-request.js';
import type { Shell } from './shell.js';

export interface AskedRound {
  readonly request: RoundRequest;
  /** What it was read from, if it was read from a plan. */
  readonly plan?: RoundPlan;
  /** Traitors that follow a file. */
  readonly ownTraitors?: readonly OwnTraitor[];
}

/** Errors: not_found (a file), invalid_argument (what is wrong, and where). `settings` are asked for with own strategies alone. */
export async function askedRound(
  shell: Shell,
  options: RoundOptions,
  operands: readonly string[],
  settings: () => Settings,
): Promise<AskedRound> {
  if (options.plan !== undefined) {
    const plan = readPlanFile(shell, options.plan);
    return { plan, request: planRequest(plan, options, operands) };
  }
  const own = ownFilesOf(options, operands);
  if (own === undefined) return { request: roundRequest(options, operands) };
  return ownRoundRequest(shell, own, settings());
}
