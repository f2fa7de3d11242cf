/**
 * Work that may wait, done once for all that asked for it meanwhile.
 */
import { after, afterFrame } from '../browser.js';

export interface Unhurried {
  /** Within `everyMs`. */
  ask(): void;
  /** After the next frame. */
  askSoon(): void;
  /** Not at all, unless it is asked for again. */
  callOff(): void;
}

/** No more often than every `everyMs`, unless it is asked for sooner. */
export function unhurried(
  work: () => void,
  { everyMs, later = after, nextFrame = afterFrame }: Timing,
): Unhurried {
  let stop: (() => void) | undefined;
  return {
    ask() {
      stop ??= later(everyMs, doIt);
    },
    askSoon() {
      callOff();
      stop = nextFrame(doIt);
    },
    callOff,
  };

  function callOff(): void {
    stop?.();
    stop = undefined;
  }

  function doIt(): void {
    stop = undefined;
    work();
  }
}

interface Timing {
  readonly everyMs: number;
  readonly later?: typeof after;
  readonly nextFrame?: typeof afterFrame;
}
