/**
 * T3: what a client sees, somebody tried to write before; and what was refused is never seen.
 */
import { stringify } from '../../stores/memory/tagged-json.js';
import type { Facts } from '../facts.js';
import type { Life, Seen } from '../lives.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const noPhantom: Rule = {
  id: 'T3',
  name: 'no phantom',
  judge(facts) {
    const { lives, strangers } = facts;
    const unwritten = strangers.map(({ tuple, by }) =>
      violation(
        `${stringify(tuple.values)} was seen by ${by.operation.client}, and nobody tried to write it`,
        [by.line],
      ),
    );
    const seenCount = lives.reduce((sum, { seen }) => sum + seen.length, 0);
    const wrong = lives.flatMap((life) => life.seen.flatMap((seen) => [...falselySeen(life, seen)]));
    return {
      judgedCount: seenCount + strangers.length,
      unknownCount: 0,
      violations: [...unwritten, ...wrong, ...watched(facts)],
    };
  },
};

function* falselySeen({ write, fate, text }: Life, { operation, line, atMs }: Seen): Generator<Violation> {
  const lines = [write.line, line];
  const who = `${text} was seen by ${operation.client}`;
  if (fate === 'refused') yield violation(`${who}, though its write was refused`, lines);
  else if (atMs < write.invokedMs) yield violation(`${who} before anybody tried to write it`, lines);
}

function* watched(facts: Facts): Generator<Violation> {
  for (const { space, frames } of facts.history.watches) {
    for (const { events, line } of frames) {
      for (const { tuple } of events) {
        if (facts.life(space, tuple.values) !== undefined) continue;
        yield violation(`${stringify(tuple.values)} came by a watch, and nobody tried to write it`, [line]);
      }
    }
  }
}
