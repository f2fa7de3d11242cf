/**
 * The known name that is most like a mistyped one, for error messages.
 */
import { distance } from 'fastest-levenshtein';

/**
 * The most similar of `known`, in any case of letters; undefined when even that one shares next to nothing
 * with `name`.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const differences = known.map((candidate) => ({
    candidate,
    share: distance(name.toLowerCase(), candidate.toLowerCase()) / Math.max(name.length, candidate.length, 1),
  }));
  const nearest = differences.reduce<(typeof differences)[number] | undefined>(
    (best, next) => (best === undefined || next.share < best.share ? next : best),
    undefined,
  );
  return nearest === undefined || nearest.share > greatestShare ? undefined : nearest.candidate;
}

/** The tail of an error message: `, did you mean X?`; when nothing is near, `; known: A, B`. */
export function suggestName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? `; known: ${known.join(', ')}` : `, did you mean ${nearest}?`;
}

/** The greatest part of a name's letters that may differ. */
const greatestShare = 0.6;
