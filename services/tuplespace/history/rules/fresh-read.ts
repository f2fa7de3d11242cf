/**
 * T4: a call that begins after the answer to a write sees what was written, unless somebody may have taken it; and the revision that a
 * call is told is no lower than any that was told before it began.
 */
import type { Facts } from '../facts.js';
import type { Operation, ReadOperation, TakeOperation } from '../history.js';
import type { Presence } from '../presence.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const freshRead: Rule = {
  id: 'T4',
  name: 'fresh read',
  judge(facts, presence) {
    const judged = facts.operations.filter(
      (operation) => isSearch(operation) && operation.outcome.kind === 'ok',
    ) as (ReadOperation | TakeOperation)[];
    const stale = judged.flatMap((operation) => [...missed(operation, facts, presence)]);
    return {
      judgedCount: judged.length,
      unknownCount: 0,
      violations: [...stale, ...backwards(facts)],
    };
  },
};

function isSearch({ kind }: Operation): boolean {
  return kind === 'read' || kind === 'take';
}

/** Tuples that were there all the time, and that the answer lacks though it had room for them. */
function* missed(
  operation: ReadOperation | TakeOperation,
  facts: Facts,
  presence: Presence,
): Generator<Violation> {
  const { request, outcome, invokedMs, client } = operation;
  if (outcome.kind !== 'ok') return;
  const { answer, atMs, line } = outcome;
  const standing = facts
    .matching(request.space, request.templates)
    .filter((life) => presence.isCertain(life, invokedMs, atMs));
  if (!isShort(operation, standing.length)) return;
  const shown = new Set(answer.tuples.map(({ id }) => id));
  const absent = standing.find(({ id }) => id === undefined || !shown.has(id));
  if (absent === undefined) return;
  const write = absent.write.outcome;
  yield violation(`${absent.text} stood in the space, and ${client} did not find it`, [
    write.kind === 'ok' ? write.line : undefined,
    operation.line,
    line,
  ]);
}

/** True where the answer should show more, or has room for each of the tuples that stood there. */
function isShort(operation: ReadOperation | TakeOperation, standingCount: number): boolean {
  const { outcome } = operation;
  if (outcome.kind !== 'ok') return false;
  if (operation.kind === 'take') {
    const { max = 1, min = 1 } = operation.request;
    return standingCount >= min && outcome.answer.tuples.length < Math.min(standingCount, max);
  }
  const { countOnly, limit = Number.POSITIVE_INFINITY } = operation.request;
  const { answer } = outcome as Extract<ReadOperation['outcome'], { kind: 'ok' }>;
  if (countOnly) return answer.count < standingCount;
  return answer.tuples.length < limit;
}

/** Answers with a revision lower than one that was told before the call began. */
function* backwards(facts: Facts): Generator<Violation> {
  const bySpace = new Map<string, Operation[]>();
  for (const operation of facts.operations) {
    const list = bySpace.get(operation.request.space) ?? [];
    list.push(operation);
    bySpace.set(operation.request.space, list);
  }
  for (const operations of bySpace.values()) yield* backwardsIn(operations, facts);
}

function* backwardsIn(operations: readonly Operation[], facts: Facts): Generator<Violation> {
  const ended = operations
    .flatMap(({ outcome }) => (outcome.kind === 'ok' ? outcome : []))
    .sort((left, right) => left.atMs - right.atMs);
  let next = 0;
  let highest: (typeof ended)[number] | undefined;
  for (const { invokedMs, outcome, client } of operations) {
    for (let end = ended[next]; end !== undefined && end.atMs < invokedMs; end = ended[next]) {
      if (highest === undefined || end.answer.revision > highest.answer.revision) highest = end;
      next += 1;
    }
    if (outcome.kind !== 'ok' || highest === undefined) continue;
    if (outcome.answer.revision >= highest.answer.revision) continue;
    if (facts.wasLost(0, outcome.atMs)) continue;
    const told = `revision ${outcome.answer.revision} was told to ${client}`;
    yield violation(`${told} after revision ${highest.answer.revision} had been told`, [
      highest.line,
      outcome.line,
    ]);
  }
}
