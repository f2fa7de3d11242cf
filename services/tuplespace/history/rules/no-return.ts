/**
 * T5: a tuple that was taken for good does not come back: no call that begins after the answer sees it.
 */
import { type Life, settleOf } from '../lives.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const noReturn: Rule = {
  id: 'T5',
  name: 'no return from the dead',
  judge(facts) {
    const judged = facts.lives.flatMap((life) => endsOf(life).map((end) => ({ life, end })));
    const violations = judged.flatMap(({ life, end }) =>
      facts.wasLost(life.write.invokedMs, Number.POSITIVE_INFINITY) ? [] : [...returned(life, end)],
    );
    return { judgedCount: judged.length, unknownCount: 0, violations };
  },
};

interface End {
  readonly atMs: number;
  readonly line: number;
}

/** The answers by which it was taken for good. */
function endsOf(life: Life): readonly End[] {
  const takes = life.seen.filter(({ kind }) => kind === 'taken');
  const commits = life.grants.flatMap((grant) => {
    const commit = settleOf(grant, 'commit');
    return commit?.outcome.kind === 'ok' ? commit.outcome : [];
  });
  return [...takes, ...commits];
}

function* returned({ text, seen }: Life, end: End): Generator<Violation> {
  for (const { operation, line, kind } of seen) {
    if (operation.invokedMs <= end.atMs) continue;
    const how = kind === 'blocked' ? 'stood in the way of' : `was ${kind === 'read' ? 'seen' : kind} by`;
    yield violation(`${text} had been taken, and ${how} ${operation.client}`, [
      end.line,
      operation.line,
      line,
    ]);
  }
}
