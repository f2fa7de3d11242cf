/**
 * T10: of several writes, each of which is to happen only where the other's tuple is not, at most one does, unless that tuple was removed
 * in between; and a write is not made where such a tuple stood all the time.
 */
import type { Facts } from '../facts.js';
import type { Operation, WriteOperation } from '../history.js';
import type { Life } from '../lives.js';
import type { Presence } from '../presence.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const oneWinner: Rule = {
  id: 'T10',
  name: 'one winner',
  judge(facts, presence) {
    const writes = facts.operations.filter(isConditional);
    const violations = writes.flatMap((write) => [...beside(write, facts, presence)]);
    return { judgedCount: writes.length, unknownCount: 0, violations };
  },
};

function isConditional(operation: Operation): operation is WriteOperation {
  return operation.kind === 'write' && operation.request.unless !== undefined;
}

function* beside(write: WriteOperation, facts: Facts, presence: Presence): Generator<Violation> {
  const { request, outcome, invokedMs, client, line } = write;
  if (outcome.kind !== 'ok' || outcome.answer.kind !== 'written') return;
  for (const rival of facts.matching(request.space, request.unless === undefined ? [] : [request.unless])) {
    if (rival.write === write || rival.fate !== 'written' || presence.mayBeGoneMs(rival) <= outcome.atMs)
      continue;
    const stoodBefore = rival.writtenMs < invokedMs;
    if (!stoodBefore && !isBeaten(rival, write, { facts, presence })) continue;
    const told = rival.write.outcome;
    const lines = [told.kind === 'ok' ? told.line : undefined, line, outcome.line];
    yield violation(`${client} wrote a tuple that ${rival.text} excludes, which stood there`, lines);
    return;
  }
}

/** The rival's write excludes this one's tuple in turn, and that tuple had not gone before the rival's answer. */
function isBeaten(
  rival: Life,
  write: WriteOperation,
  { facts, presence }: { facts: Facts; presence: Presence },
): boolean {
  const { request, outcome, line } = rival.write;
  // The later of the two tells of both.
  if (outcome.kind !== 'ok' || !('unless' in request) || request.unless === undefined || line > write.line)
    return false;
  return facts
    .matching(request.space, [request.unless])
    .some((life) => life.write === write && presence.mayBeGoneMs(life) > outcome.atMs);
}
