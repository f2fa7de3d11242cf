/**
 * Proves that a record is consistent: the core is run on it again, and everything that a general said or decided must be what its
 * core makes of what stands before it in the record. A traitor's core is rewritten by its plan, which its strategy and the seed of
 * the round give, so a traitor's lies are computed again too. Times and metrics are what was measured; nothing is proved of them.
 */
import type { Entry, GeneralId, Message, Slot, Verdict, Vote } from '../consensus/index.js';
import { judge, lostGenerals, protocolOf, slotKey } from '../consensus/index.js';
import type { Moment } from './fold.js';
import { RoundFold } from './fold.js';
import type { Ended, Trace, TraceEntry, TraceEvent, TraceMessage } from './trace.js';
import { pathWords, told } from './words.js';

/** Something in the record that does not follow from what stands before it. */
export interface Mismatch {
  /** Place in the list of events. */
  readonly index: number;
  readonly what: 'message' | 'decision' | 'verdict';
  /** One sentence; no full stop. */
  readonly because: string;
}

export interface Replay {
  /** What each general decided by the record, and by its core; undefined where there is none. */
  readonly decisions: readonly {
    readonly general: GeneralId;
    readonly recorded: Vote | undefined;
    readonly computed: Vote | undefined;
  }[];
  /** What the record comes to; undefined where it has no verdict. */
  readonly verdict: Verdict | undefined;
  /** In the order of the record; the first is the cause, others may be its consequences. */
  readonly mismatches: readonly Mismatch[];
  readonly messageCount: number;
}

/** O(what the cores of all generals make of the record). */
export function replayTrace(trace: Trace): Replay {
  const run = new Rerun(trace);
  for (const [index, event] of trace.events.entries()) run.take(event, index);
  return run.result();
}

class Rerun {
  readonly #trace: Trace;
  readonly #fold: RoundFold;
  readonly #traitors: ReadonlySet<GeneralId>;
  readonly #filled = new Map<string, Slot>();
  readonly #closed = new Set<number>();
  /** Decisions in time, and late ones. */
  readonly #decisions = new Map<GeneralId, { readonly vote: Vote; readonly isInTime: boolean }>();
  readonly #mismatches: Mismatch[] = [];
  #verdict: Verdict | undefined;
  #messageCount = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#fold = new RoundFold(trace.started);
    this.#traitors = new Set(trace.started.traitors.map(({ general }) => general));
  }

  take(event: TraceEvent, index: number): void {
    const before = this.#fold.moment;
    const note = (what: Mismatch['what'], because: string | undefined): void => {
      if (because !== undefined) this.#mismatches.push({ index, what, because });
    };
    switch (event.kind) {
      case 'message':
        note('message', this.#wrongMessage(event.message, before));
        this.#messageCount += 1;
        break;
      case 'closed':
        this.#closed.add(event.phase);
        break;
      case 'decision':
        note('decision', this.#wrongDecision(event, before));
        break;
      case 'ended':
        note('verdict', this.#wrongVerdict(event));
        break;
      case 'started':
      case 'report':
        break;
    }
    this.#fold.take(event);
  }

  result(): Replay {
    const { setting } = this.#trace.started;
    return {
      decisions: setting.generals.map((general) => ({
        general,
        recorded: this.#decisions.get(general)?.vote,
        computed: this.#fold.moment.get(general)?.decision,
      })),
      verdict: this.#verdict,
      mismatches: this.#mismatches,
      messageCount: this.#messageCount,
    };
  }

  #wrongMessage(message: TraceMessage, moment: Moment): string | undefined {
    const counts = this.#count(message);
    const sender = moment.get(message.from);
    if (sender === undefined) return `${message.from} is no general of the round`;
    const key = slotKey(message);
    const due = sender.due.get(key);
    if (due === undefined) {
      return `${message.from} tells ${message.to} something in phase ${message.phase} that it could not know yet, or owes nobody`;
    }
    const wrong = differing(message, due, sender.loyal.get(key), this.#traitors.has(message.from));
    if (wrong !== undefined) return wrong;
    if (counts === message.counts) return undefined;
    const said = `${message.from}'s message to ${message.to} in phase ${message.phase}`;
    return counts
      ? `${said} counts, and the record says it does not`
      : `${said} does not count, and the record says it does`;
  }

  /** Whether a message counts, by its place in the record alone. */
  #count(message: TraceMessage): boolean {
    const { setting } = this.#trace.started;
    const protocol = protocolOf(setting);
    const key = slotKey(message);
    const isClosed = this.#closed.has(message.phase) || this.#closed.has(protocol.phaseCount(setting));
    if (isClosed || this.#filled.has(key) || protocol.paths(setting, message).length === 0) return false;
    const { phase, from, to } = message;
    this.#filled.set(key, { phase, from, to });
    return true;
  }

  #wrongDecision({ general, vote }: { general: GeneralId; vote: Vote }, moment: Moment): string | undefined {
    const { setting } = this.#trace.started;
    const isInTime = !this.#closed.has(protocolOf(setting).phaseCount(setting));
    if (!this.#decisions.has(general)) this.#decisions.set(general, { vote, isInTime });
    const computed = moment.get(general)?.decision;
    if (computed === vote) return undefined;
    if (computed === undefined)
      return `${general} decided ${vote}, and what it had heard by then decides nothing`;
    return `${general} decided ${vote}; from what it had heard follows ${computed}`;
  }

  #wrongVerdict(ended: Ended): string | undefined {
    if (ended.verdict === undefined) return undefined;
    const { setting, order } = this.#trace.started;
    const traitors = [...this.#traitors];
    const decisions = new Map(
      [...this.#decisions]
        .filter(([general, { isInTime }]) => isInTime && !this.#traitors.has(general))
        .map(([general, { vote }]) => [general, vote]),
    );
    const isOver = this.#closed.has(protocolOf(setting).phaseCount(setting));
    const filled = [...this.#filled.values()];
    const lost = isOver ? lostGenerals({ setting, traitors, filled, decided: [...decisions.keys()] }) : [];
    this.#verdict = judge({ setting, order, traitors, lost, decisions, isOver });
    const wrong = (['agreement', 'validity', 'termination'] as const).find(
      (name) => JSON.stringify(this.#verdict?.[name]) !== JSON.stringify(ended.verdict?.[name]),
    );
    if (wrong !== undefined) {
      return `${wrong}: the record says "${ended.verdict[wrong].because}"; it comes to "${this.#verdict[wrong].because}"`;
    }
    const isEqual =
      ended.verdict.isWithin === this.#verdict.isWithin &&
      ended.verdict.faultCount === this.#verdict.faultCount;
    return isEqual ? undefined : 'the record says another number of faults than it shows';
  }
}

/** How a message differs from what is due in its slot; undefined when it does not. */
function differing(
  message: TraceMessage,
  due: Message,
  loyal: Message | undefined,
  isTraitor: boolean,
): string | undefined {
  const why = isTraitor ? 'by its plan it says' : 'from what it had heard follows';
  for (const [place, entry] of message.entries.entries()) {
    const expected = due.entries[place];
    if (expected === undefined || !isSameEntry(entry, expected)) {
      const instead = expected === undefined ? 'nothing' : valueWords(expected);
      return `${told(message)} ${valueWords(entry)}; ${why} ${instead}`;
    }
    if (entry.isFalse !== isLie(entry, loyal, isTraitor)) {
      return `${told(message)} ${valueWords(entry)}, which is ${entry.isFalse ? 'no lie' : 'a lie'}, and the record says otherwise`;
    }
  }
  const missing = due.entries[message.entries.length];
  return missing === undefined ? undefined : `${told(message)} nothing more; ${why} ${valueWords(missing)}`;
}

function isSameEntry(left: Entry, right: Entry): boolean {
  return (
    left.vote === right.vote &&
    left.path.length === right.path.length &&
    left.path.every((general, place) => general === right.path[place])
  );
}

/** A value that the loyal core of the sender would not have said. */
function isLie(entry: TraceEntry, loyal: Message | undefined, isTraitor: boolean): boolean {
  return isTraitor && loyal?.entries.some((one) => isSameEntry(one, entry)) !== true;
}

function valueWords({ path, vote }: Entry): string {
  return path.length < 2 ? vote : `${vote} (${pathWords(path.slice(0, -1))})`;
}
