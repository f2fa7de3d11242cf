/**
 * Drawing once a frame, with frames that the test makes.
 */
import { oncePerFrame } from './frames.js';

function drawing() {
  const drawn: (readonly number[])[] = [];
  const frames: (() => void)[] = [];
  const gone = new AbortController();
  const take = oncePerFrame<number>((things) => drawn.push(things), {
    signal: gone.signal,
    nextFrame: (run) => frames.push(run),
  });
  return { drawn, take, gone, isAwaited: () => frames.length > 0, frame: () => frames.shift()?.() };
}

test('what comes in quiet times is drawn at once', () => {
  const { drawn, take, frame, isAwaited } = drawing();
  take([1]);
  expect(drawn).toEqual([[1]]);
  frame();
  expect(isAwaited()).toBe(false);
  take([2]);
  expect(drawn).toEqual([[1], [2]]);
});

test('a burst is drawn once at once and once with the next frame, in its order and with nothing missing', () => {
  const { drawn, take, frame } = drawing();
  for (let i = 0; i < 1_000; i += 1) take([i]);
  expect(drawn).toEqual([[0]]);
  frame();
  expect(drawn).toHaveLength(2);
  expect(drawn.flat()).toEqual([...Array(1_000).keys()]);
  take([1_000]);
  expect(drawn).toHaveLength(2);
  frame();
  expect(drawn.at(-1)).toEqual([1_000]);
});

test('nothing is drawn when another round is shown by then', () => {
  const { drawn, take, frame, gone, isAwaited } = drawing();
  take([1]);
  take([2]);
  gone.abort();
  frame();
  take([3]);
  expect({ drawn, isAwaited: isAwaited() }).toEqual({ drawn: [[1]], isAwaited: false });
});
