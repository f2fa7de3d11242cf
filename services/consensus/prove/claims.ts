/**
 * What is proved by going through every behaviour, and what must break where theory says that it does.
 */
import { generalIds } from '../general-id.js';
import type { Mode, ProtocolName, Setting } from '../protocol.js';
import { defaultMode, protocolNamed } from '../protocols.js';
import { turnCount } from '../turns.js';
import { loyallyRuledCases, proveKingTurn, unanimousCases } from './king-turn.js';
import type { ProofCase, Prover } from './proof.js';
import { proofCases, prove } from './prove.js';

export interface Claim {
  /** Such as `OM(2), 7 generals, 2 traitors`. */
  readonly title: string;
  readonly setting: Setting;
  readonly traitorCount: number;
  readonly cases: readonly ProofCase[];
  readonly prove: Prover;
  /** What theory says. */
  readonly expected: 'holds' | 'breaks';
  /** Where in the literature. */
  readonly source: string;
}

/** All claims, those that hold first. */
export function claims(): readonly Claim[] {
  return [...ofOm(), ...ofSm(), ...ofKing(), ...ofBoards(), ...outside()];
}

/** `OM(1), 4 generals, 1 traitor`: how a claim about a setting is called. */
export function claimTitle(setting: Setting, traitorCount: number): string {
  const { protocol, mode, isCouncil, generals, traitorsMax } = setting;
  const name = `${protocolNamed(protocol)?.title ?? protocol}(${traitorsMax})`;
  const form = [...(mode === 'board' ? ['board'] : []), ...(isCouncil ? ['council'] : [])];
  const traitors = `${traitorCount} ${traitorCount === 1 ? 'traitor' : 'traitors'}`;
  return [[name, ...form].join(' '), `${generals.length} generals`, traitors].join(', ');
}

const lamport = 'Lamport, Shostak, Pease 1982';
const berman = 'Berman, Garay, Perry 1989';

function ofOm(): readonly Claim[] {
  const source = `${lamport}, theorem 1`;
  return [
    claim({ protocol: 'om', n: 4, m: 1, source }),
    claim({ protocol: 'om', n: 5, m: 1, source }),
    claim({ protocol: 'om', n: 7, m: 2, source }),
  ];
}

function ofSm(): readonly Claim[] {
  const source = `${lamport}, theorem 2`;
  return [
    claim({ protocol: 'sm', n: 3, m: 1, source }),
    claim({ protocol: 'sm', n: 4, m: 1, source }),
    claim({ protocol: 'sm', n: 4, m: 2, source }),
    claim({ protocol: 'sm', isCouncil: true, n: 3, m: 1, source }),
  ];
}

function ofKing(): readonly Claim[] {
  const source = `${berman}, section 3`;
  const seven = claim({ protocol: 'king', isCouncil: true, n: 7, m: 2, source });
  const lemma = (name: string, cases: readonly ProofCase[]): Claim => ({
    ...seven,
    title: `King's turn: ${name}, 7 generals, 2 traitors`,
    cases,
    prove: proveKingTurn,
  });
  const cloture = 'Berman, Garay 1993, section 3';
  return [
    claim({ protocol: 'king', n: 4, m: 1, source }),
    claim({ protocol: 'king', isCouncil: true, n: 4, m: 1, source }),
    lemma('what is unanimous stays', unanimousCases(seven.cases)),
    lemma('a loyal king unites all', loyallyRuledCases(seven.cases)),
    claim({ protocol: 'king', isCouncil: true, n: 7, m: 2, isRenamed: true, source }),
    claim({ protocol: 'phase-king', isCouncil: true, n: 5, m: 1, source: cloture }),
  ];
}

function ofBoards(): readonly Claim[] {
  const source = 'Bessani, Correia, da Silva Fraga, Lung 2009';
  return [
    claim({ protocol: 'om', mode: 'board', n: 4, m: 2, source }),
    claim({ protocol: 'om', mode: 'board', isCouncil: true, n: 5, m: 2, source }),
  ];
}

/** Each of these must break. */
function outside(): readonly Claim[] {
  const breaks = (asked: Asked): Claim => claim({ ...asked, expected: 'breaks' });
  const tooMany = 'one traitor too many';
  return [
    breaks({ protocol: 'om', n: 3, m: 1, source: `${lamport}, section 2` }),
    breaks({ protocol: 'om', n: 6, m: 2, source: `${lamport}, section 2` }),
    breaks({ protocol: 'om', n: 4, m: 1, traitorCount: 2, source: tooMany }),
    breaks({ protocol: 'om', n: 7, m: 2, traitorCount: 3, isRenamed: true, source: tooMany }),
    breaks({ protocol: 'sm', n: 4, m: 1, traitorCount: 2, source: tooMany }),
    breaks({ protocol: 'king', isCouncil: true, n: 3, m: 1, source: `${berman}, section 3` }),
    breaks({ protocol: 'om', mode: 'board', isCouncil: true, n: 4, m: 2, source: 'half are traitors' }),
    breaks({ protocol: 'phase-king', isCouncil: true, n: 4, m: 1, source: 'it needs n > 4m' }),
    breaks({ protocol: 'majority', isCouncil: true, n: 4, m: 1, source: 'no relay at all' }),
    breaks({ protocol: 'majority', n: 7, m: 2, source: 'a relay too few' }),
    breaks({ protocol: 'flat', n: 7, m: 2, source: 'one majority over all paths' }),
  ];
}

interface Asked {
  readonly protocol: ProtocolName;
  readonly mode?: Mode;
  readonly isCouncil?: boolean;
  readonly n: number;
  readonly m: number;
  readonly traitorCount?: number;
  /** Placements up to names that mean nothing: of lieutenants in OM, of those who are never king in King. */
  readonly isRenamed?: boolean;
  readonly expected?: Claim['expected'];
  readonly source: string;
}

function claim({ protocol, mode, isCouncil = false, n, m, ...asked }: Asked): Claim {
  const { traitorCount = m, isRenamed = false, expected = 'holds', source } = asked;
  const setting: Setting = {
    protocol,
    mode: mode ?? defaultMode(protocol),
    isCouncil,
    generals: generalIds(n),
    commander: 'general-0',
    traitorsMax: m,
  };
  const all = proofCases(setting, traitorCount);
  const cases = isRenamed ? all.filter(isFirstOfItsKind) : all;
  const title = `${claimTitle(setting, traitorCount)}${isRenamed ? ', up to names' : ''}`;
  return { title, setting, traitorCount, cases, prove, expected, source };
}

/** Of generals with the same part in the protocol the first are the traitors. */
function isFirstOfItsKind({ setting, traitors }: ProofCase): boolean {
  const { generals, protocol } = setting;
  const others = generals.slice(protocol === 'king' ? turnCount(setting) : 1);
  const betraying = others.filter((id) => traitors.includes(id));
  return betraying.join() === others.slice(0, betraying.length).join();
}
