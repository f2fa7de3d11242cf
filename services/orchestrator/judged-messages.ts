/**
 * The messages of a record, judged as every loyal recipient judges them: which count, and which entries count for nothing and why. Pure; the same record gives the same judgement, now and after a restart.
 */
import type { Entry, Message, Protocol, Signing, Slot } from '../consensus/index.js';
import { protocolOf } from '../consensus/index.js';
import { roundSpace } from '../general-node/index.js';
import type { IgnoredCount } from './orchestrator.js';
import type { RecordedTuple, RoundRecord } from './record.js';

/** Judges the messages of a record one by one, in the order of the space. */
export class MessageJudge {
  readonly #record: RoundRecord;
  readonly #protocol: Protocol<unknown>;
  readonly #signing: Signing;
  readonly #filled = new Map<string, Slot>();
  readonly #ignored = new Map<IgnoredCount['reason'], number>();
  #valueCount = 0;

  constructor(record: RoundRecord) {
    this.#record = record;
    this.#protocol = protocolOf(record.round.setting);
    this.#signing = record.keys.signing(roundSpace(record.round.number));
  }

  /** Slots filled in time, in the order of the space. */
  get filled(): readonly Slot[] {
    return [...this.#filled.values()];
  }

  /** Values that count. */
  get valueCount(): number {
    return this.#valueCount;
  }

  /** What counted for nothing so far. */
  get ignored(): readonly IgnoredCount[] {
    const { malformedCount, forgedCount } = this.#record;
    const counts = new Map(this.#ignored).set('forged_sender', forgedCount);
    counts.set('malformed', malformedCount + (counts.get('malformed') ?? 0));
    return [...counts]
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => ({ reason, count }))
      .sort((left, right) => (left.reason < right.reason ? -1 : 1));
  }

  /** Takes the next tuple into account; true when it counts. O(its entries), when they are in canonical order. */
  take({ message, revision, malformedCount }: RecordedTuple): boolean {
    const refusal = this.#refusal(message, revision);
    if (refusal !== undefined) {
      this.#count(refusal, 1);
      return false;
    }
    const legal = this.#legalEntries(message);
    this.#count('malformed', malformedCount);
    this.#valueCount += legal.length;
    const { phase, from, to } = message;
    this.#filled.set(slotKey(message), { phase, from, to });
    return true;
  }

  #refusal(slot: Slot, revision: bigint): 'not_owed' | 'slot_filled' | 'late' | undefined {
    const { closes, round } = this.#record;
    if (!this.#protocol.isSlotOwed(round.setting, slot)) return 'not_owed';
    if (this.#filled.has(slotKey(slot))) return 'slot_filled';
    const closedAt = closes.get(slot.phase) ?? closes.get(this.#protocol.phaseCount(round.setting));
    return closedAt !== undefined && revision > closedAt ? 'late' : undefined;
  }

  #legalEntries(message: Message): readonly Entry[] {
    const { setting } = this.#record.round;
    const { legal, ignored } = this.#protocol.judge(setting, message, message.entries, this.#signing);
    for (const { reason } of ignored) this.#count(reason, 1);
    return legal;
  }

  #count(reason: IgnoredCount['reason'], count: number): void {
    if (count > 0) this.#ignored.set(reason, (this.#ignored.get(reason) ?? 0) + count);
  }
}

function slotKey({ phase, from, to }: Slot): string {
  return `${phase} ${from} ${to}`;
}
