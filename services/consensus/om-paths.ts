/**
 * Who owes what to whom in OM(m): the structure of a round, which depends on the setting alone. A path of
 * phase p has p + 1 generals, the commander first, none twice; its last general sends it to everyone who is
 * not in it.
 *
 * Canonical order is lexicographic by the generals' places in the setting. Path arrays are shared: each
 * exists once for a setting, whoever sends or receives it.
 */
import type { GeneralId, Path, Setting, Slot } from './protocol.js';

/** The structure of the rounds of one setting. Filled in as it is asked for; the same answers for ever. */
export class OmPaths {
  readonly #commander: GeneralId;
  readonly #lieutenants: readonly GeneralId[];
  readonly #phaseCount: number;
  /** By phase, then by sender. */
  readonly #relays: ReadonlyMap<GeneralId, readonly Path[]>[];
  /** By phase: every path, in canonical order. */
  readonly #paths: (readonly Path[])[];

  constructor(setting: Setting) {
    this.#commander = setting.commander;
    this.#lieutenants = setting.generals.filter((general) => general !== setting.commander);
    this.#phaseCount = setting.traitorsMax + 1;
    const origin: Path = [setting.commander];
    this.#paths = [[origin]];
    this.#relays = [new Map([[setting.commander, [origin]]])];
  }

  /** True when a loyal `from` sends `to` a message in this phase. O(n); builds nothing. */
  isOwed({ phase, from, to }: Slot): boolean {
    if (!Number.isInteger(phase) || phase < 0 || phase >= this.#phaseCount) return false;
    if (!this.#lieutenants.includes(to) || from === to) return false;
    if (phase === 0) return from === this.#commander;
    // Beside the recipient there are phase - 1 relays and the sender, all of them lieutenants.
    return this.#lieutenants.includes(from) && phase <= this.#lieutenants.length - 1;
  }

  /** True when the slot is owed and the path is one of its paths. O(n + length); builds nothing. */
  isPathOwed(slot: Slot, path: Path): boolean {
    if (!this.isOwed(slot) || path.length !== slot.phase + 1) return false;
    if (path[0] !== this.#commander || path.at(-1) !== slot.from || path.includes(slot.to)) return false;
    const isKnown = path.slice(1).every((general) => this.#lieutenants.includes(general));
    return isKnown && new Set(path).size === path.length;
  }

  /** The slots of a phase, by sender and then by recipient. O(n²). */
  slots(phase: number): Slot[] {
    const senders = phase === 0 ? [this.#commander] : this.#lieutenants;
    const slots = senders.flatMap((from) => this.#lieutenants.map((to) => ({ phase, from, to })));
    return slots.filter((slot) => this.isOwed(slot));
  }

  /** The senders whose messages of a phase a general waits for, in canonical order. O(n). */
  senders(phase: number, to: GeneralId): GeneralId[] {
    const senders = phase === 0 ? [this.#commander] : this.#lieutenants;
    return senders.filter((from) => this.isOwed({ phase, from, to }));
  }

  /** The recipients of a general's messages of a phase, in canonical order. O(n). */
  recipients(phase: number, from: GeneralId): GeneralId[] {
    return this.#lieutenants.filter((to) => this.isOwed({ phase, from, to }));
  }

  /**
   * The paths of a slot, in canonical order; empty when it is not owed. O(the paths that its sender relays).
   */
  inSlot(slot: Slot): readonly Path[] {
    if (!this.isOwed(slot)) return [];
    return this.relays(slot.phase, slot.from).filter((path) => !path.includes(slot.to));
  }

  /**
   * All paths that a general sends in a phase, whoever to, in canonical order. The first call for a phase
   * builds all paths of that phase: (n-1)!/(n-1-phase)! of them.
   */
  relays(phase: number, from: GeneralId): readonly Path[] {
    for (let built = this.#relays.length; built <= phase; built += 1) this.#extend(built);
    return this.#relays[phase]?.get(from) ?? [];
  }

  #extend(phase: number): void {
    const paths: Path[] = [];
    const relays = new Map<GeneralId, Path[]>(this.#lieutenants.map((general) => [general, []]));
    for (const path of this.#paths[phase - 1] ?? []) {
      for (const [general, ownRelays] of relays) {
        if (path.includes(general)) continue;
        const longer = [...path, general];
        paths.push(longer);
        ownRelays.push(longer);
      }
    }
    this.#paths[phase] = paths;
    this.#relays[phase] = relays;
  }
}

/**
 * The structure for a setting, shared by all who ask with an equal one. Keeps the last four: a pure memo,
 * which changes the cost of a call and nothing else.
 */
export function omPaths(setting: Setting): OmPaths {
  const key = JSON.stringify([setting.commander, setting.traitorsMax, setting.generals]);
  const known = memo.get(key);
  if (known !== undefined) return known;
  const made = new OmPaths(setting);
  memo.set(key, made);
  for (const oldest of memo.keys()) {
    if (memo.size <= memoMax) break;
    memo.delete(oldest);
  }
  return made;
}

const memo = new Map<string, OmPaths>();
const memoMax = 4;
