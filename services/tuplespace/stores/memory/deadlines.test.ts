import * as fc from 'fast-check';
import { Deadline, Deadlines } from './deadlines.js';

describe('deadlines', () => {
  it('fall due in the order of their times, and of being set where those are equal', () => {
    const move = fc.record({ which: fc.nat(19), dueMs: fc.nat(30), isCleared: fc.boolean() });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 200 }), fc.nat(30), (moves, nowMs) => {
        const ran: number[] = [];
        const deadlines = new Deadlines();
        const all = Array.from({ length: 20 }, (_, i) => new Deadline(() => void ran.push(i)));
        const expected = new Map<number, { dueMs: number; order: number }>();
        for (const [order, { which, dueMs, isCleared }] of moves.entries()) {
          const deadline = all[which] as Deadline;
          if (isCleared) deadlines.clear(deadline);
          else deadlines.set(deadline, dueMs);
          if (isCleared) expected.delete(which);
          else expected.set(which, { dueMs, order });
        }
        const sorted = [...expected].sort(
          ([, left], [, right]) => left.dueMs - right.dueMs || left.order - right.order,
        );
        expect(deadlines.nextMs).toBe(sorted[0]?.[1].dueMs);
        deadlines.run(nowMs);
        const due = sorted.filter(([, { dueMs }]) => dueMs <= nowMs);
        expect(ran).toEqual(due.map(([which]) => which));
        expect(deadlines.size).toBe(sorted.length - due.length);
      }),
    );
  });

  it('run what a deadline sets for now', () => {
    const deadlines = new Deadlines();
    const ran: string[] = [];
    const second = new Deadline(() => void ran.push('second'));
    const first = new Deadline((nowMs) => {
      ran.push('first');
      deadlines.set(second, nowMs);
    });
    deadlines.set(first, 5);
    deadlines.run(5);
    expect(ran).toEqual(['first', 'second']);
  });
});
