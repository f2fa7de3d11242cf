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

  it('forgets by bytes too', () => {
    const history = new History({ eventsMax: 1_000, bytesMax: 100 });
    for (let id = 1; id <= 50; id++) history.record(stepOf(id));
    expect(history.oldestRevision).toBe(40);
  });
});
