/**
 * T13: the calls of each window have an order that a sequential tuple space could have answered so. A search that reaches its bound leaves
 * the window unknown; that is no pass.
 */

import { matches } from '../../template.js';
import { linearize, type SearchResult, type TimedCall } from '../linearizability/search.js';
import { type Effect, EffectBuilder, spaceModel } from '../linearizability/space-model.js';
import { type Window, type WindowOperation, windowsOf } from '../linearizability/windows.js';
import { type Rule, type Violation, violation } from '../rule.js';

export interface LinearizableOptions {
  /** Calls of one window. */
  readonly operationsMax: number;
  /** Steps of one search. */
  readonly stepsMax: number;
}

/** The rule with bounds on its work. */
export function linearizable({ operationsMax, stepsMax }: LinearizableOptions): Rule {
  return {
    id: 'T13',
    name: 'linearizable',
    judge(facts) {
      const { windows, outsideCount } = windowsOf(facts, operationsMax);
      const results = windows.map((window) => judgeWindow(window, stepsMax));
      const unknownCount = results.filter((result) => result === 'unknown').length;
      const operationCount = windows.reduce((sum, { operations }) => sum + operations.length, 0);
      return {
        judgedCount: windows.length,
        unknownCount,
        ...(unknownCount > 0 && {
          unknownBecause: `the search was given up after ${stepsMax.toLocaleString('en-US')} steps`,
        }),
        violations: results.filter((result) => typeof result !== 'string'),
        figures: { operations: operationCount, outside: outsideCount },
      };
    },
  };
}

/** First without the calls that seem to have had no effect: an order of the rest is an order of all, in which those never happened. */
function judgeWindow(window: Window, stepsMax: number): 'valid' | 'unknown' | Violation {
  const needed = window.operations.filter((operation) => !seemsIdle(operation, window));
  const isAll = needed.length === window.operations.length;
  if (!isAll && searched(window, needed, stepsMax).kind === 'linearizable') return 'valid';
  const result = searched(window, window.operations, stepsMax);
  if (result.kind === 'linearizable') return 'valid';
  return result.kind === 'unknown' ? 'unknown' : impossible(window, result.stuckAt);
}

function searched(window: Window, operations: readonly WindowOperation[], stepsMax: number): SearchResult {
  const effects = new EffectBuilder(window.lives);
  const calls = operations.map((operation) => timedCall(operation, effects, window.cutMs));
  return linearize(calls, spaceModel, { stepsMax });
}

/** A write without an answer whose tuples nobody ever saw, or a take without one whose tuples somebody else got, all of them. */
function seemsIdle({ op, kind, outcome, request }: WindowOperation, { lives }: Window): boolean {
  if (outcome.kind !== 'unknown') return false;
  if (kind === 'write') return lives.every(({ write, seen }) => write.op !== op || seen.length === 0);
  if (kind === 'read') return true;
  const wanted = lives.filter(({ values }) =>
    request.templates.some((template) => matches(template, values)),
  );
  return wanted.every(({ seen }) => seen.some((sight) => sight.kind === 'taken'));
}

function timedCall(operation: WindowOperation, effects: EffectBuilder, cutMs: number): TimedCall<Effect> {
  const { invokedMs, outcome } = operation;
  // A call that was under way at the cut may have seen what is behind it: only what it does is known.
  const isOpen = outcome.kind !== 'ok' || outcome.atMs >= cutMs;
  const known = isOpen ? ({ ...operation, outcome: { kind: 'unknown' } } as WindowOperation) : operation;
  const endedMs = isOpen ? Number.POSITIVE_INFINITY : outcome.atMs;
  return { call: effectOf(known, effects), invokedMs, endedMs };
}

function effectOf(known: WindowOperation, effects: EffectBuilder): Effect {
  switch (known.kind) {
    case 'write':
      return effects.write(known);
    case 'read':
      return effects.read(known);
    case 'take':
      return effects.take(known);
  }
}

/** The call that has no place in any order, with those that it overlaps. */
function impossible({ name, operations }: Window, stuckAt: number): Violation {
  const stuck = operations[stuckAt] as WindowOperation;
  const endMs = stuck.outcome.kind === 'ok' ? stuck.outcome.atMs : Number.POSITIVE_INFINITY;
  const around = operations.filter(
    ({ invokedMs, outcome }) =>
      invokedMs <= endMs && (outcome.kind !== 'ok' || outcome.atMs >= stuck.invokedMs),
  );
  const lines = around.slice(0, 10).map(({ line }) => line);
  const what = `no order of the ${operations.length} calls on ${name} explains the answer to the ${stuck.kind} of ${stuck.client}`;
  return violation(what, [
    ...lines,
    stuck.line,
    stuck.outcome.kind === 'ok' ? stuck.outcome.line : undefined,
  ]);
}
