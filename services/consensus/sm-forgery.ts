/**
 * A chain that its writer cannot sign: in form as it should be, with other generals' signatures made up. Every
 * loyal recipient sees through it. Only traitors come here.
 */
import type { Situation } from './lock-step-rules.js';
import type { Entry, GeneralId, Slot, Vote } from './protocol.js';

/** The forgery of a vote in a slot, over signatures that its writer holds for another vote, if it holds any. */
export function forgeChain(
  { setting, self }: Situation,
  held: readonly Entry[],
  { slot, vote }: { readonly slot: Slot; readonly vote: Vote },
): Entry {
  const stolen = held.find(({ path }) => !path.includes(slot.to));
  const path = stolen?.path ?? fillers(setting.generals, { self, slot, commander: setting.commander });
  const signatures = path.map((_, index) => stolen?.signatures?.[index] ?? new Uint8Array(signatureBytes));
  return { path: [...path, self], vote, signatures: [...signatures, new Uint8Array(signatureBytes)] };
}

/** As long as an Ed25519 signature. */
const signatureBytes = 64;

function fillers(
  generals: readonly GeneralId[],
  { self, slot, commander }: { readonly self: GeneralId; readonly slot: Slot; readonly commander: GeneralId },
): readonly GeneralId[] {
  const others = generals.filter((general) => ![self, slot.to, commander].includes(general));
  return [commander, ...others.slice(0, slot.phase - 1)];
}
