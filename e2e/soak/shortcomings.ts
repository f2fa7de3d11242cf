/**
 * What a soak has shown to be wrong.
 */
import type { RoundFigures } from '../drivers/round-stream.js';
import { grown, type Vitals } from './vitals.js';

export interface SoakResult {
  readonly figures: RoundFigures;
  /** How often each fault struck. */
  readonly strikes: ReadonlyMap<string, number>;
  readonly vitals: { readonly before: readonly Vitals[]; readonly after: readonly Vitals[] };
  /** Of the history of clients beside the rounds. */
  readonly history: string;
}

/** In words, one for each; none: the soak has passed. A soak without rounds or faults has shown nothing. */
export function shortcomings({ figures, strikes, vitals, history }: SoakResult): readonly string[] {
  const { held, violated, unfinished, doubled } = figures;
  const bigger = grown(vitals.before, vitals.after);
  return [
    ...(held === 0 ? ['no round held'] : []),
    ...(strikes.size === 0 ? ['no fault struck'] : []),
    ...(violated.length > 0 ? [`${violated.length} rounds violated`] : []),
    ...(unfinished.length > 0 ? [`${unfinished.length} rounds without a verdict`] : []),
    ...(doubled > 0 ? [`${doubled} slots with two values`] : []),
    ...(history === 'valid' ? [] : [`the history is ${history}`]),
    ...(bigger.length > 0 ? [`not flat: ${bigger.join(', ')}`] : []),
  ];
}
