/**
 * What is proved by going through every behaviour, and what must break where theory says that it does.
 */
import { generalIds } from '../general-id.js';
import type { Setting } from '../protocol.js';
import type { DecisionRule } from './lanes.js';
import type { ProofCase } from './proof.js';
import { proofCases } from './prove.js';

export interface Claim {
  /** Such as `OM(2), 7 generals, 2 traitors`. */
  readonly title: string;
  readonly setting: Setting;
  readonly traitorCount: number;
  readonly rule: DecisionRule;
  readonly cases: readonly ProofCase[];
  /** What theory says. */
  readonly expected: 'holds' | 'breaks';
  /** Where in the literature. */
  readonly source: string;
}

/** All claims, the small ones first. */
export function claims(): readonly Claim[] {
  const lamport = 'Lamport, Shostak, Pease 1982';
  return [
    claim('OM', 4, 1, { expected: 'holds', source: `${lamport}, theorem 1` }),
    claim('OM', 5, 1, { expected: 'holds', source: `${lamport}, theorem 1` }),
    claim('OM', 7, 2, { expected: 'holds', source: `${lamport}, theorem 1` }),
    claim('OM', 3, 1, { expected: 'breaks', source: `${lamport}, section 2` }),
    claim('OM', 6, 2, { expected: 'breaks', source: `${lamport}, section 2` }),
    claim('OM', 4, 1, { traitorCount: 2, expected: 'breaks', source: 'one traitor too many' }),
    claim('OM', 7, 2, {
      traitorCount: 3,
      isRenamed: true,
      expected: 'breaks',
      source: 'one traitor too many',
    }),
    claim('one relay, majority', 7, 1, { traitorCount: 2, expected: 'breaks', source: 'a phase too few' }),
    claim('flat majority', 7, 2, { rule: 'flat', expected: 'breaks', source: 'one majority over all paths' }),
  ];
}

/** `isRenamed`: placements up to the names of lieutenants, which mean nothing to OM. */
function claim(
  name: string,
  n: number,
  m: number,
  options: {
    expected: Claim['expected'];
    source: string;
    traitorCount?: number;
    rule?: DecisionRule;
    isRenamed?: boolean;
  },
): Claim {
  const { expected, source, traitorCount = m, rule = 'recursive', isRenamed = false } = options;
  const setting: Setting = {
    protocol: 'om',
    mode: 'mailbox',
    isCouncil: false,
    generals: generalIds(n),
    commander: 'general-0',
    traitorsMax: m,
  };
  const all = proofCases(setting, traitorCount);
  const places = [generalIds(traitorCount), generalIds(traitorCount + 1).slice(1)].map((ids) => ids.join());
  const cases = isRenamed ? all.filter(({ traitors }) => places.includes(traitors.join())) : all;
  const form = rule === 'recursive' && name === 'OM' ? `OM(${m})` : name;
  const title = `${form}, ${n} generals, ${traitorCount} ${traitorCount === 1 ? 'traitor' : 'traitors'}`;
  return { title, setting, traitorCount, rule, cases, expected, source };
}
