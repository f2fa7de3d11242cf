/**
 * What evidence says, in words.
 */
import type { Deviation, GeneralId } from '../consensus/index.js';

/** Explanations that are written out; more are counted. */
const explanationsMax = 3;

/** Such as `told general-1 Retreat and was to say Attack`; the one who did it stands before. */
export function deviationWords(deviation: Deviation): string {
  const { slot, path } = deviation;
  const via = path.length > 2 ? ` by ${path.slice(1, -1).join(' and ')}` : '';
  switch (deviation.kind) {
    case 'false_value':
      return path.length === 1
        ? `told ${slot.to} ${deviation.said} and was to say ${deviation.loyal}`
        : `told ${slot.to} it heard ${deviation.said} from ${path[0]}${via} and had heard ${deviation.loyal}`;
    case 'left_out':
      return `left out what it owed ${slot.to} in phase ${slot.phase}`;
    case 'not_owed':
      return `told ${slot.to} something by ${path.join(' > ')} that it owes nobody`;
  }
}

/** Such as `general-0 or general-2 did`: the smallest sets of traitors that explain what somebody heard. */
export function explanationWords(explanations: readonly (readonly GeneralId[])[]): string {
  if (explanations.length === 0) return 'nothing explains what it heard: more did';
  const shown = explanations.slice(0, explanationsMax).map((set) => set.join(' with '));
  const more = explanations.length - shown.length;
  return `${shown.join(' or ')}${more > 0 ? ` or one of ${more} other sets` : ''} did`;
}
