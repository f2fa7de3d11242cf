/**
 * What follows from a history before any rule: calls that were one call, the life of each tuple, and when a space that lost its memory did.
 */
import { ServiceError } from '../../runtime/index.js';
import { stringify } from '../stores/memory/tagged-json.js';
import { matches, type Template } from '../template.js';
import type { Tuple } from '../tuple.js';
import type {
  History,
  Operation,
  SeenTuple,
  SettleOperation,
  TakeOperation,
  Tolerances,
  WriteOperation,
} from './history.js';
import { joined } from './joined.js';
import type { Grant, Life, Seen } from './lives.js';
import { LifeIndex } from './lives.js';

export class Facts {
  readonly history: History;
  /** Calls with one request id count as one. By time of invocation. */
  readonly operations: readonly Operation[];
  readonly lives: readonly Life[];
  readonly grants: readonly Grant[];
  /** Tuples in answers that nobody tried to write. */
  readonly strangers: readonly { readonly tuple: SeenTuple; readonly by: Seen }[];
  /** When the taking of what is left begins; undefined: it does not. */
  readonly drainMs: number | undefined;
  readonly #index = new LifeIndex();

  /** Errors: invalid_argument, where one tuple was written by two calls: rules tell tuples apart by their values. */
  constructor(history: History) {
    this.history = history;
    this.operations = joined(history.operations, (fromMs, untilMs) => this.wasLost(fromMs, untilMs));
    const writers = this.operations.filter(isWriter);
    for (const operation of writers) this.#addWrites(operation);
    const grants = new Map<string, Grant>();
    const strangers: { tuple: SeenTuple; by: Seen }[] = [];
    for (const operation of this.operations) {
      for (const { tuple, by } of sightings(operation)) {
        const life = this.#index.get(operation.request.space, tuple.values);
        if (life === undefined) strangers.push({ tuple, by });
        else life.seen.push(by);
      }
      const grant = this.#grantOf(operation);
      if (grant !== undefined) grants.set(grant.token, grant);
    }
    for (const operation of this.operations) {
      if (operation.kind === 'settle') grants.get(operation.request.holdToken)?.settles.push(operation);
    }
    for (const grant of grants.values()) for (const life of grant.lives) life.grants.push(grant);
    this.lives = this.#index.all;
    this.grants = [...grants.values()];
    this.strangers = strangers;
    this.drainMs = history.marks.find(({ mark }) => mark === 'drain')?.atMs;
  }

  get tolerances(): Tolerances {
    return this.history.header.tolerances;
  }

  life(space: string, values: Tuple): Life | undefined {
    return this.#index.get(space, values);
  }

  /** The tuples that a call with these templates may see. */
  matching(space: string, templates: readonly Template[]): readonly Life[] {
    const found = new Set<Life>();
    for (const template of templates) {
      for (const life of this.#index.candidates(space, template)) {
        if (matches(template, life.values)) found.add(life);
      }
    }
    return [...found];
  }

  /** True where the space lost all it held in this time, and had promised no more. */
  wasLost(fromMs: number, untilMs: number): boolean {
    if (this.history.header.durability !== 'process') return false;
    return this.history.marks.some(
      ({ mark, atMs }) => mark === 'space-lost' && atMs >= fromMs && atMs <= untilMs,
    );
  }

  /** True where the first try of an answered call may have been made by a space that then lost its memory, answer and all. */
  wasLostMeanwhile({ invokedMs, outcome }: Operation): boolean {
    return outcome.kind !== 'unknown' && this.wasLost(invokedMs, outcome.atMs);
  }

  /** True where a fault, or what follows it, falls into this time. */
  wasDisturbed(fromMs: number, untilMs: number): boolean {
    const { recoveryMs } = this.tolerances;
    let beganMs: number | undefined;
    for (const { mark, atMs } of this.history.marks) {
      if (mark === 'fault-begins') beganMs ??= atMs;
      if (mark === 'fault-ends' && beganMs !== undefined) {
        if (beganMs <= untilMs && atMs + recoveryMs >= fromMs) return true;
        beganMs = undefined;
      }
    }
    return beganMs !== undefined && beganMs <= untilMs;
  }

  #addWrites(operation: WriteOperation | SettleOperation): void {
    const { space, tuples = [], ttlMs } = operation.request;
    const { outcome } = operation;
    const told = fateOf(operation);
    const fate = told === 'refused' && this.wasLostMeanwhile(operation) ? 'unknown' : told;
    const ids = outcome.kind === 'ok' && 'ids' in outcome.answer ? outcome.answer.ids : [];
    for (const [i, values] of tuples.entries()) {
      const standing = this.#index.get(space, values);
      if (standing !== undefined) throw writtenTwice(operation, i, standing);
      this.#index.add({
        space,
        values,
        text: stringify(values),
        write: operation,
        fate,
        writtenMs: outcome.kind === 'ok' && fate === 'written' ? outcome.atMs : Number.POSITIVE_INFINITY,
        id: ids[i],
        ttlMs,
        seen: [],
        grants: [],
      });
    }
  }

  #grantOf(operation: Operation): Grant | undefined {
    if (operation.kind !== 'take' || operation.outcome.kind !== 'ok') return undefined;
    const { holdMs } = operation.request;
    const { holdToken, tuples } = operation.outcome.answer;
    if (holdToken === undefined || holdMs === undefined) return undefined;
    const lives = tuples.flatMap(({ values }) => this.#index.get(operation.request.space, values) ?? []);
    return {
      token: holdToken,
      take: operation,
      holdMs,
      grantedMs: operation.outcome.atMs,
      lives,
      settles: [],
    };
  }
}

/** Who takes tuples away for good at once. */
export function isFinal(take: TakeOperation): boolean {
  return (take.request.holdMs ?? 0) === 0;
}

function isWriter(operation: Operation): operation is WriteOperation | SettleOperation {
  if (operation.kind === 'settle') return (operation.request.tuples ?? []).length > 0;
  return operation.kind === 'write';
}

function fateOf({ outcome }: WriteOperation | SettleOperation): Life['fate'] {
  if (outcome.kind === 'unknown') return 'unknown';
  const isBlocked = outcome.kind === 'ok' && 'kind' in outcome.answer && outcome.answer.kind === 'blocked';
  return outcome.kind === 'fail' || isBlocked ? 'refused' : 'written';
}

function writtenTwice(
  { line, request }: WriteOperation | SettleOperation,
  i: number,
  standing: Life,
): ServiceError {
  const field = `request.tuples[${i}]`;
  const text = stringify(request.tuples?.[i]);
  return new ServiceError(
    'invalid_argument',
    `line ${line}: ${field}: ${text} was written before, on line ${standing.write.line}; the tuples of a history must differ`,
    { details: { line: String(line), field } },
  );
}

/** The tuples that an answer shows. */
function* sightings(operation: Operation): Generator<{ tuple: SeenTuple; by: Seen }> {
  if (operation.outcome.kind !== 'ok') return;
  const { answer, atMs, line } = operation.outcome;
  if (operation.kind === 'write' && 'by' in answer) {
    yield { tuple: answer.by, by: { kind: 'blocked', operation, tuple: answer.by, atMs, line } };
  }
  if (!('tuples' in answer)) return;
  const kind = operation.kind === 'read' ? 'read' : isFinal(operation as TakeOperation) ? 'taken' : 'held';
  for (const tuple of answer.tuples) yield { tuple, by: { kind, operation, tuple, atMs, line } };
}
