/**
 * OM(m) once more, written straight from the recursion of the paper and sharing no line with the engine: no
 * tree, no phases, no state. Lamport, Shostak and Pease 1982, section 3:
 *
 * OM(0): the commander sends its value to every lieutenant; each uses what it received, or RETREAT. OM(m):
 * the same; then each lieutenant i acts as the commander of OM(m-1) to send v_i to the n-2 others; then it
 * uses majority(v_1 ... v_{n-1}) of what it received and of what those sub-rounds gave it.
 */
import type { GeneralId, Path, Setting, Vote } from '../protocol.js';

/** What is said at a place; `truth` is what a loyal general would say. */
export type Say = (place: { to: GeneralId; path: Path; truth: Vote }) => Vote | 'nothing';

/** What each lieutenant uses in the end. */
export function recursiveOm(setting: Setting, order: Vote, say: Say): Map<GeneralId, Vote> {
  const lieutenants = setting.generals.filter((general) => general !== setting.commander);
  return om(setting.traitorsMax, [setting.commander], order, lieutenants, say);
}

function om(
  m: number,
  path: Path,
  value: Vote,
  lieutenants: readonly GeneralId[],
  say: Say,
): Map<GeneralId, Vote> {
  const received = new Map<GeneralId, Vote>();
  for (const to of lieutenants) {
    const said = say({ to, path, truth: value });
    received.set(to, said === 'nothing' ? 'Retreat' : said);
  }
  if (m === 0) return received;

  const used = new Map(lieutenants.map((general) => [general, [received.get(general) ?? 'Retreat']]));
  for (const relay of lieutenants) {
    const others = lieutenants.filter((general) => general !== relay);
    const results = om(m - 1, [...path, relay], received.get(relay) ?? 'Retreat', others, say);
    for (const [general, result] of results) used.get(general)?.push(result);
  }
  return new Map([...used].map(([general, values]) => [general, strictMajority(values)]));
}

function strictMajority(values: readonly Vote[]): Vote {
  return values.filter((value) => value === 'Attack').length > values.length / 2 ? 'Attack' : 'Retreat';
}
