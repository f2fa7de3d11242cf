/**
 * What the place of the player makes of a thing in the picture.
 */
import { computed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';

/** Whether something has happened at a place, happens there, or is to come. */
export function useTime(
  place: ReadonlySignal<number>,
  index: number | undefined,
  first = index,
): ReadonlySignal<string> {
  // Made anew when the thing is another one: a computed value only looks at signals by itself.
  return useMemo(
    () =>
      computed(() => {
        if (index === undefined || first === undefined) return 'past';
        if (place.value < first) return 'to-come';
        return place.value <= index ? 'now' : 'past';
      }),
    [place, index, first],
  );
}
