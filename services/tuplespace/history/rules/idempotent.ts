/**
 * T9: a call that is repeated under its request id has its effect once, and gets the first answer again. A tuple with two ids was written
 * twice.
 */
import { stringify } from '../../stores/memory/tagged-json.js';
import type { Facts } from '../facts.js';
import type { Operation } from '../history.js';
import { requestKeyOf } from '../joined.js';
import type { Life } from '../lives.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const idempotent: Rule = {
  id: 'T9',
  name: 'idempotent',
  judge(facts) {
    const repeated = groupsOf(facts.history.operations).filter((group) => group.length > 1);
    const answers = repeated.flatMap((group) => [...differing(group, facts)]);
    const ids = facts.lives.flatMap((life) => [...twoIds(life, facts)]);
    return { judgedCount: repeated.length, unknownCount: 0, violations: [...answers, ...ids] };
  },
};

function groupsOf(operations: readonly Operation[]): readonly (readonly Operation[])[] {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const key = requestKeyOf(operation);
    if (key === undefined) continue;
    const group = groups.get(key) ?? [];
    group.push(operation);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function* differing(group: readonly Operation[], facts: Facts): Generator<Violation> {
  const answered = group.flatMap(({ outcome, client }) =>
    outcome.kind === 'ok' ? { ...outcome, client } : [],
  );
  const [first, ...others] = answered;
  if (first === undefined) return;
  const text = textOf(first.answer);
  for (const other of others) {
    if (textOf(other.answer) === text || facts.wasLost(group[0]?.invokedMs ?? 0, other.atMs)) continue;
    const what = `the same request of ${other.client} was answered in two ways`;
    yield violation(what, [first.line, other.line]);
  }
}

function textOf(answer: object): string {
  return stringify(answer);
}

function* twoIds({ id: toldId, seen, text, write }: Life, facts: Facts): Generator<Violation> {
  let known = toldId === undefined ? undefined : { id: toldId, line: write.line };
  for (const { tuple, line, atMs } of seen) {
    known ??= { id: tuple.id, line };
    if (tuple.id === known.id || facts.wasLost(write.invokedMs, atMs)) continue;
    yield violation(`${text} stands twice, as tuple ${known.id} and as tuple ${tuple.id}`, [
      known.line,
      line,
    ]);
    return;
  }
}
