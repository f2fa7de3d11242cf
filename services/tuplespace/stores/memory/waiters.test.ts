import type { Template } from '../../template.js';
import { any, template } from '../../template.js';
import type { Entry } from './entry.js';
import { findFirst } from './search.js';
import { entryOf } from './testing.suite.js';
import { TupleIndex } from './tuple-index.js';
import { type Waiter, Waiters } from './waiters.js';

/** Waiters over an index: each takes one matching entry, and notes that it was asked. */
class Queue {
  readonly waiters = new Waiters();
  readonly served: number[] = [];
  askedCount = 0;
  readonly #index = new TupleIndex();

  wait(...templates: Template[]): void {
    const waiter: Waiter = {
      arrival: 0,
      templates,
      afterId: 0,
      claimMax: 0,
      claim: () => {},
      missingCount: 1,
      attempt: () => {
        this.askedCount += 1;
        const search = { indexes: [this.#index], templates, afterId: 0, examinedMax: 1_000 };
        const [taken] = findFirst(search, 1);
        if (taken === undefined) return;
        this.#index.remove(taken);
        this.served.push(waiter.arrival);
        this.waiters.remove(waiter);
      },
    };
    this.waiters.add(waiter);
  }

  write(...values: [string, bigint][]): void {
    const entries: Entry[] = values.map((each, i) => entryOf(i + 1, each));
    for (const entry of entries) this.#index.add(entry);
    this.waiters.offer(entries);
  }
}

describe('waiters', () => {
  it('are asked one for each tuple, however many want it', () => {
    const queue = new Queue();
    for (let i = 0; i < 1_000; i++) queue.wait(template('job', any));
    queue.write(['job', 1n], ['job', 2n]);
    expect(queue.served).toEqual([1, 2]);
    expect(queue.askedCount).toBe(2);
  });

  it('are asked only for what they may want', () => {
    const queue = new Queue();
    for (let i = 0n; i < 1_000n; i++) queue.wait(template('reply', i));
    queue.write(['reply', 999n], ['reply', 500n], ['reply', 5_000n]);
    expect(queue.served).toEqual([501, 1_000]);
    expect(queue.askedCount).toBe(2);
  });

  it('come in the order of arrival, by whatever value they are found', () => {
    const queue = new Queue();
    queue.wait(template(any, any));
    queue.wait(template('job', any));
    queue.wait(template(any, 7n), template('other', any));
    queue.wait(template('job', 7n));
    queue.write(['job', 7n], ['job', 7n], ['job', 7n], ['job', 7n]);
    expect(queue.served).toEqual([1, 2, 3, 4]);
  });

  it('leave nothing behind', () => {
    const queue = new Queue();
    queue.wait(template('job', 1n), template('job', 2n));
    queue.write(['job', 2n]);
    expect(queue.waiters.size).toBe(0);
    queue.write(['job', 1n]);
    expect(queue.askedCount).toBe(1);
  });
});
