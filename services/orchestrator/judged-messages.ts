/**
 * The messages of a record, judged as every loyal recipient judges them: which count, which entries count for nothing and why, and
 * which are lies. Pure; the same record gives the same judgement, now and after a restart.
 */
import type { Entry, GeneralId, Message, Path, Protocol, Slot, Vote } from '../consensus/index.js';
import { defaultVote, protocolOf } from '../consensus/index.js';
import type { IgnoredCount, RecordedMessage } from './orchestrator.js';
import type { RecordedTuple, RoundRecord } from './record.js';

/** Judges the messages of a record one by one, in the order of the space. */
export class MessageJudge {
  readonly #record: RoundRecord;
  readonly #protocol: Protocol<unknown>;
  readonly #traitors: ReadonlySet<GeneralId>;
  readonly #filled = new Map<string, Filled>();
  readonly #ignored = new Map<IgnoredCount['reason'], number>();
  #valueCount = 0;

  constructor(record: RoundRecord) {
    this.#record = record;
    this.#protocol = protocolOf(record.round.setting);
    this.#traitors = new Set(record.lab.traitors.map(({ general }) => general));
  }

  /** Slots filled in time, in the order of the space. */
  get filled(): readonly Slot[] {
    return [...this.#filled.values()].map(({ slot }) => slot);
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
    const paths = this.#protocol.paths(this.#record.round.setting, message);
    const refusal = this.#refusal(message, revision, paths);
    if (refusal !== undefined) {
      this.#count(refusal, 1);
      return false;
    }
    const legal = this.#legalEntries(message);
    this.#count('malformed', malformedCount);
    this.#valueCount += legal.length;
    const { phase, from, to } = message;
    this.#filled.set(slotKey(message), { slot: { phase, from, to }, legal, byPath: undefined });
    return true;
  }

  /** The next tuple as people see it, with its lies marked. */
  show(recorded: RecordedTuple): RecordedMessage {
    const counts = this.take(recorded);
    const { phase, from, to, entries } = recorded.message;
    const shown = entries.map((entry) => ({ ...entry, isFalse: this.#isFalse(recorded.message, entry) }));
    return { phase, from, to, entries: shown, counts };
  }

  #refusal(
    slot: Slot,
    revision: bigint,
    paths: readonly Path[],
  ): 'not_owed' | 'slot_filled' | 'late' | undefined {
    if (paths.length === 0) return 'not_owed';
    if (this.#filled.has(slotKey(slot))) return 'slot_filled';
    const { closes, round } = this.#record;
    const closedAt = closes.get(slot.phase) ?? closes.get(this.#protocol.phaseCount(round.setting));
    return closedAt !== undefined && revision > closedAt ? 'late' : undefined;
  }

  #legalEntries(message: Message): readonly Entry[] {
    const { legal, ignored } = this.#protocol.judge(this.#record.round.setting, message, message.entries);
    for (const { reason } of ignored) this.#count(reason, 1);
    return legal;
  }

  /** Only traitors lie; a loyal general says its order, or what it heard by the path before it. */
  #isFalse({ phase, from }: Slot, { path, vote }: Entry): boolean {
    if (!this.#traitors.has(from)) return false;
    if (phase === 0) return vote !== this.#record.lab.order;
    const before = path.slice(0, -1);
    const heard = this.#heard({ phase: phase - 1, from: before.at(-1) ?? '', to: from }, before);
    return vote !== (heard ?? defaultVote);
  }

  #heard(slot: Slot, path: Path): Vote | undefined {
    const filled = this.#filled.get(slotKey(slot));
    if (filled === undefined) return undefined;
    filled.byPath ??= new Map(filled.legal.map((entry) => [pathKey(entry.path), entry.vote]));
    return filled.byPath.get(pathKey(path));
  }

  #count(reason: IgnoredCount['reason'], count: number): void {
    if (count > 0) this.#ignored.set(reason, (this.#ignored.get(reason) ?? 0) + count);
  }
}

interface Filled {
  readonly slot: Slot;
  readonly legal: readonly Entry[];
  /** Made when somebody asks what was heard here. */
  byPath: ReadonlyMap<string, Vote> | undefined;
}

/** The messages of a whole record as people see them. */
export function recordedMessages(record: RoundRecord): readonly RecordedMessage[] {
  const judge = new MessageJudge(record);
  return record.messages.map((recorded) => judge.show(recorded));
}

/** Keys for maps only; ids are never taken out of them again. */
function pathKey(path: Path): string {
  return path.join('>');
}

function slotKey({ phase, from, to }: Slot): string {
  return `${phase} ${from} ${to}`;
}
