/**
 * The life of a tuple as the clients saw it, and the times in which it may have been away.
 */
import { stringify } from '../stores/memory/tagged-json.js';
import type { Template } from '../template.js';
import type { Tuple } from '../tuple.js';
import type { Operation, SeenTuple, SettleOperation, TakeOperation, WriteOperation } from './history.js';

export interface Life {
  readonly space: string;
  readonly values: Tuple;
  /** The values as JSON. */
  readonly text: string;
  /** The only call that tried to write it. */
  readonly write: WriteOperation | SettleOperation;
  readonly fate: 'written' | 'refused' | 'unknown';
  /** When the write was acknowledged; infinite where it was not. */
  readonly writtenMs: number;
  /** As the write was told. */
  readonly id: bigint | undefined;
  readonly ttlMs: number | undefined;
  /** Every answer that showed it. */
  readonly seen: Seen[];
  readonly grants: Grant[];
}

/** One answer that showed a tuple. */
export interface Seen {
  readonly kind: 'read' | 'blocked' | 'held' | 'taken';
  readonly operation: Operation;
  readonly tuple: SeenTuple;
  readonly atMs: number;
  readonly line: number;
}

/** A hold that was granted. */
export interface Grant {
  readonly token: string;
  readonly take: TakeOperation;
  readonly holdMs: number;
  /** When its holder knew. */
  readonly grantedMs: number;
  readonly lives: readonly Life[];
  readonly settles: SettleOperation[];
}

/**
 * When a hold ends at the latest, unless it is committed: by its last extension, or the time that it was granted for.
 * @param stepMs as in the tolerances
 */
export function latestEndMs(grant: Grant, stepMs: number): number {
  let endMs = grant.grantedMs + grant.holdMs;
  for (const { request, outcome, invokedMs } of grant.settles) {
    if (request.action !== 'extend' || outcome.kind === 'fail') continue;
    endMs = Math.max(endMs, (outcome.kind === 'ok' ? outcome.atMs : invokedMs) + (request.holdMs ?? 0));
    if (outcome.kind === 'unknown') return Number.POSITIVE_INFINITY;
  }
  return endMs + stepMs;
}

/**
 * Until when a hold is in force for sure: nobody tries to end it before, and its time is not over.
 * @param stepMs as in the tolerances
 */
export function earliestEndMs(grant: Grant, stepMs: number): number {
  let endMs = grant.take.invokedMs + grant.holdMs - stepMs;
  for (const { request, outcome, invokedMs } of grant.settles) {
    if (request.action === 'extend') {
      // From the invocation on it may have become shorter or longer; nothing is sure beyond.
      endMs = Math.min(endMs, invokedMs);
    } else if (outcome.kind !== 'fail') endMs = Math.min(endMs, invokedMs);
  }
  for (const { ttlMs, write } of grant.lives) {
    if (ttlMs !== undefined) endMs = Math.min(endMs, write.invokedMs + ttlMs - stepMs);
  }
  return endMs;
}

export function settleOf(grant: Grant, action: 'commit' | 'release'): SettleOperation | undefined {
  return grant.settles.find(({ request, outcome }) => request.action === action && outcome.kind === 'ok');
}

/** Committed, or perhaps. */
export function mayBeCommitted(grant: Grant): boolean {
  return grant.settles.some(({ request, outcome }) => request.action === 'commit' && outcome.kind !== 'fail');
}

/** Finds tuples by values, and those that a template may match, without looking at all. */
export class LifeIndex {
  readonly all: Life[] = [];
  readonly #byValues = new Map<string, Life>();
  readonly #byStart = new Map<string, Life[]>();

  add(life: Life): void {
    this.all.push(life);
    this.#byValues.set(`${life.space} ${life.text}`, life);
    const { space, values } = life;
    for (const depth of [0, 1, 2]) {
      if (depth <= values.length)
        push(this.#byStart, startKey(space, values.length, values.slice(0, depth)), life);
    }
  }

  get(space: string, values: Tuple): Life | undefined {
    return this.#byValues.get(`${space} ${stringify(values)}`);
  }

  /** Of the template's length, and with its first fields where those are exact. */
  candidates(space: string, template: Template): readonly Life[] {
    const start: Tuple = exactStart(template, 2);
    return this.#byStart.get(startKey(space, template.length, start)) ?? [];
  }
}

/** The values of a template's first fields up to `depthMax`, as far as they are exact. */
export function exactStart(template: Template, depthMax: number): Tuple {
  const start = [];
  for (const matcher of template.slice(0, depthMax)) {
    if (matcher.kind !== 'exact') break;
    start.push(matcher.value);
  }
  return start;
}

function startKey(space: string, length: number, start: Tuple): string {
  return `${space} ${length} ${stringify(start)}`;
}

function push<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
