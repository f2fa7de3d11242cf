/**
 * The messages of a record, judged as every loyal recipient judges them: which count, which entries count for nothing and why, and
 * which are lies. Pure; the same record gives the same judgement, now and after a restart.
 */
import type { Entry, GeneralId, Message, Path, Protocol, Slot, Vote } from '../consensus/index.js';
import { defaultVote, protocolNamed } from '../consensus/index.js';
import type { IgnoredCount, RecordedMessage } from './orchestrator.js';
import type { RecordedTuple, RoundRecord } from './record.js';

export class JudgedMessages {
  readonly messages: readonly RecordedMessage[];
  /** Slots filled in time, in the order of the space. */
  readonly filled: readonly Slot[];
  /** Values that count. */
  readonly valueCount: number;
  readonly ignored: readonly IgnoredCount[];

  constructor(record: RoundRecord) {
    const judge = new MessageJudge(record);
    this.messages = record.messages.map((recorded) => judge.judge(recorded));
    this.filled = judge.filled;
    this.valueCount = judge.valueCount;
    this.ignored = judge.ignored(record);
  }
}

/** Judges the messages of a record one by one, in the order of the space. */
export class MessageJudge {
  readonly filled: Slot[] = [];
  valueCount = 0;
  readonly #record: RoundRecord;
  readonly #protocol: Protocol<unknown>;
  readonly #heard = new Map<string, ReadonlyMap<string, Vote>>();
  readonly #ignored = new Map<IgnoredCount['reason'], number>();

  constructor(record: RoundRecord) {
    this.#record = record;
    this.#protocol = protocolNamed(record.round.setting.protocol);
  }

  judge({ message, revision, malformedCount }: RecordedTuple): RecordedMessage {
    const { phase, from, to } = message;
    const paths = this.#protocol.paths(this.#record.round.setting, { phase, from, to });
    const refusal = this.#refusal(message, revision, paths);
    if (refusal !== undefined) this.#count(refusal, 1);
    else this.#fill(message, paths, malformedCount);
    const entries = message.entries.map((entry) => ({ ...entry, isFalse: this.#isFalse(message, entry) }));
    return { phase, from, to, entries, counts: refusal === undefined };
  }

  ignored(record: RoundRecord): readonly IgnoredCount[] {
    this.#count('malformed', record.malformedCount);
    this.#count('forged_sender', record.forgedCount);
    return [...this.#ignored].map(([reason, count]) => ({ reason, count })).sort(byReason);
  }

  #refusal(
    slot: Slot,
    revision: bigint,
    paths: readonly Path[],
  ): 'not_owed' | 'slot_filled' | 'late' | undefined {
    if (paths.length === 0) return 'not_owed';
    if (this.#heard.has(slotKey(slot))) return 'slot_filled';
    const closedAt = this.#record.closes.get(slot.phase) ?? this.#lastClose();
    return closedAt !== undefined && revision > closedAt ? 'late' : undefined;
  }

  #fill(message: Message, paths: readonly Path[], malformedCount: number): void {
    const owed = new Set(paths.map(pathKey));
    const heard = new Map<string, Vote>();
    for (const { path, vote } of message.entries) {
      const key = pathKey(path);
      if (!owed.has(key)) this.#count('illegal_path', 1);
      else if (vote !== 'Attack' && vote !== 'Retreat') this.#count('illegal_vote', 1);
      else if (heard.has(key)) this.#count('repeated_path', 1);
      else heard.set(key, vote);
    }
    this.#count('malformed', malformedCount);
    this.#heard.set(slotKey(message), heard);
    this.filled.push({ phase: message.phase, from: message.from, to: message.to });
    this.valueCount += heard.size;
  }

  /** Would a loyal general in the sender's place have said the opposite? It says its order, or what it heard by the path before it. */
  #isFalse({ phase, from }: Slot, { path, vote }: Entry): boolean {
    if (phase === 0) return vote !== this.#record.lab.order;
    const before = path.slice(0, -1);
    const teller = before.at(-1);
    if (teller === undefined) return false;
    const heard = this.#heard
      .get(slotKey({ phase: phase - 1, from: teller, to: from }))
      ?.get(pathKey(before));
    return vote !== (heard ?? defaultVote);
  }

  #lastClose(): bigint | undefined {
    return this.#record.closes.get(this.#protocol.phaseCount(this.#record.round.setting));
  }

  #count(reason: IgnoredCount['reason'], count: number): void {
    if (count > 0) this.#ignored.set(reason, (this.#ignored.get(reason) ?? 0) + count);
  }
}

/** A key for maps only; ids are never taken out of it again. */
function pathKey(path: readonly GeneralId[]): string {
  return path.join('>');
}

function slotKey({ phase, from, to }: Slot): string {
  return `${phase} ${from} ${to}`;
}

function byReason(left: IgnoredCount, right: IgnoredCount): number {
  return left.reason < right.reason ? -1 : 1;
}
