/**
 * The keys of the player. They work wherever no field wants them.
 */
import { goToFork } from '../browser.js';
import { speeds } from './player.js';
import type { Stage } from './stage.js';

/** What each key does, for the help and for the page. */
export const playerKeys: readonly {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly does: string;
  readonly act: (stage: Stage) => void;
}[] = [
  { keys: [' '], shown: 'Space', does: 'play or pause', act: (stage) => stage.toggle() },
  { keys: ['ArrowRight'], shown: '→', does: 'a step forward', act: (stage) => stage.step(1) },
  { keys: ['ArrowLeft'], shown: '←', does: 'a step back', act: (stage) => stage.step(-1) },
  { keys: ['Shift+ArrowRight'], shown: 'Shift →', does: 'a phase forward', act: (stage) => stage.part(1) },
  { keys: ['Shift+ArrowLeft'], shown: 'Shift ←', does: 'a phase back', act: (stage) => stage.part(-1) },
  { keys: ['Home'], shown: 'Home', does: 'to the start', act: (stage) => stage.toStart() },
  { keys: ['End'], shown: 'End', does: 'to the end, and live', act: (stage) => stage.toEnd() },
  { keys: ['f'], shown: 'f', does: 'at a message of a traitor: to its fork', act: goToFork },
  { keys: ['+', 'Shift++'], shown: '+', does: 'faster', act: (stage) => changeSpeed(stage, 1) },
  { keys: ['-'], shown: '−', does: 'slower', act: (stage) => changeSpeed(stage, -1) },
];

/** The name of a key that was pressed, such as `Shift+ArrowLeft`; undefined when it is meant for something else. */
export function keyName(event: KeyboardEvent): string | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const target = event.target as Element;
  if (target.closest('input, select, textarea, [role=tree], dialog') !== null) return undefined;
  // A button and a link are pressed by the space bar.
  if (event.key === ' ' && target.closest('button, a, summary') !== null) return undefined;
  // What scrolls is scrolled by arrows, up and down.
  return event.shiftKey ? `Shift+${event.key}` : event.key;
}

function changeSpeed(stage: Stage, by: 1 | -1): void {
  const at = speeds.indexOf(stage.speed.value) + by;
  stage.speed.value = speeds[Math.max(0, Math.min(speeds.length - 1, at))] ?? 1;
}
