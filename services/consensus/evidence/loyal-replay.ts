/**
 * What a loyal general would have done in a round, told from the record alone: its own engine, fed what the space says it was sent, in
 * the order of the space. Loyal generals are deterministic and judge "in time" by that order, so a loyal one has done exactly this,
 * crashed and recovered or not. The idea is PeerReview's (Haeberlen, Kouznetsov, Druschel, SOSP 2007): audit by replay.
 */
import type { GeneralId, Input, Message, Setting, Signing, Slot, Vote } from '../protocol.js';
import { everyone } from '../protocol.js';
import { protocolOf } from '../protocols.js';

/** One line of a round's record. A message stands under the writer that the space stamped. */
export type RecordEntry =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'close'; readonly phase: number };

/** A round as its space recorded it. */
export interface SpaceRecord {
  readonly setting: Setting;
  /** What the commander was given; in a council everybody's input, but for `inputs`. */
  readonly order: Vote;
  /** In a council, the inputs that differ from `order`. */
  readonly inputs?: ReadonlyMap<GeneralId, Vote>;
  /**
   * In `signed` mode: how to check signatures. What a replay signs is its own affair and compared with nothing.
   */
  readonly signing?: Signing;
  /** In the order of the space. */
  readonly entries: readonly RecordEntry[];
}

export interface LoyalReplay {
  /** By slot, see `slotKey`. */
  readonly sent: ReadonlyMap<string, Message>;
  /** Undefined when the record ends before it could decide. */
  readonly decision: Vote | undefined;
  /** The last state, for `explain`. */
  readonly state: unknown;
}

/** O(its messages and what its engine makes of them). */
export function replayLoyal(record: SpaceRecord, general: GeneralId): LoyalReplay {
  const { setting, order, inputs, entries, signing } = record;
  const protocol = protocolOf(setting);
  const sent = new Map<string, Message>();
  let state = protocol.init(setting, general, signing);
  let decision: Vote | undefined;
  const take = (input: Input): void => {
    const step = protocol.step(state, input);
    state = step.state;
    for (const output of step.outputs) {
      if (output.kind === 'decide') decision ??= output.vote;
      if (output.kind !== 'send') continue;
      for (const message of output.messages) sent.set(slotKey(message), message);
    }
  };
  const hasInput = setting.isCouncil || general === setting.commander;
  take(hasInput ? { kind: 'start', order: inputs?.get(general) ?? order } : { kind: 'start' });
  for (const entry of entries) if (isHeard(entry, general)) take(entry);
  return { sent, decision, state };
}

function isHeard(entry: RecordEntry, general: GeneralId): boolean {
  if (entry.kind === 'close') return true;
  const { from, to } = entry.message;
  return to === general || (to === everyone && from !== general);
}

/** A key for maps only; nothing is read from it. */
export function slotKey({ phase, from, to }: Slot): string {
  return JSON.stringify([phase, from, to]);
}
