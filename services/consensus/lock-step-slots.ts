/**
 * Who owes whom in a protocol in lock-step, from its rule: the structure of the rounds of one setting, found out as
 * it is asked for and then known.
 */
import type { GeneralId, Setting, Slot } from './protocol.js';
import { everyone } from './protocol.js';

interface Owing {
  phaseCount(setting: Setting): number;
  isOwed(setting: Setting, slot: Slot): boolean;
}

/** The structure of the rounds of one setting; the same answers for ever. */
export class LockStepSlots {
  /** The generals' places in the setting. */
  readonly places: ReadonlyMap<GeneralId, number>;
  readonly phaseCount: number;
  readonly #rules: Owing;
  readonly #setting: Setting;
  /** By phase, then by general. */
  readonly #senders: Map<GeneralId, readonly GeneralId[]>[] = [];
  readonly #recipients: Map<GeneralId, readonly GeneralId[]>[] = [];

  constructor(rules: Owing, setting: Setting) {
    this.places = new Map(setting.generals.map((general, place) => [general, place]));
    this.phaseCount = rules.phaseCount(setting);
    this.#rules = rules;
    this.#setting = setting;
  }

  /** True when a loyal `from` sends `to` a message in this phase. O(1) beside the rule. */
  isOwed(slot: Slot): boolean {
    const { phase, from, to } = slot;
    if (!this.#isPhase(phase) || from === to || !this.places.has(from)) return false;
    return (to === everyone || this.places.has(to)) && this.#rules.isOwed(this.#setting, slot);
  }

  /** The slots of a phase, by sender and then by recipient. O(n²) the first time. */
  list(phase: number): Slot[] {
    if (!this.#isPhase(phase)) return [];
    return this.#setting.generals.flatMap((from) =>
      this.recipients(phase, from).map((to) => ({ phase, from, to })),
    );
  }

  /**
   * The senders whose messages of a phase a general waits for, in canonical order: those who owe one to it, or to
   * everyone. O(n) the first time.
   */
  senders(phase: number, to: GeneralId): readonly GeneralId[] {
    return this.#known(this.#senders, phase, to, () =>
      this.#setting.generals.filter(
        (from) =>
          from !== to && (this.isOwed({ phase, from, to }) || this.isOwed({ phase, from, to: everyone })),
      ),
    );
  }

  /** To whom a general owes a message in a phase, in canonical order, everyone last. O(n) the first time. */
  recipients(phase: number, from: GeneralId): readonly GeneralId[] {
    return this.#known(this.#recipients, phase, from, () =>
      [...this.#setting.generals, everyone].filter((to) => this.isOwed({ phase, from, to })),
    );
  }

  #isPhase(phase: number): boolean {
    return Number.isInteger(phase) && phase >= 0 && phase < this.phaseCount;
  }

  #known(
    memo: Map<GeneralId, readonly GeneralId[]>[],
    phase: number,
    general: GeneralId,
    find: () => readonly GeneralId[],
  ): readonly GeneralId[] {
    const ofPhase = memo[phase] ?? new Map<GeneralId, readonly GeneralId[]>();
    memo[phase] = ofPhase;
    const known = ofPhase.get(general) ?? find();
    ofPhase.set(general, known);
    return known;
  }
}

/** The structure for rules and a setting, shared by all who ask with the same two objects. */
export function lockStepSlots(rules: Owing, setting: Setting): LockStepSlots {
  const bySetting = memo.get(rules) ?? new WeakMap<Setting, LockStepSlots>();
  memo.set(rules, bySetting);
  const known = bySetting.get(setting) ?? new LockStepSlots(rules, setting);
  bySetting.set(setting, known);
  return known;
}

/** A pure memo, which changes the cost of a call and nothing else; it lives as long as rules and setting. */
const memo = new WeakMap<Owing, WeakMap<Setting, LockStepSlots>>();
