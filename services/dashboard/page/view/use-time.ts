/**
 * What the place of the player makes of a thing in the picture.
 */
import { type ReadonlySignal, useComputed } from '@preact/signals';

/** Whether something has happened at a place, happens there, or is to come. */
export function useTime(
  place: ReadonlySignal<number>,
  index: number | undefined,
  first = index,
): ReadonlySignal<string> {
  return useComputed(() => {
    if (index === undefined || first === undefined) return 'past';
    if (place.value < first) return 'to-come';
    return place.value <= index ? 'now' : 'past';
  });
}
