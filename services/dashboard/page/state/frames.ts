/**
 * Drawing what comes in bursts: at once, and then once a frame, not once for each thing that came.
 */
import { beforeFrame } from '../browser.js';

/**
 * The result gives `draw` what it is given: at once if nothing was drawn since the last frame, otherwise with all else that came, in its
 * order, before the next one. Nothing is drawn after the abort.
 */
export function oncePerFrame<Thing>(
  draw: (things: readonly Thing[]) => void,
  {
    signal,
    nextFrame = beforeFrame,
  }: { readonly signal: AbortSignal; readonly nextFrame?: typeof beforeFrame },
): (things: readonly Thing[]) => void {
  let gathered: Thing[] = [];
  let isDrawn = false;
  return (things) => {
    gathered.push(...things);
    if (!isDrawn) drawAll();
  };

  function drawAll(): void {
    const all = gathered;
    gathered = [];
    isDrawn = all.length > 0 && !signal.aborted;
    if (!isDrawn) return;
    nextFrame(drawAll);
    draw(all);
  }
}
