/**
 * Which loyal generals a round must count as faults: those that did not say in time what they owed, or did
 * not decide in time. Absence proves nothing about its cause; network, crash and overload look alike.
 */
import type { GeneralId, Setting, Slot } from './protocol.js';
import { protocolOf } from './protocols.js';

/** A loyal general that was late or lost, and what shows it. */
export type LostGeneral =
  /** The first slot, in canonical order, that it left empty. */
  | { readonly general: GeneralId; readonly why: 'missed_slot'; readonly slot: Slot }
  /** It said everything in time but its decision. */
  | { readonly general: GeneralId; readonly why: 'no_decision' };

/**
 * The loyal generals that were late or lost in a round that is over, in canonical order. `filled` are the
 * slots filled before the close of their phase, `decided` the generals that decided before the last close;
 * traitors may be among both. O(slots of the round), that is (m+1)n².
 */
export function lostGenerals(record: {
  readonly setting: Setting;
  readonly traitors: readonly GeneralId[];
  readonly filled: readonly Slot[];
  readonly decided: readonly GeneralId[];
}): LostGeneral[] {
  const { setting } = record;
  const traitors = new Set(record.traitors);
  const decided = new Set(record.decided);
  const missed = firstMissedSlots(setting, record.filled);
  return setting.generals.flatMap((general): LostGeneral[] => {
    if (traitors.has(general)) return [];
    const slot = missed.get(general);
    if (slot !== undefined) return [{ general, why: 'missed_slot', slot }];
    return decided.has(general) ? [] : [{ general, why: 'no_decision' }];
  });
}

function firstMissedSlots(setting: Setting, filled: readonly Slot[]): ReadonlyMap<GeneralId, Slot> {
  const protocol = protocolOf(setting);
  const keys = new Set(filled.map(slotKey));
  const missed = new Map<GeneralId, Slot>();
  for (let phase = 0; phase < protocol.phaseCount(setting); phase += 1) {
    for (const slot of protocol.slots(setting, phase)) {
      if (!keys.has(slotKey(slot)) && !missed.has(slot.from)) missed.set(slot.from, slot);
    }
  }
  return missed;
}

/** A key for sets only; nothing is read from it. */
function slotKey({ phase, from, to }: Slot): string {
  return JSON.stringify([phase, from, to]);
}
