/**
 * T1: a tuple whose write was acknowledged, and that was not to expire, is taken by somebody, at the latest when the space is drained. A
 * take whose answer was lost explains as many missing tuples as it asked for, and no more. Tuples that were held are the business of T7.
 */
import type { Facts } from '../facts.js';
import type { TakeOperation } from '../history.js';
import { type Life, mayBeCommitted } from '../lives.js';
import { type Rule, violation } from '../rule.js';

export const noLoss: Rule = {
  id: 'T1',
  name: 'no loss',
  judge(facts, presence) {
    const owed = facts.lives.filter((life) => isOwed(life, facts));
    const missing = owed.filter((life) => life.grants.length === 0 && !isTaken(life));
    if (facts.drainMs === undefined) {
      const unknownBecause = 'the history has no drain, so what is left in the space is not known';
      return { judgedCount: owed.length, unknownCount: missing.length, unknownBecause, violations: [] };
    }
    const unexplained = explain(missing, (life) => presence.suspects(life));
    return {
      judgedCount: owed.length,
      unknownCount: 0,
      violations: unexplained.map((life) => lost(life)),
      figures: { explained: missing.length - unexplained.length },
    };
  },
};

function isOwed(life: Life, facts: Facts): boolean {
  const isKept = life.fate === 'written' && life.ttlMs === undefined;
  return isKept && !facts.wasLost(life.write.invokedMs, Number.POSITIVE_INFINITY);
}

/** Taken at once, or by a hold that was committed, or perhaps. */
export function isTaken(life: Life): boolean {
  return life.seen.some(({ kind }) => kind === 'taken') || life.grants.some(mayBeCommitted);
}

function lost(life: Life) {
  const { outcome } = life.write;
  const last = life.seen.at(-1);
  return violation(`${life.text} was acknowledged, and is neither taken by anybody nor left in the space`, [
    life.write.line,
    outcome.kind === 'ok' ? outcome.line : undefined,
    last?.line,
  ]);
}

/** Those that no take explains: a largest matching of the missing to the takes, by augmenting paths. */
export function explain(
  missing: readonly Life[],
  suspectsOf: (life: Life) => readonly TakeOperation[],
): readonly Life[] {
  const got = new Map<TakeOperation, Life[]>();
  const place = (life: Life, tried: Set<TakeOperation>): boolean => {
    for (const take of suspectsOf(life)) {
      if (tried.has(take)) continue;
      tried.add(take);
      const its = got.get(take) ?? [];
      got.set(take, its);
      if (its.length < (take.request.max ?? 1)) return its.push(life) > 0;
      const moved = its.findIndex((other) => place(other, tried));
      if (moved === -1) continue;
      its[moved] = life;
      return true;
    }
    return false;
  };
  return missing.filter((life) => !place(life, new Set()));
}
