/**
 * T12: a call gets only tuples of its own space, and only such as it asked for.
 */
import { stringify } from '../../stores/memory/tagged-json.js';
import { matches, type Template } from '../../template.js';
import type { Facts } from '../facts.js';
import type { Operation, SeenTuple } from '../history.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const isolation: Rule = {
  id: 'T12',
  name: 'isolation',
  judge(facts) {
    const answered = facts.operations.filter(({ outcome }) => outcome.kind === 'ok');
    const stray = answered.flatMap((operation) => [...strayIn(operation)]);
    return { judgedCount: answered.length, unknownCount: 0, violations: [...stray, ...leaks(facts)] };
  },
};

function* strayIn(operation: Operation): Generator<Violation> {
  const { outcome, client } = operation;
  if (outcome.kind !== 'ok') return;
  const { templates, tuples } = exchange(operation);
  for (const tuple of tuples) {
    if (templates.some((template) => matches(template, tuple.values))) continue;
    const what = `${client} got ${stringify(tuple.values)}, which it had not asked for`;
    yield violation(what, [operation.line, outcome.line]);
  }
}

interface Exchange {
  readonly templates: readonly Template[];
  readonly tuples: readonly SeenTuple[];
}

/** What a call asked for and what it got. */
function exchange(operation: Operation): Exchange {
  const { kind, request, outcome } = operation;
  if (outcome.kind !== 'ok' || kind === 'settle') return { templates: [], tuples: [] };
  const { answer } = outcome;
  if (kind === 'write') {
    const templates = request.unless === undefined ? [] : [request.unless];
    return { templates, tuples: 'by' in answer ? [answer.by] : [] };
  }
  return { templates: request.templates, tuples: 'tuples' in answer ? answer.tuples : [] };
}

/** Tuples that were written to another space only. */
function* leaks(facts: Facts): Generator<Violation> {
  const spaces = [...new Set(facts.lives.map(({ space }) => space))];
  for (const { tuple, by } of facts.strangers) {
    const from = spaces.find((space) => facts.life(space, tuple.values) !== undefined);
    if (from === undefined) continue;
    const { client, request } = by.operation;
    const what = `${client} got ${stringify(tuple.values)} of the space ${from} in the space ${request.space}`;
    yield violation(what, [by.line]);
  }
}
