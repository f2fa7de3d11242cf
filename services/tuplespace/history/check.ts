/**
 * Judges a history by all rules.
 */
import { Facts } from './facts.js';
import { type Figures, figuresOf } from './figures.js';
import type { History } from './history.js';
import { Presence } from './presence.js';
import type { Rule, RuleFinding, Violation } from './rule.js';
import { atMostOnce } from './rules/at-most-once.js';
import { expiry } from './rules/expiry.js';
import { freshRead } from './rules/fresh-read.js';
import { holdExclusive } from './rules/hold-exclusive.js';
import { holdReturns } from './rules/hold-returns.js';
import { idempotent } from './rules/idempotent.js';
import { isolation } from './rules/isolation.js';
import { linearizable } from './rules/linearizable.js';
import { noLoss } from './rules/no-loss.js';
import { noPhantom } from './rules/no-phantom.js';
import { noReturn } from './rules/no-return.js';
import { oneWinner } from './rules/one-winner.js';
import { wakeUp } from './rules/wake-up.js';
import { watched } from './rules/watched.js';

export interface CheckOptions {
  /** Calls of one window of T13; default 200. */
  readonly windowMax?: number;
  /** Steps of the search in one window of T13, after which it is unknown; default 5,000,000. */
  readonly stepsMax?: number;
  /** Called before each rule with its number and name; the rules take long for a long history, and let no timer run. */
  readonly onRule?: (id: string, name: string) => void;
}

/** `nothing`: the history has nothing that the rule could judge. */
export type RuleVerdict = 'valid' | 'violated' | 'unknown' | 'nothing';

export interface RuleReport extends RuleFinding {
  readonly id: string;
  readonly name: string;
  readonly verdict: RuleVerdict;
}

export interface HistoryReport {
  /** `violated` if any rule is, else `unknown` if any rule is, else `valid`. */
  readonly verdict: 'valid' | 'violated' | 'unknown';
  readonly rules: readonly RuleReport[];
  readonly figures: Figures;
}

/** Errors: invalid_argument, where the history writes one tuple twice. */
export function checkHistory(history: History, options: CheckOptions = {}): HistoryReport {
  const { windowMax: operationsMax = 200, stepsMax = 5_000_000, onRule = () => {} } = options;
  const facts = new Facts(history);
  const presence = new Presence(facts);
  const rules = [...plainRules, linearizable({ operationsMax, stepsMax }), watched].map((rule) => {
    onRule(rule.id, rule.name);
    return judged(rule, facts, presence);
  });
  const verdicts = new Set(rules.map(({ verdict }) => verdict));
  const verdict = verdicts.has('violated') ? 'violated' : verdicts.has('unknown') ? 'unknown' : 'valid';
  return { verdict, rules, figures: figuresOf(facts) };
}

/** The violation that was complete first: whose last line is the lowest. */
export function firstViolation({
  rules,
}: HistoryReport): (Violation & { readonly rule: string }) | undefined {
  const all = rules.flatMap(({ id, violations }) => violations.map((found) => ({ ...found, rule: id })));
  return all.toSorted((left, right) => lastLine(left) - lastLine(right))[0];
}

function judged(rule: Rule, facts: Facts, presence: Presence): RuleReport {
  const { id, name } = rule;
  const finding = rule.judge(facts, presence);
  return { id, name, ...finding, verdict: verdictOf(finding) };
}

function verdictOf({ violations, unknownCount, judgedCount }: RuleFinding): RuleVerdict {
  if (violations.length > 0) return 'violated';
  if (unknownCount > 0) return 'unknown';
  return judgedCount === 0 ? 'nothing' : 'valid';
}

function lastLine({ lines }: Violation): number {
  return lines.at(-1) ?? Number.POSITIVE_INFINITY;
}

const plainRules: readonly Rule[] = [
  noLoss,
  atMostOnce,
  noPhantom,
  freshRead,
  noReturn,
  holdExclusive,
  holdReturns,
  wakeUp,
  idempotent,
  oneWinner,
  expiry,
  isolation,
];
