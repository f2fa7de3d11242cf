/**
 * T8: a call that waits has its answer soon after what it waits for is there. Waits during a fault and shortly after are not judged.
 */
import type { Facts } from '../facts.js';
import type { Operation, ReadOperation, TakeOperation } from '../history.js';
import type { Presence } from '../presence.js';
import { type Rule, type Violation, violation } from '../rule.js';

export const wakeUp: Rule = {
  id: 'T8',
  name: 'wake-up',
  judge(facts, presence) {
    const waits = facts.operations.filter(isWait);
    const violations: Violation[] = [];
    const delaysMs: number[] = [];
    for (const wait of waits) {
      const woken = wokenOf(wait, facts);
      if (woken !== undefined) {
        delaysMs.push(woken.delayMs);
        if (woken.delayMs > facts.tolerances.wakeMs) violations.push(late(wait, woken));
      }
      violations.push(...missed(wait, facts, presence));
    }
    return { judgedCount: waits.length, unknownCount: 0, violations, figures: figuresOf(delaysMs) };
  },
};

type Wait = ReadOperation | TakeOperation;

function isWait(operation: Operation): operation is Wait {
  const { kind, request, outcome } = operation;
  return (kind === 'read' || kind === 'take') && outcome.kind === 'ok' && (request.waitMs ?? 0) > 0;
}

interface Woken {
  /** From the acknowledgement of the last write that it needed to its answer. */
  readonly delayMs: number;
  readonly writeLine: number;
}

/** Undefined where the call did not wait for a write, or a fault came between. */
function wokenOf({ request, outcome, invokedMs }: Wait, facts: Facts): Woken | undefined {
  if (outcome.kind !== 'ok' || outcome.answer.tuples.length === 0) return undefined;
  const lives = outcome.answer.tuples.flatMap(({ values }) => facts.life(request.space, values) ?? []);
  // A hold that came back may have been what it waited for.
  if (lives.some(({ grants }) => grants.length > 0)) return undefined;
  const last = lives.reduce(
    (left, right) => (left.writtenMs > right.writtenMs ? left : right),
    lives[0] as Life,
  );
  if (last === undefined || last.writtenMs < invokedMs || last.writtenMs > outcome.atMs) return undefined;
  if (facts.wasDisturbed(last.writtenMs, outcome.atMs)) return undefined;
  return { delayMs: outcome.atMs - last.writtenMs, writeLine: last.write.line };
}
type Life = ReturnType<Facts['matching']>[number];

function late({ client, line, outcome }: Wait, { delayMs, writeLine }: Woken): Violation {
  const endLine = outcome.kind === 'ok' ? outcome.line : undefined;
  return violation(`${client} was woken ${Math.round(delayMs)} ms after what it waited for was there`, [
    line,
    writeLine,
    endLine,
  ]);
}

/** The call waited in vain, though for long enough there was what it waited for. */
function* missed(wait: Wait, facts: Facts, presence: Presence): Generator<Violation> {
  const { request, outcome, invokedMs, client, line } = wait;
  if (outcome.kind !== 'ok' || outcome.answer.tuples.length >= (request.min ?? 1)) return;
  const sinceMs = outcome.atMs - facts.tolerances.wakeMs;
  if (invokedMs > sinceMs || facts.wasDisturbed(invokedMs, outcome.atMs)) return;
  const standing = facts
    .matching(request.space, request.templates)
    .filter((life) => presence.isCertain(life, sinceMs, outcome.atMs));
  const [first] = standing;
  if (first === undefined || standing.length < (request.min ?? 1)) return;
  const write = first.write.outcome;
  yield violation(`${client} waited in vain, though ${first.text} was there`, [
    line,
    write.kind === 'ok' ? write.line : undefined,
    outcome.line,
  ]);
}

function figuresOf(delaysMs: readonly number[]): Readonly<Record<string, number>> {
  const sorted = delaysMs.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const [p50, p99, max] = [at(0.5), at(0.99), sorted.at(-1)];
  if (p50 === undefined || p99 === undefined || max === undefined) return {};
  return { woken: sorted.length, p50Ms: p50, p99Ms: p99, maxMs: max };
}
