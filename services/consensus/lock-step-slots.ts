/**
 * The slots of a protocol in lock-step, from its rule who owes whom.
 */
import type { GeneralId, Setting, Slot } from './protocol.js';
import { everyone } from './protocol.js';

interface Owing {
  phaseCount(setting: Setting): number;
  isOwed(setting: Setting, slot: Slot): boolean;
}

/** The slots of a phase, by sender and then by recipient. O(n²). */
export function listSlots(rules: Owing, setting: Setting, phase: number): Slot[] {
  if (!Number.isInteger(phase) || phase < 0 || phase >= rules.phaseCount(setting)) return [];
  const recipients = [...setting.generals, everyone];
  return setting.generals.flatMap((from) =>
    recipients
      .map((to) => ({ phase, from, to }))
      .filter((slot) => slot.from !== slot.to && rules.isOwed(setting, slot)),
  );
}

/**
 * The senders whose messages of a phase a general waits for, in canonical order: those who owe one to it, or
 * to everyone. O(n) the first time, then known for as long as the setting object is.
 */
export function sendersOf(
  rules: Owing,
  setting: Setting,
  { phase, to }: { readonly phase: number; readonly to: GeneralId },
): readonly GeneralId[] {
  const known = memoOf(rules, setting);
  const key = `${phase} ${to}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const owes = (from: GeneralId, recipient: GeneralId) =>
    rules.isOwed(setting, { phase, from, to: recipient });
  const senders = setting.generals.filter((from) => from !== to && (owes(from, to) || owes(from, everyone)));
  known.set(key, senders);
  return senders;
}

/** A pure memo, which changes the cost of a call and nothing else; it lives as long as rules and setting. */
const memo = new WeakMap<Owing, WeakMap<Setting, Map<string, readonly GeneralId[]>>>();

function memoOf(rules: Owing, setting: Setting): Map<string, readonly GeneralId[]> {
  const bySetting = memo.get(rules) ?? new WeakMap<Setting, Map<string, readonly GeneralId[]>>();
  memo.set(rules, bySetting);
  const known = bySetting.get(setting) ?? new Map<string, readonly GeneralId[]>();
  bySetting.set(setting, known);
  return known;
}
