/**
 * The strategies that a round can name. A new one is a line here and a file beside it.
 */
import { assert } from '../assert.js';
import { collude } from './collude.js';
import { flip } from './flip.js';
import { forgePath, replay, wrongPhase, wrongRecipient } from './illegal.js';
import { kingHunter } from './king-hunter.js';
import { late } from './late.js';
import { omit } from './omit.js';
import type { Plan, PlanContext } from './plan.js';
import { randomVotes } from './random-votes.js';
import { silent } from './silent.js';
import { staged } from './staged.js';
import { twins } from './twins.js';
import { twoFaced } from './two-faced.js';

export type StrategyName =
  | 'silent'
  | 'flip'
  | 'random'
  | 'two-faced'
  | 'staged'
  | 'omit'
  | 'collude'
  | 'king-hunter'
  | 'twins'
  | 'late'
  | 'forge-path'
  | 'wrong-recipient'
  | 'wrong-phase'
  | 'replay';

/** A way to betray. */
export interface Strategy {
  readonly name: StrategyName;
  /** One line for help. */
  readonly summary: string;
  /** True when other seeds give other plans. */
  readonly isSeeded: boolean;
  /** An explicit power: hears what loyal generals tell it in a phase before it answers in that phase. */
  readonly isRushing?: true;
  readonly createPlan: (context: PlanContext) => Plan;
}

/** All strategies, the simplest first. */
export const strategies: readonly Strategy[] = [
  { name: 'silent', summary: 'says nothing', isSeeded: false, createPlan: silent },
  { name: 'flip', summary: 'says the opposite of the truth', isSeeded: false, createPlan: flip },
  { name: 'random', summary: 'tosses a coin for each value', isSeeded: true, createPlan: randomVotes },
  {
    name: 'two-faced',
    summary: 'says Attack to some and Retreat to others',
    isSeeded: true,
    createPlan: twoFaced,
  },
  {
    name: 'staged',
    summary: 'is consistent at first, splits the others at the end',
    isSeeded: true,
    createPlan: staged,
  },
  {
    name: 'omit',
    summary: 'leaves out some values and lies about the rest',
    isSeeded: true,
    createPlan: omit,
  },
  {
    name: 'collude',
    summary: 'tells one story with the other traitors, and the truth elsewhere',
    isSeeded: true,
    createPlan: collude,
  },
  {
    name: 'king-hunter',
    summary: 'hears the loyal generals first, then keeps them apart',
    isSeeded: true,
    isRushing: true,
    createPlan: kingHunter,
  },
  {
    name: 'twins',
    summary: 'is two loyal generals under one name, each in its own half',
    isSeeded: true,
    createPlan: twins,
  },
  {
    name: 'late',
    summary: 'lies just before and just after each close',
    isSeeded: true,
    createPlan: late,
  },
  {
    name: 'forge-path',
    summary: 'sends values by paths that are not its own',
    isSeeded: true,
    createPlan: forgePath,
  },
  {
    name: 'wrong-recipient',
    summary: 'sends values to others, or under another name',
    isSeeded: true,
    createPlan: wrongRecipient,
  },
  {
    name: 'wrong-phase',
    summary: 'sends values under the number of another phase',
    isSeeded: true,
    createPlan: wrongPhase,
  },
  {
    name: 'replay',
    summary: 'says the truth, then the opposite in the same slot',
    isSeeded: false,
    createPlan: replay,
  },
];

/** All names, in the same order. */
export const strategyNames: readonly StrategyName[] = strategies.map(({ name }) => name);

/** The plan of one strategy for all traitors of a round. */
export function createPlan({
  strategy,
  ...context
}: PlanContext & { readonly strategy: StrategyName }): Plan {
  const found = strategyNamed(strategy);
  assert(found !== undefined, `${strategy} is a strategy`);
  return found.createPlan(context);
}

/** The strategy of that name; undefined for a text that names none. */
export function strategyNamed(name: string): Strategy | undefined {
  return strategies.find((strategy) => strategy.name === name);
}
