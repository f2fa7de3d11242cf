/**
 * T6: while a hold is in force nobody else gets or sees its tuples. Time tells, and so does the delivery count: it rises each time that a
 * hold gives a tuple back, so no two grants of one tuple have the same.
 */
import type { Facts } from '../facts.js';
import { earliestEndMs, type Grant, type Life, type Seen } from '../lives.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const holdExclusive: Rule = {
  id: 'T6',
  name: 'hold exclusive',
  judge(facts) {
    const violations = facts.lives.flatMap((life) => [
      ...sameCount(life, facts),
      ...life.grants.flatMap((grant) => [...during(grant, life, facts)]),
    ]);
    return { judgedCount: facts.grants.length, unknownCount: 0, violations };
  },
};

function* sameCount(life: Life, facts: Facts): Generator<Violation> {
  const byCount = new Map<number, Seen>();
  for (const seen of life.seen) {
    if (seen.kind !== 'held' && seen.kind !== 'taken') continue;
    const earlier = byCount.get(seen.tuple.deliveryCount);
    byCount.set(seen.tuple.deliveryCount, seen);
    // Two that removed it are the business of T2.
    if (earlier === undefined || (earlier.kind === 'taken' && seen.kind === 'taken')) continue;
    if (facts.wasLost(life.write.invokedMs, Number.POSITIVE_INFINITY)) continue;
    const both = `${earlier.operation.client} and ${seen.operation.client}`;
    const count = `delivery count ${seen.tuple.deliveryCount}`;
    yield violation(`${life.text} was granted to ${both} with the same ${count}`, [earlier.line, seen.line]);
  }
}

/** Answers to calls that began and ended while the hold was in force for sure. */
function* during(grant: Grant, { text, seen }: Life, { tolerances }: Facts): Generator<Violation> {
  const endMs = earliestEndMs(grant, tolerances.stepMs);
  for (const { operation, line, atMs, kind } of seen) {
    const isWithin = operation.invokedMs > grant.grantedMs && atMs < endMs;
    if (!isWithin || operation === grant.take || kind === 'blocked') continue;
    if (operation.kind === 'read' && operation.request.includeHeld) continue;
    const { outcome, client } = grant.take;
    const what = `${text} was held by ${client}, and ${kind === 'read' ? 'seen' : kind} by ${operation.client}`;
    yield violation(what, [outcome.kind === 'ok' ? outcome.line : undefined, operation.line, line]);
  }
}
