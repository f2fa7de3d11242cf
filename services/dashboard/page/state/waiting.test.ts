/**
 * A running round says whom it waits for.
 */
import { fourCan } from '../lessons/four-can.js';
import { traceOfLesson } from '../lessons/lesson.js';
import { nodeDies } from '../lessons/node-dies.js';
import { waitingFor } from './waiting.js';

test('it waits for the commander first, then for whoever has not said all that it owes', () => {
  const { started, events } = traceOfLesson(fourCan);
  const after = (count: number) => waitingFor({ started, events: events.slice(0, count) });
  expect(after(1)).toEqual({ phase: 0, generals: ['general-0'] });
  expect(after(3)).toEqual({ phase: 0, generals: ['general-0'] });
  expect(after(4)).toEqual({ phase: 1, generals: ['general-1', 'general-2', 'general-3'] });
  expect(after(7)).toEqual({ phase: 1, generals: ['general-2', 'general-3'] });
  expect(after(10)).toBeUndefined();
});

test('what was closed is not waited for any more', () => {
  const { started, events } = traceOfLesson(nodeDies);
  const close = events.findIndex((event) => event.kind === 'closed');
  expect(waitingFor({ started, events: events.slice(0, close) })).toEqual({
    phase: 1,
    generals: ['general-2'],
  });
  expect(waitingFor({ started, events })).toBeUndefined();
});
