/**
 * The fork that is shown beside the round: what was changed, both runs, and a player that goes through them together.
 */
import { computed, effect } from '@preact/signals';
import { change, stage } from './app.js';
import { type Fork, forkOf, isTraitor, samePlace } from './fork.js';
import { Stage } from './stage.js';

/** More values than these are not run twice in the page. */
const valuesMax = 20_000;

/** Undefined while nothing is forked. */
export const fork = computed<Fork | undefined>(() => {
  const [wanted, trace] = [change.value, stage.trace.value];
  if (wanted === undefined || trace === undefined || trace.events.length <= wanted.index) return undefined;
  return isSmall(trace.events) ? forkOf(trace, wanted) : undefined;
});

/** The message at the place of the player, if a traitor said it and it can be changed. */
export const changeable = computed(() => {
  const [event, trace] = [stage.current.value, stage.trace.value];
  if (event?.kind !== 'message' || trace === undefined || !event.message.counts) return undefined;
  const isTraitors = isTraitor(trace, event.message.from);
  return isTraitors && isSmall(trace.events)
    ? { index: stage.place.value, message: event.message }
    : undefined;
});

/** The round as it was, run again; its player moves both. */
export const before = new Stage();
export const after = new Stage();

/** Once, when the page opens. */
export function followFork(): void {
  effect(() => {
    const now = fork.value;
    if (now === undefined) return;
    before.show(now.before.events, 'core');
    after.show(now.after.events, 'core');
  });
  effect(() => {
    const now = fork.value;
    if (now !== undefined) after.place.value = samePlace(now.before, before.place.value, now.after);
  });
}

function isSmall(events: Stage['events']['value']): boolean {
  let count = 0;
  for (const event of events) if (event.kind === 'message') count += event.message.entries.length;
  return count <= valuesMax;
}
