import { History, PastEvent } from './history.js';
import { entryOf } from './testing.suite.js';

/** A step of so many events. */
function stepOf(id: number, count = 1): PastEvent[] {
  return Array.from({ length: count }, () => new PastEvent('taken', entryOf(id)));
}

function idsAfter(history: History, revision: number): number[] {
  const ids: number[] = [];
  for (let next = revision + 1; next <= history.revision; next++) {
    ids.push(...history.step(next).map(({ tuple }) => Number(tuple.id)));
  }
  return ids;
}

describe('a history', () => {
  it('keeps every step in its bounds by revision, however many it forgets', () => {
    const history = new History({ eventsMax: 10, bytesMax: 1_000_000 });
    for (let id = 1; id <= 5_000; id++) {
      history.record(stepOf(id));
      expect(history.revision).toBe(id);
      expect(history.oldestRevision).toBe(Math.max(0, id - 10));
    }
    for (let from = history.oldestRevision; from <= history.revision; from++) {
      expect(idsAfter(history, from)).toEqual(Array.from({ length: 5_000 - from }, (_, i) => from + i + 1));
    }
  });

  it('forgets whole steps, and the newest never', () => {
    const history = new History({ eventsMax: 5, bytesMax: 1_000_000 });
    history.record(stepOf(1, 3));
    history.record(stepOf(2, 3));
    expect(history.oldestRevision).toBe(1);
    history.record(stepOf(3, 20));
    expect(history.oldestRevision).toBe(2);
    expect(history.step(3)).toHaveLength(20);
  });

  it('tells of what a step wrote after what else it did, and of what is wanted only', () => {
    const history = new History({ eventsMax: 10, bytesMax: 1_000_000 });
    const written = [entryOf(2), entryOf(3)];
    history.record(stepOf(1), written);
    for (const entry of written) entry.deliveryCount = 1;
    const told = history.step(1).map(({ kind, tuple }) => [kind, tuple.id, tuple.deliveryCount]);
    expect(told).toEqual([
      ['taken', 1n, 0],
      ['written', 2n, 0],
      ['written', 3n, 0],
    ]);
    expect(history.step(1, ([, number]) => number === 3n).map(({ tuple }) => tuple.id)).toEqual([3n]);
  });

  it('counts what was written towards its bounds', () => {
    const history = new History({ eventsMax: 5, bytesMax: 1_000_000 });
    history.record([], [entryOf(1), entryOf(2), entryOf(3)]);
    history.record([], [entryOf(4), entryOf(5), entryOf(6)]);
    expect(history.oldestRevision).toBe(1);
  });

  it('forgets by bytes too', () => {
    const history = new History({ eventsMax: 1_000, bytesMax: 100 });
    for (let id = 1; id <= 50; id++) history.record(stepOf(id));
    expect(history.oldestRevision).toBe(40);
  });
});
