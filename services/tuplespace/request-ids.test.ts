import { RequestIds } from './request-ids.js';

test('sequences rise from 1 within a session of its own', () => {
  const ids = new RequestIds();
  const [first, second] = [ids.next(), ids.next()];
  expect([first.sequence, second.sequence]).toEqual([1, 2]);
  expect(second.session).toBe(first.session);
  expect(new RequestIds().next().session).not.toBe(first.session);
  expect(first.session).toMatch(/^[\w-]{22}$/);
});

test('the lowest unanswered is the oldest call whose answer is still wanted', () => {
  const ids = new RequestIds();
  const [first, second, third] = [ids.next(), ids.next(), ids.next()];
  expect([first, second, third].map(({ lowestUnanswered }) => lowestUnanswered)).toEqual([1, 1, 1]);
  ids.done(second);
  expect(ids.next().lowestUnanswered).toBe(1);
  ids.done(first);
  expect(ids.next().lowestUnanswered).toBe(3);
});

test('a session without unanswered calls has its own sequence as the lowest', () => {
  const ids = new RequestIds();
  ids.done(ids.next());
  expect(ids.next()).toMatchObject({ sequence: 2, lowestUnanswered: 2 });
});
