/**
 * T2: a tuple is taken for good by at most one call: a take that removes, or the commit of a hold.
 */
import type { Facts } from '../facts.js';
import type { Operation } from '../history.js';
import { type Life, settleOf } from '../lives.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const atMostOnce: Rule = {
  id: 'T2',
  name: 'at most once',
  judge(facts) {
    const taken = facts.lives.map((life) => ({ life, takers: takersOf(life) }));
    const judged = taken.filter(({ takers }) => takers.length > 0);
    const violations = judged.flatMap(({ life, takers }) => [...twice(life, takers, facts)]);
    return { judgedCount: judged.length, unknownCount: 0, violations };
  },
};

/** The calls that took it for good, by the time of their answers. */
function takersOf(life: Life): readonly Operation[] {
  const takes = life.seen.filter(({ kind }) => kind === 'taken').map(({ operation }) => operation);
  const commits = life.grants.flatMap((grant) => settleOf(grant, 'commit') ?? []);
  return [...takes, ...commits].sort((left, right) => endMs(left) - endMs(right));
}

function* twice(life: Life, [first, ...others]: readonly Operation[], facts: Facts): Generator<Violation> {
  if (first === undefined || facts.wasLost(life.write.invokedMs, Number.POSITIVE_INFINITY)) return;
  for (const other of others) {
    const lines = [life.write.line, endLine(first), endLine(other)];
    yield violation(`${life.text} was taken by ${first.client} and again by ${other.client}`, lines);
  }
}

function endMs({ outcome }: Operation): number {
  return outcome.kind === 'ok' ? outcome.atMs : Number.POSITIVE_INFINITY;
}

function endLine({ outcome }: Operation): number | undefined {
  return outcome.kind === 'ok' ? outcome.line : undefined;
}
