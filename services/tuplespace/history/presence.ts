/**
 * When a tuple was there for sure. Everything else may be a call that was under way.
 */
import type { Facts } from './facts.js';
import { isFinal } from './facts.js';
import type { TakeOperation } from './history.js';
import { type Grant, type Life, latestEndMs, mayBeCommitted, settleOf } from './lives.js';

/** A time in which a tuple may be away. */
interface Absence {
  readonly fromMs: number;
  readonly untilMs: number;
}

export class Presence {
  readonly #facts: Facts;
  /** By life: takes that may have got it and whose answer, or first answer, was lost. */
  readonly #suspects = new Map<Life, TakeOperation[]>();
  readonly #absences = new Map<Life, readonly Absence[]>();

  constructor(facts: Facts) {
    this.#facts = facts;
    for (const operation of facts.operations) {
      if (operation.kind !== 'take') continue;
      const { outcome } = operation;
      if (outcome.kind !== 'unknown' && !facts.wasLostMeanwhile(operation)) continue;
      for (const life of facts.matching(operation.request.space, operation.request.templates)) {
        // What was answered after a loss took nothing more of what was written after it.
        if (outcome.kind !== 'unknown' && !facts.wasLost(life.write.invokedMs, outcome.atMs)) continue;
        const suspects = this.#suspects.get(life) ?? [];
        suspects.push(operation);
        this.#suspects.set(life, suspects);
      }
    }
  }

  /** Takes of unknown outcome that may have taken it. */
  suspects(life: Life): readonly TakeOperation[] {
    return this.#suspects.get(life) ?? [];
  }

  /** True when the tuple stood in the space, and was held by nobody, at every moment of this time. */
  isCertain(life: Life, fromMs: number, untilMs: number): boolean {
    if (fromMs < life.writtenMs) return false;
    if (this.#facts.wasLost(life.write.invokedMs, untilMs)) return false;
    return this.#absencesOf(life).every((absence) => absence.untilMs < fromMs || absence.fromMs > untilMs);
  }

  /** From when on it may have been removed: taken, committed or expired. A hold alone does not. */
  mayBeGoneMs(life: Life): number {
    const { ttlMs, write, seen, grants } = life;
    if (this.#facts.wasLost(write.invokedMs, Number.POSITIVE_INFINITY)) return write.invokedMs;
    const taken = seen.filter(({ kind }) => kind === 'taken').map(({ operation }) => operation.invokedMs);
    const commits = grants.flatMap(({ settles }) =>
      settles.filter(({ request, outcome }) => request.action === 'commit' && outcome.kind !== 'fail'),
    );
    const lost = taken.length > 0 ? [] : this.suspects(life);
    return Math.min(
      ...taken,
      ...[...commits, ...lost].map(({ invokedMs }) => invokedMs),
      ttlMs === undefined
        ? Number.POSITIVE_INFINITY
        : write.invokedMs + ttlMs - this.#facts.tolerances.stepMs,
    );
  }

  #absencesOf(life: Life): readonly Absence[] {
    const known = this.#absences.get(life);
    if (known !== undefined) return known;
    const absences = [...this.#computed(life)];
    this.#absences.set(life, absences);
    return absences;
  }

  *#computed(life: Life): Generator<Absence> {
    const untilMs = Number.POSITIVE_INFINITY;
    const { ttlMs, write, seen, grants } = life;
    const { stepMs } = this.#facts.tolerances;
    if (ttlMs !== undefined) yield { fromMs: write.invokedMs + ttlMs - stepMs, untilMs };
    const taken = seen.find(({ kind }) => kind === 'taken');
    if (taken !== undefined) yield { fromMs: taken.operation.invokedMs, untilMs };
    for (const grant of grants) yield { fromMs: grant.take.invokedMs, untilMs: this.#backMs(grant) };
    // A take whose answer was lost did not get a tuple that somebody else got after all, unless it was to hold it.
    for (const take of this.suspects(life)) {
      if (taken === undefined || !isFinal(take)) yield { fromMs: take.invokedMs, untilMs };
    }
  }

  /** When the tuples of a hold are back at the latest. */
  #backMs(grant: Grant): number {
    if (mayBeCommitted(grant)) return Number.POSITIVE_INFINITY;
    const release = settleOf(grant, 'release');
    if (release?.outcome.kind === 'ok') return release.outcome.atMs;
    const { returnMs, stepMs } = this.#facts.tolerances;
    return latestEndMs(grant, stepMs) + returnMs;
  }
}
