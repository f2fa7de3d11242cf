/**
 * T7: a hold that is not committed gives its tuples back, and one that has ended cannot be committed any more.
 */
import type { Facts } from '../facts.js';
import { type Grant, type Life, latestEndMs, mayBeCommitted, settleOf } from '../lives.js';
import { type Rule, type Violation, violation } from '../rule.js';
import { explain, isTaken } from './no-loss.js';

export const holdReturns: Rule = {
  id: 'T7',
  name: 'hold returns',
  judge(facts, presence) {
    const late = facts.grants.flatMap((grant) => [...lateCommit(grant, facts)]);
    const missing = facts.lives.filter((life) => isStuck(life, facts));
    if (facts.drainMs === undefined) {
      const unknownBecause = 'the history has no drain, so what is left in the space is not known';
      const unknownCount = missing.length;
      return { judgedCount: facts.grants.length, unknownCount, unknownBecause, violations: late };
    }
    const stuck = explain(missing, (life) => presence.suspects(life)).map(stuckForEver);
    return { judgedCount: facts.grants.length, unknownCount: 0, violations: [...late, ...stuck] };
  },
};

/** A commit that was accepted though the hold was over: by its time, or since somebody else had been granted a tuple. */
function* lateCommit(grant: Grant, facts: Facts): Generator<Violation> {
  const commit = settleOf(grant, 'commit');
  if (commit?.outcome.kind !== 'ok' || grant.take.outcome.kind !== 'ok') return;
  const { client } = grant.take;
  const lines = [grant.take.outcome.line, commit.line, commit.outcome.line];
  const { clockMs, stepMs } = facts.tolerances;
  const overMs = commit.invokedMs - latestEndMs(grant, stepMs);
  if (overMs > clockMs) {
    yield violation(`${client} committed a hold ${Math.round(overMs)} ms after its end`, lines);
    return;
  }
  for (const life of grant.lives) {
    const next = life.grants.find(
      ({ take, grantedMs }) => take.invokedMs > grant.grantedMs && grantedMs < commit.invokedMs,
    );
    if (next?.take.outcome.kind !== 'ok') continue;
    const what = `${client} committed its hold of ${life.text} after ${next.take.client} had been granted it`;
    yield violation(what, [...lines, next.take.outcome.line]);
    return;
  }
}

function isStuck(life: Life, facts: Facts): boolean {
  const { fate, ttlMs, grants, write } = life;
  if (fate !== 'written' || ttlMs !== undefined || grants.length === 0 || isTaken(life)) return false;
  return !grants.some(mayBeCommitted) && !facts.wasLost(write.invokedMs, Number.POSITIVE_INFINITY);
}

function stuckForEver(life: Life): Violation {
  const last = life.grants.at(-1);
  const outcome = last?.take.outcome;
  return violation(
    `${life.text} was held by ${last?.take.client}, not committed, and is not there any more`,
    [life.write.line, outcome?.kind === 'ok' ? outcome.line : undefined],
  );
}
