/**
 * The round as the tables below the stage show it. They are most of what the page draws and least of what is looked at while a round runs,
 * so they follow it now and then, and no event waits for them on its way to the stage.
 */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Trace } from '../../../record/index.js';
import type { Stage } from './stage.js';
import { unhurried } from './unhurried.js';

/** How often they follow a round that runs, in ms; its end comes with the frame after. */
const everyMs = 250;

/** What the tables show of a stage. */
export function tablesOf(stage: Stage): ReadonlySignal<Trace | undefined> {
  const shown = signal(stage.trace.value);
  const follow = (): void => {
    shown.value = stage.trace.value;
  };
  const following = unhurried(follow, { everyMs });
  effect(() => {
    const [trace, isOver] = [stage.trace.value, stage.ended.value !== undefined];
    // A lesson is all there at once, and of nothing nothing is shown.
    if (trace === undefined || stage.origin.value === 'core') {
      following.callOff();
      follow();
    } else if (isOver) following.askSoon();
    else following.ask();
  });
  return shown;
}
