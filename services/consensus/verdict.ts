/**
 * What a round came to, two by two: within or outside the assumptions, and each property kept or broken. A
 * pure function of the record: the same record gives the same verdict to everybody.
 *
 * Agreement and validity are IC1 and IC2 of Lamport, Shostak and Pease 1982. They bind the generals that were
 * neither traitors nor lost; a loyal general that was late or lost counts as a fault, and its decision is not
 * judged.
 */
import type { LostGeneral } from './lateness.js';
import type { Bound, GeneralId, Setting, Vote } from './protocol.js';
import { protocolOf } from './protocols.js';

/** What is known of a round when it is judged. */
export interface JudgedRecord {
  readonly setting: Setting;
  /** What the commander was given; in a council everybody's input, but for `inputs`. */
  readonly order: Vote;
  /** In a council, the inputs that differ from `order`. */
  readonly inputs?: ReadonlyMap<GeneralId, Vote>;
  readonly traitors: readonly GeneralId[];
  /** Loyal generals that were late or lost. */
  readonly lost: readonly LostGeneral[];
  /** Decisions that came in time; those of traitors and of the lost may be among them. */
  readonly decisions: ReadonlyMap<GeneralId, Vote>;
  /**
   * False for a round that was cancelled or still runs: then what is missing may be missing for that reason.
   */
  readonly isOver: boolean;
}

export type JudgementStatus =
  /** Kept, as promised. */
  | 'holds'
  /** Broken; outside the assumptions nothing was promised. */
  | 'violated'
  /** Kept, but outside the assumptions: luck. */
  | 'not_promised'
  /** The round ended before it could be told. */
  | 'unknown';

/** One property, judged. */
export interface Judgement {
  readonly status: JudgementStatus;
  /** One plain sentence; lower case, no full stop. */
  readonly because: string;
  /**
   * The generals that show it, in canonical order: those that broke it, that kept it, or that are still
   * missing.
   */
  readonly witness: readonly GeneralId[];
}

/** The verdict of a round. */
export interface Verdict {
  /** Within the protocol's bound on n and m, and no more faults than m. */
  readonly isWithin: boolean;
  /** Traitors and lost generals. */
  readonly faultCount: number;
  readonly lost: readonly GeneralId[];
  readonly bound: Bound;
  readonly agreement: Judgement;
  readonly validity: Judgement;
  readonly termination: Judgement;
}

/** Judges a round. O(n). */
export function judge(record: JudgedRecord): Verdict {
  const { setting, traitors } = record;
  const bound = protocolOf(setting).bound(setting);
  const lost = record.lost.map(({ general }) => general);
  const faults = new Set([...traitors, ...lost]);
  const isWithin = bound.isWithin && faults.size <= setting.traitorsMax;
  const binding = setting.generals.filter((general) => !faults.has(general));
  const conclude = (finding: Finding) => toJudgement(finding, isWithin);
  return {
    isWithin,
    faultCount: faults.size,
    lost: setting.generals.filter((general) => lost.includes(general)),
    bound,
    agreement: conclude(judgeAgreement(record, binding)),
    validity: conclude(judgeValidity(record, binding)),
    termination: conclude(judgeTermination(record, binding)),
  };
}

/**
 * A verdict in one word, for exit codes: `outside` whenever the assumptions did not hold, whatever came of
 * it.
 */
export function summary({ isWithin, agreement, validity, termination }: Verdict): Summary {
  if (!isWithin) return 'outside';
  const statuses = [agreement.status, validity.status, termination.status];
  if (statuses.includes('violated')) return 'violated';
  return statuses.includes('unknown') ? 'unknown' : 'held';
}

export type Summary = 'held' | 'violated' | 'unknown' | 'outside';

/** What is so, before asking what was promised. */
interface Finding {
  readonly found: 'kept' | 'broken' | 'open';
  readonly because: string;
  readonly witness: readonly GeneralId[];
}

function judgeAgreement(record: JudgedRecord, binding: readonly GeneralId[]): Finding {
  const attacking = binding.filter((general) => record.decisions.get(general) === 'Attack');
  const retreating = binding.filter((general) => record.decisions.get(general) === 'Retreat');
  const [attacker, retreater] = [attacking[0], retreating[0]];
  if (attacker !== undefined && retreater !== undefined) {
    const because = `${attacker} decided Attack and ${retreater} decided Retreat`;
    return {
      found: 'broken',
      because,
      witness: record.setting.generals.filter(isOneOf(attacker, retreater)),
    };
  }
  const undecided = stillOpen(record, binding);
  if (undecided !== undefined) return undecided;
  const agreed = attacker === undefined ? retreating : attacking;
  const vote = attacker === undefined ? 'Retreat' : 'Attack';
  const because =
    agreed.length === 0
      ? 'no loyal general decided in time, so no two differ'
      : `${count(agreed, 'loyal general')} decided ${vote} and none otherwise`;
  return { found: 'kept', because, witness: agreed };
}

function judgeValidity(record: JudgedRecord, binding: readonly GeneralId[]): Finding {
  return record.setting.isCouncil ? judgeCouncil(record, binding) : judgeObedience(record, binding);
}

/** Validity of a council: if all loyal generals propose the same plan, that plan is chosen. */
function judgeCouncil(record: JudgedRecord, binding: readonly GeneralId[]): Finding {
  const { order, inputs, decisions } = record;
  const proposed = new Set(binding.map((general) => inputs?.get(general) ?? order));
  const [plan] = proposed;
  if (plan === undefined || proposed.size > 1) {
    const because =
      plan === undefined
        ? 'no loyal general is left to propose anything'
        : 'the loyal generals proposed different plans, so either may be chosen';
    return { found: 'kept', because, witness: [] };
  }
  const deviating = binding.filter((general) => (decisions.get(general) ?? plan) !== plan);
  const [first] = deviating;
  if (first !== undefined) {
    const because = `${first} decided ${decisions.get(first)}, but all loyal generals proposed ${plan}`;
    return { found: 'broken', because, witness: deviating };
  }
  const undecided = stillOpen(record, binding);
  if (undecided !== undefined) return undecided;
  const followed = binding.filter((general) => decisions.has(general));
  const because = `${count(followed, 'loyal general')} decided ${plan}, as all of them proposed, and none otherwise`;
  return { found: 'kept', because, witness: followed };
}

function judgeObedience(record: JudgedRecord, binding: readonly GeneralId[]): Finding {
  const { setting, order, traitors, decisions } = record;
  if (!binding.includes(setting.commander)) {
    const why = traitors.includes(setting.commander) ? 'is a traitor' : 'was late or lost';
    return { found: 'kept', because: `${setting.commander} ${why}, so its order binds nobody`, witness: [] };
  }
  const disobedient = binding.filter((general) => (decisions.get(general) ?? order) !== order);
  const [first] = disobedient;
  if (first !== undefined) {
    const because = `${first} decided ${decisions.get(first)}, but its loyal commander's order was ${order}`;
    return { found: 'broken', because, witness: disobedient };
  }
  const undecided = stillOpen(record, binding);
  if (undecided !== undefined) return undecided;
  const obedient = binding.filter((general) => decisions.has(general));
  const obeyed = `${count(obedient, 'loyal general')} decided ${order}`;
  const because = `${obeyed}, as the loyal commander ordered, and none otherwise`;
  return { found: 'kept', because, witness: obedient };
}

function judgeTermination(record: JudgedRecord, binding: readonly GeneralId[]): Finding {
  const undecided = stillOpen(record, binding);
  if (undecided !== undefined) return undecided;
  const missing = binding.filter((general) => !record.decisions.has(general));
  if (missing.length > 0) {
    return { found: 'broken', because: `${missing.join(', ')} did not decide in time`, witness: missing };
  }
  const because =
    binding.length === 0
      ? 'there is no loyal general to wait for'
      : `${count(binding, 'loyal general')} decided in time`;
  return { found: 'kept', because, witness: binding };
}

/**
 * The finding for a round that ended too soon to tell; undefined when it is over or everyone it binds
 * decided.
 */
function stillOpen(record: JudgedRecord, binding: readonly GeneralId[]): Finding | undefined {
  const missing = binding.filter((general) => !record.decisions.has(general));
  if (record.isOver || missing.length === 0) return undefined;
  return {
    found: 'open',
    because: `the round is not over and ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} not decided`,
    witness: missing,
  };
}

function toJudgement({ found, because, witness }: Finding, isWithin: boolean): Judgement {
  switch (found) {
    case 'open':
      return { status: 'unknown', because, witness };
    case 'kept':
      if (isWithin) return { status: 'holds', because, witness };
      return { status: 'not_promised', because: `held this time by luck: ${because}`, witness };
    case 'broken':
      if (isWithin) return { status: 'violated', because, witness };
      return { status: 'violated', because: `nothing was promised, and ${because}`, witness };
  }
}

function isOneOf(...wanted: readonly GeneralId[]): (general: GeneralId) => boolean {
  return (general) => wanted.includes(general);
}

function count(generals: readonly GeneralId[], noun: string): string {
  return `${generals.length} ${noun}${generals.length === 1 ? '' : 's'}`;
}
