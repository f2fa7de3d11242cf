/**
 * The windows of a history: its calls by the first field of their tuples, and by the second where all of them give it, as far as a search
 * can be afforded. Calls that ask beyond one window are not in any; where they may have changed one, it is left out.
 */
import { stringify } from '../../stores/memory/tagged-json.js';
import type { Template } from '../../template.js';
import type { Facts } from '../facts.js';
import type { Operation, ReadOperation, TakeOperation, WriteOperation } from '../history.js';
import { exactStart, type Life } from '../lives.js';

export type WindowOperation = WriteOperation | ReadOperation | TakeOperation;

export interface Window {
  /** The space and the fields that its tuples share. */
  readonly name: string;
  readonly operations: readonly WindowOperation[];
  readonly lives: readonly Life[];
  /** From here on calls are not in the window: what was under way then may have seen them. */
  readonly cutMs: number;
}

export interface Windows {
  readonly windows: readonly Window[];
  /** Calls that are in none. */
  readonly outsideCount: number;
}

/** Windows of at most so many calls, from the first of their tuples on, and before the drain. */
export function windowsOf(facts: Facts, operationsMax: number): Windows {
  const before = facts.drainMs ?? Number.POSITIVE_INFINITY;
  const early = facts.operations.filter(({ invokedMs }) => invokedMs < before);
  const parts = partition(early);
  const windows = [...parts].flatMap(([name, operations]) => {
    const window = windowOf({ name, operations, drainMs: before }, operationsMax, facts);
    return window === undefined ? [] : [window];
  });
  const insideCount = windows.reduce((sum, { operations }) => sum + operations.length, 0);
  return { windows, outsideCount: facts.operations.length - insideCount };
}

/**
 * By two fields where every call that may change something gives the second, else by the first. A read that asks beyond one partition is
 * in none; a take or write that does spoils those that it touches.
 */
function partition(operations: readonly Operation[]): Map<string, Operation[]> {
  const byFirst = groups(operations, 1);
  const parts = new Map<string, Operation[]>();
  for (const [name, its] of byFirst.parts) {
    if (byFirst.spoilt.has(name) || byFirst.spoilt.has(its[0]?.request.space ?? '')) continue;
    const bySecond = groups(its, 2);
    if (bySecond.spoilt.size > 0) parts.set(name, its);
    else for (const [narrower, group] of bySecond.parts) parts.set(narrower, group);
  }
  return parts;
}

function groups(operations: readonly Operation[], depth: number) {
  const parts = new Map<string, Operation[]>();
  const spoilt = new Set<string>();
  for (const operation of operations) {
    if (operation.outcome.kind === 'fail') continue;
    const keys = keysOf(operation, depth);
    const [key] = keys ?? [];
    if (key !== undefined && keys?.length === 1) push(parts, key, operation);
    else if (operation.kind !== 'read')
      for (const touched of keys ?? [operation.request.space]) spoilt.add(touched);
  }
  return { parts, spoilt };
}

/** The partitions that a call touches; undefined: any of its space. A settle belongs to its take. */
function keysOf(operation: Operation, depth: number): readonly string[] | undefined {
  const { space } = operation.request;
  const starts = startsOf(operation).map((start) => start.slice(0, depth));
  if (starts.some(({ length }) => length < depth)) return undefined;
  return [...new Set(starts.map((start) => `${space} ${stringify(start)}`))];
}

function startsOf(operation: Operation): readonly (readonly unknown[])[] {
  const starts = (templates: readonly Template[]) => templates.map((template) => exactStart(template, 2));
  switch (operation.kind) {
    case 'write': {
      const { tuples, unless } = operation.request;
      return [...tuples.map((tuple) => tuple.slice(0, 2)), ...starts(unless === undefined ? [] : [unless])];
    }
    case 'settle':
      return (operation.request.tuples ?? []).map((tuple) => tuple.slice(0, 2));
    case 'read':
    case 'take':
      return starts(operation.request.templates);
  }
}

/** Undefined where the model does not have what its calls use, or the space lost its memory. */
function windowOf(
  { name, operations, drainMs }: { name: string; operations: readonly Operation[]; drainMs: number },
  operationsMax: number,
  facts: Facts,
): Window | undefined {
  if (operations.some(isBeyondModel)) return undefined;
  const relevant = operations.filter(({ outcome, kind }) => {
    return outcome.kind === 'ok' || (outcome.kind === 'unknown' && kind !== 'read');
  }) as WindowOperation[];
  const kept = relevant.slice(0, operationsMax);
  const cutMs = Math.min(drainMs, relevant[operationsMax]?.invokedMs ?? Number.POSITIVE_INFINITY);
  const [first] = kept;
  if (first === undefined || facts.wasLost(first.invokedMs, cutMs)) return undefined;
  const writers = new Set<Operation>(kept);
  const lives = facts.lives.filter(({ write }) => writers.has(write));
  return { name, operations: kept, lives, cutMs };
}

function isBeyondModel({ kind, request }: Operation): boolean {
  if (kind === 'settle' || (kind === 'take' && (request.holdMs ?? 0) > 0)) return true;
  if (kind === 'write') return request.ttlMs !== undefined;
  return false;
}

function push<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
