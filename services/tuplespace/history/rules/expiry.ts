/**
 * T11: nobody sees a tuple after its time to live, counted from the acknowledgement of its write. That it does not go before is T4.
 */
import type { Life } from '../lives.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const expiry: Rule = {
  id: 'T11',
  name: 'expiry',
  judge({ lives, tolerances }) {
    const allowedMs = tolerances.expiryMs + tolerances.stepMs;
    const mortal = lives.filter(({ ttlMs, fate }) => ttlMs !== undefined && fate === 'written');
    const violations = mortal.flatMap((life) => [...overdue(life, allowedMs)]);
    return { judgedCount: mortal.length, unknownCount: 0, violations };
  },
};

function* overdue({ ttlMs = 0, writtenMs, seen, text, write }: Life, expiryMs: number): Generator<Violation> {
  for (const { operation, line } of seen) {
    const overMs = operation.invokedMs - (writtenMs + ttlMs);
    if (overMs <= expiryMs) continue;
    const what = `${text} was seen by ${operation.client} ${Math.round(overMs)} ms after its time to live`;
    yield violation(what, [write.line, operation.line, line]);
    return;
  }
}
