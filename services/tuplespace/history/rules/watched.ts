/**
 * T14: a watch delivers every later event of its tuples once and in the order of their revisions. What was written, by calls that were
 * told a revision between the first and the last that the watch reached, must be among its events, with that revision.
 */
import { matches } from '../../template.js';
import type { Facts } from '../facts.js';
import type { Watch } from '../history.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const watched: Rule = {
  id: 'T14',
  name: 'watched once, in order',
  judge(facts) {
    // A space that lost its memory counts its revisions anew.
    const watches = facts.wasLost(0, Number.POSITIVE_INFINITY) ? [] : facts.history.watches;
    const violations = watches.flatMap((watch) => [
      ...disordered(watch),
      ...repeated(watch),
      ...missed(watch, facts),
    ]);
    return { judgedCount: watches.length, unknownCount: 0, violations };
  },
};

function* disordered({ frames, fromRevision, line, client }: Watch): Generator<Violation> {
  let last = { revision: fromRevision, line, hasEvents: true };
  for (const frame of frames) {
    const hasEvents = frame.events.length > 0;
    const isLater = hasEvents ? frame.revision > last.revision : frame.revision >= last.revision;
    if (!isLater) {
      const what = `the watch of ${client} went from revision ${last.revision} to ${frame.revision}`;
      yield violation(what, [last.line, frame.line]);
    }
    last = { revision: frame.revision, line: frame.line, hasEvents };
  }
}

function* repeated({ frames, client }: Watch): Generator<Violation> {
  const once = new Map<string, number>();
  for (const { events, line } of frames) {
    for (const { kind, tuple } of events) {
      if (kind === 'held' || kind === 'released') continue;
      const key = `${kind === 'written' ? 'written' : 'gone'} ${tuple.id}`;
      const earlier = once.get(key);
      if (earlier !== undefined)
        yield violation(`the watch of ${client} was told twice that tuple ${tuple.id} is ${kind}`, [
          earlier,
          line,
        ]);
      once.set(key, line);
    }
  }
}

/** Writes and final takes that the watch passed over. */
function* missed(watch: Watch, facts: Facts): Generator<Violation> {
  const { frames, fromRevision, space, templates, client } = watch;
  const reached = frames.at(-1)?.revision ?? fromRevision;
  const events = new Set(
    frames.flatMap((frame) => frame.events.map(({ kind, tuple }) => `${kind} ${tuple.id} ${frame.revision}`)),
  );
  const isDue = (revision: bigint) => revision > fromRevision && revision <= reached;
  for (const { values, space: at, write, id, text, seen } of facts.lives) {
    const wants = templates.length === 0 || templates.some((template) => matches(template, values));
    if (at !== space || !wants) continue;
    const { outcome } = write;
    if (outcome.kind === 'ok' && id !== undefined && isDue(outcome.answer.revision)) {
      if (!events.has(`written ${id} ${outcome.answer.revision}`))
        yield violation(`the watch of ${client} was not told that ${text} was written`, [
          watch.line,
          outcome.line,
        ]);
    }
    for (const { kind, operation, tuple, line } of seen) {
      if (kind !== 'taken' || operation.outcome.kind !== 'ok') continue;
      const { revision } = operation.outcome.answer;
      if (isDue(revision) && !events.has(`taken ${tuple.id} ${revision}`))
        yield violation(`the watch of ${client} was not told that ${text} was taken`, [watch.line, line]);
    }
  }
}
