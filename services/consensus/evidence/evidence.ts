/**
 * What a round's record says about who did wrong, by how much it is worth:
 *
 * - *attested*: the space recorded that a general said what no loyal one would. Worth the word of the space and the orchestrator.
 * - *inferred*: what one general can conclude from its own mail if at most m are traitors. Not transferable.
 * - *absent*: what was not heard in time. Suspicion only: a crash or the network explains it as well.
 *
 * - *proven*: one key signed two orders. Convinces a stranger; only signed messages can give it.
 *
 * A loyal general, crashed and recovered or not, is never attested or inferred
 * to be a traitor while at most m are.
 */
import type { GeneralId, Slot } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import { auditRecord, type Deviation } from './audit.js';
import { replayLoyal, type SpaceRecord, slotKey } from './loyal-replay.js';
import { findTwoOrders, type TwoOrders } from './proof.js';
import { type Suspicion, suspectsOf } from './suspects.js';

export interface Evidence {
  readonly proven: readonly Proven[];
  readonly attested: readonly Attested[];
  readonly inferred: readonly Inferred[];
  readonly absent: readonly Absent[];
}

/** Two orders under one key of the signer. */
export interface Proven extends TwoOrders {
  readonly publicKey: Uint8Array;
}

/** A key that a general had in a round; a general whose seat moved has had several. */
export interface KnownKey {
  readonly general: GeneralId;
  readonly publicKey: Uint8Array;
  /** False for whatever does not verify; never throws. */
  readonly verify: (bytes: Uint8Array, signature: Uint8Array) => boolean;
}

/** A general that the record speaks against. */
export interface Attested {
  readonly general: GeneralId;
  /** How many values. */
  readonly count: number;
  /** By phase and recipient. */
  readonly first: Deviation;
}

/** What one general can conclude; only those that can conclude something. */
export interface Inferred extends Suspicion {
  /** Who concludes. */
  readonly by: GeneralId;
}

/** A general that was not heard in time. */
export interface Absent {
  readonly general: GeneralId;
  /** Slots that it owed and that were empty at the close. */
  readonly count: number;
  /** The first of them, in canonical order. */
  readonly first: Slot;
}

/** All of it, each part in canonical order of the generals. O(n times what the protocol's engine costs). */
export function collectEvidence(record: SpaceRecord, keys: readonly KnownKey[] = []): Evidence {
  return {
    proven: prove(record, keys),
    attested: attest(record),
    inferred: infer(record),
    absent: findAbsent(record),
  };
}

/** Orders that were signed under different keys contradict nobody. */
function prove(record: SpaceRecord, keys: readonly KnownKey[]): Proven[] {
  const instance = record.signing?.instance;
  if (instance === undefined) return [];
  return keys.flatMap(({ general, publicKey, verify }) => {
    const isOwn = (signer: GeneralId, bytes: Uint8Array, signature: Uint8Array) =>
      signer === general && verify(bytes, signature);
    return findTwoOrders(record, { instance, verify: isOwn }).map((proof) => ({ ...proof, publicKey }));
  });
}

function attest(record: SpaceRecord): Attested[] {
  const { generals } = record.setting;
  const deviations = auditRecord(record);
  const place = new Map(generals.map((general, i) => [general, i]));
  const rank = ({ slot }: Deviation): number => slot.phase * generals.length + (place.get(slot.to) ?? -1);
  return generals.flatMap((general): Attested[] => {
    // The order of the space is a matter of time; the same treason is to read the same.
    const own = deviations
      .filter(({ slot }) => slot.from === general)
      .sort((left, right) => rank(left) - rank(right));
    const [first] = own;
    return first === undefined ? [] : [{ general, count: own.length, first }];
  });
}

function infer(record: SpaceRecord): Inferred[] {
  const { setting } = record;
  const protocol = protocolOf(setting);
  return setting.generals.flatMap((by): Inferred[] => {
    const tree = protocol.explain(replayLoyal(record, by).state);
    if (tree === undefined) return [];
    const suspicion = suspectsOf(tree, setting.traitorsMax);
    return suspicion.accusations.length === 0 ? [] : [{ by, ...suspicion }];
  });
}

/** Of phases that were closed; in one that nobody had to close everyone spoke. */
function findAbsent({ setting, entries }: SpaceRecord): Absent[] {
  const protocol = protocolOf(setting);
  const inTime = new Set<string>();
  const closed = new Set<number>();
  for (const entry of entries) {
    if (entry.kind === 'close') closed.add(entry.phase);
    else if (!closed.has(entry.message.phase)) inTime.add(slotKey(entry.message));
  }
  // The close after the last phase ends the round, and with it all phases.
  const isOver = closed.has(protocol.phaseCount(setting));
  const missed = Array.from({ length: protocol.phaseCount(setting) }, (_, phase) => phase)
    .filter((phase) => isOver || closed.has(phase))
    .flatMap((phase) => protocol.slots(setting, phase))
    .filter((slot) => !inTime.has(slotKey(slot)));
  return setting.generals.flatMap((general): Absent[] => {
    const own = missed.filter(({ from }) => from === general);
    const [first] = own;
    return first === undefined ? [] : [{ general, count: own.length, first }];
  });
}
