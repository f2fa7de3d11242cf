/**
 * The results of the planted faults for people.
 */
import type { PlantedResult } from './run-planted.js';

export function plantedText(results: readonly PlantedResult[]): string {
  const planted = results.filter(({ isRight }) => !isRight);
  const caught = planted.filter(({ isAsExpected }) => isAsExpected);
  const counts = caught.map(({ callCount }) => callCount).toSorted((left, right) => left - right);
  const median = counts[Math.floor(counts.length / 2)] ?? Number.NaN;
  return [
    ...results.map(lineOf),
    `planted ${planted.length}, caught ${caught.length}, median ${median} calls to catch`,
  ].join('\n');
}

function lineOf({ fault, isRight, isAsExpected, rules, callCount }: PlantedResult): string {
  if (isRight)
    return isAsExpected ? 'the right space passes' : `the right space does NOT pass: ${rules.join(' ')}`;
  const how = isAsExpected ? `caught after ${callCount} calls by ${rules.join(' ')}` : 'NOT CAUGHT';
  return `${fault}: ${how}`;
}
