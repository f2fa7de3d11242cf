/**
 * What the record of a round says about who did wrong, each line by what it is worth.
 */
import type { Evidence } from '../../consensus/index.js';
import type { Round } from '../../orchestrator/index.js';
import { deviationWords, explanationWords } from '../../record/index.js';
import { counted } from '../output/numbers.js';
import { wrapText } from '../output/wrap.js';
import type { ReportView } from './view.js';

/** The lines of Proof, Record, Inference and Suspicion; none where nobody did wrong. */
export function evidenceLines(
  { proven, attested, inferred, absent }: Evidence,
  { setting, traitors }: Round,
  view: ReportView,
): readonly string[] {
  const proof = proven.map(
    ({ signer }) =>
      `${signer} signed both Attack and Retreat; the proof is in --json, and byz evidence verify checks it`,
  );
  const record = attested.map(({ general, count, first }) => {
    const more = count > 1 ? `; ${counted(count, 'such value')} in all` : '';
    return `${general} ${deviationWords(first)}${more}; worth the word of the space`;
  });
  const treacherous = new Set(traitors.map(({ general }) => general));
  const honest = inferred.filter(({ by }) => !treacherous.has(by));
  const inference = groupBy(honest, ({ explanations }) => explanationWords(explanations)).map(
    ([text, group]) =>
      `${group.map(({ by }) => by).join(', ')}: if at most ${setting.traitorsMax} lied, ${text}`,
  );
  const suspicion = absent.map(
    ({ general, count, first }) =>
      `${general} was not heard in ${counted(count, 'slot')}, first in phase ${first.phase} by ${first.to}; ` +
      'a crash explains that as well',
  );
  return [
    ...namedLines('Proof', proof, view),
    ...namedLines('Record', record, view),
    ...namedLines('Inference', inference, view),
    ...namedLines('Suspicion', suspicion, view),
  ];
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}

function namedLines(
  name: string,
  texts: readonly string[],
  { isPlain, columns }: ReportView,
): readonly string[] {
  if (isPlain) return texts.map((text) => `${name}: ${text}`);
  return texts.flatMap((text, i) => wrapText((i === 0 ? name : '').padEnd(13), text, columns));
}
