/**
 * All lessons, in the order in which they are best taken.
 */
import { fourCan } from './four-can.js';
import type { Lesson } from './lesson.js';
import { lyingCommander } from './lying-commander.js';
import { nodeDies } from './node-dies.js';
import { oneExchange } from './one-exchange.js';
import { signatures } from './signatures.js';
import { threeCannot } from './three-cannot.js';
import { twoExchanges } from './two-exchanges.js';

export const lessons: readonly Lesson[] = [
  threeCannot,
  fourCan,
  lyingCommander,
  oneExchange,
  twoExchanges,
  signatures,
  nodeDies,
];

/** Undefined for a name that none has. */
export function lessonNamed(name: string): Lesson | undefined {
  return lessons.find((lesson) => lesson.name === name);
}
