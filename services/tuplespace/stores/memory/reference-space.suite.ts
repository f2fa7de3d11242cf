/**
 * A reference space: what a space does, written as plainly as possible, with lists searched from end to end.
 * Time is a number, every call is a step, and the history is a list of lines. The store must agree with it in
 * everything.
 */
import type { Template } from '../../template.js';
import { matches } from '../../template.js';
import type { Tuple } from '../../tuple.js';

interface Item {
  readonly values: Tuple;
  deliveryCount: number;
  term: Timer | undefined;
  hold: Hold | undefined;
}

interface Timer {
  dueMs: number;
  order: number;
  readonly end: () => string[];
}

export interface Hold extends Timer {
  readonly items: readonly Item[];
}

export interface Wish {
  readonly templates: readonly Template[];
  readonly max: number;
  readonly min: number;
  readonly isTake: boolean;
  readonly answer: (found: string[]) => void;
}

export class ReferenceSpace {
  nowMs = 0;
  revision = 0;
  readonly history: string[] = [];
  #items: Item[] = [];
  #timers: Timer[] = [];
  #wishes: Wish[] = [];
  #order = 0;

  write(tuples: readonly Tuple[], ttlMs?: number): void {
    const term: Timer | undefined =
      ttlMs === undefined ? undefined : this.#timer(ttlMs, () => this.#expire(term));
    const items = tuples.map((values): Item => ({ values, deliveryCount: 0, term, hold: undefined }));
    this.#items.push(...items);
    this.#record(items.map((item) => line('written', item)));
    this.#serve();
  }

  /** All free matches as lines, oldest first. */
  read(templates: readonly Template[]): string[] {
    return this.#free(templates).map(show);
  }

  /** Takes now or later; `answer` is told what. A read is a take that leaves what it finds. */
  ask(wish: Wish & { readonly mayWait: boolean }): void {
    if (!this.#grant(wish)) {
      if (wish.mayWait) this.#wishes.push(wish);
      else wish.answer([]);
    }
  }

  hold(templates: readonly Template[], max: number, holdMs: number): Hold | undefined {
    const items = this.#free(templates).slice(0, max);
    if (items.length === 0) return undefined;
    const untilMs = Math.min(holdMs, ...items.map(({ term }) => (term ? term.dueMs - this.nowMs : holdMs)));
    const hold: Hold = Object.assign(
      this.#timer(untilMs, () => this.#giveBack(hold)),
      { items },
    );
    for (const item of items) item.hold = hold;
    this.#record(items.map((item) => line('held', item)));
    return hold;
  }

  /** False when the hold is over. */
  commit(hold: Hold): boolean {
    if (!this.#stop(hold)) return false;
    this.#record(hold.items.map((item) => this.#remove('taken', item)));
    return true;
  }

  /** False when the hold is over. */
  release(hold: Hold): boolean {
    if (!this.#timers.includes(hold)) return false;
    this.#record(this.#giveBack(hold));
    this.#serve();
    return true;
  }

  elapse(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let due = this.#due(untilMs); due !== undefined; due = this.#due(untilMs)) {
      this.nowMs = due.dueMs;
      // All that is due at one time ends before anybody is served.
      for (let next = this.#due(this.nowMs); next !== undefined; next = this.#due(this.nowMs)) {
        this.#stop(next);
        this.#record(next.end());
      }
      this.#serve();
    }
    this.nowMs = untilMs;
  }

  #due(untilMs: number): Timer | undefined {
    const due = this.#timers.filter(({ dueMs }) => dueMs <= untilMs);
    return due.sort((left, right) => left.dueMs - right.dueMs || left.order - right.order)[0];
  }

  #timer(ms: number, end: () => string[]): Timer {
    this.#order += 1;
    const timer = { dueMs: this.nowMs + ms, order: this.#order, end };
    this.#timers.push(timer);
    return timer;
  }

  #stop(timer: Timer): boolean {
    const isRunning = this.#timers.includes(timer);
    this.#timers = this.#timers.filter((other) => other !== timer);
    return isRunning;
  }

  #expire(term: Timer | undefined): string[] {
    const dying = this.#items.filter((item) => item.term === term);
    const holds = new Set(dying.map(({ hold }) => hold));
    const lines = dying.map((item) => this.#remove('expired', item));
    for (const hold of holds) if (hold !== undefined) lines.push(...this.#giveBack(hold));
    return lines;
  }

  #giveBack(hold: Hold): string[] {
    this.#stop(hold);
    const items = hold.items.filter((item) => this.#items.includes(item));
    for (const item of items) Object.assign(item, { hold: undefined, deliveryCount: item.deliveryCount + 1 });
    return items.map((item) => line('released', item));
  }

  #remove(kind: string, item: Item): string {
    this.#items = this.#items.filter((other) => other !== item);
    return line(kind, item);
  }

  #free(templates: readonly Template[]): Item[] {
    return this.#items.filter(
      ({ hold, values }) => hold === undefined && templates.some((template) => matches(template, values)),
    );
  }

  #serve(): void {
    const reads = this.#wishes.filter(({ isTake }) => !isTake);
    const takes = this.#wishes.filter(({ isTake }) => isTake);
    this.#wishes = [...reads, ...takes].filter((wish) => !this.#grant(wish));
  }

  #grant({ templates, max, min, isTake, answer }: Wish): boolean {
    const found = this.#free(templates).slice(0, max);
    if (found.length < min) return false;
    if (isTake) this.#record(found.map((item) => this.#remove('taken', item)));
    answer(found.map(show));
    return true;
  }

  #record(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.revision += 1;
    this.history.push(...lines.map((each) => `${this.revision} ${each}`));
  }
}

function line(kind: string, item: Item): string {
  return `${kind} ${show(item)}`;
}

/** A tuple as a line: its values and its delivery count. */
export function show({ values, deliveryCount }: Pick<Item, 'values' | 'deliveryCount'>): string {
  const texts = values.map((value) => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)));
  return `${texts.join(' ')} #${deliveryCount}`;
}
