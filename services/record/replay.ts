/**
 * Proves that a record is consistent: the core is run on it again, and everything that a general said or decided must be what its
 * core makes of what stands before it in the record. What a traitor can have said follows from its strategy and the seed of the round, so
 * its lies are computed again too. Times and metrics are what was measured; nothing is proved of them.
 */
import type { GeneralId, Slot, Verdict, Vote } from '../consensus/index.js';
import { judge, lostGenerals, protocolOf, slotKey } from '../consensus/index.js';
import { differing } from './differing.js';
import type { Moment } from './fold.js';
import { RoundFold, rerunning } from './fold.js';
import type { SigningOf, VerifySignature } from './signatures.js';
import type { Ended, Trace, TraceEvent, TraceMessage } from './trace.js';
import { messagesOf } from './trace.js';
import { TraitorRun } from './traitor-run.js';

/** Something in the record that does not follow from what stands before it. */
export interface Mismatch {
  /** Place in the list of events. */
  readonly index: number;
  readonly what: 'message' | 'decision' | 'verdict';
  /** One sentence; no full stop. */
  readonly because: string;
}

export interface Replay {
  /** What each loyal general decided by the record, and by its core; undefined where there is none. */
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
  /** Why nothing was proved; undefined when the core was run. */
  readonly unproved: string | undefined;
}

/** O(what the cores of all generals make of the record). Without `verify` a signed round is not proved. */
export function replayTrace(trace: Trace, verify?: VerifySignature): Replay {
  const { signing, unproved } = rerunning(trace.events, trace.started, verify);
  if (unproved !== undefined) return shownOnly(trace, unproved);
  const run = new Rerun(trace, signing);
  for (const [index, event] of trace.events.entries()) run.take(event, index);
  return run.result();
}

function shownOnly(trace: Trace, unproved: string): Replay {
  const traitors = new Set(trace.started.traitors.map(({ general }) => general));
  const said = new Map(
    trace.events.flatMap((event) => (event.kind === 'decision' ? [[event.general, event.vote]] : [])),
  );
  const loyal = trace.started.setting.generals.filter((general) => !traitors.has(general));
  return {
    decisions: loyal.map((general) => ({ general, recorded: said.get(general), computed: undefined })),
    verdict: undefined,
    mismatches: [],
    messageCount: messagesOf(trace).length,
    unproved,
  };
}

class Rerun {
  readonly #trace: Trace;
  readonly #fold: RoundFold;
  readonly #traitors: ReadonlyMap<GeneralId, TraitorRun>;
  readonly #filled = new Map<string, Slot>();
  readonly #closed = new Set<number>();
  /** Decisions in time, and late ones. */
  readonly #decisions = new Map<GeneralId, { readonly vote: Vote; readonly isInTime: boolean }>();
  readonly #mismatches: Mismatch[] = [];
  #verdict: Verdict | undefined;
  #messageCount = 0;

  constructor(trace: Trace, signing: SigningOf | undefined) {
    const { started } = trace;
    this.#trace = trace;
    this.#fold = new RoundFold(started, signing);
    this.#traitors = new Map(
      started.traitors.map((spec) => [spec.general, new TraitorRun(started, spec, signing?.(spec.general))]),
    );
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
      case 'key':
      case 'moved':
      case 'report':
        break;
    }
    this.#fold.take(event);
    for (const traitor of this.#traitors.values()) traitor.take(event);
  }

  result(): Replay {
    const { setting } = this.#trace.started;
    return {
      decisions: setting.generals
        .filter((general) => !this.#traitors.has(general))
        .map((general) => ({
          general,
          recorded: this.#decisions.get(general)?.vote,
          computed: this.#fold.moment.get(general)?.decision,
        })),
      verdict: this.#verdict,
      mismatches: this.#mismatches,
      messageCount: this.#messageCount,
      unproved: undefined,
    };
  }

  #wrongMessage(message: TraceMessage, moment: Moment): string | undefined {
    const counts = this.#count(message);
    const sender = moment.get(message.from);
    if (sender === undefined) return `${message.from} is no general of the round`;
    const loyal = sender.sent.get(slotKey(message));
    const traitor = this.#traitors.get(message.from);
    const due = traitor?.saidIn(message) ?? (loyal === undefined ? [] : [loyal]);
    const wrong = differing(message, { due, loyal, isTraitor: traitor !== undefined });
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
    // What a traitor decides means nothing, and nothing follows from it.
    if (computed === vote || this.#traitors.has(general)) return undefined;
    if (computed === undefined)
      return `${general} decided ${vote}, and what it had heard by then decides nothing`;
    return `${general} decided ${vote}; from what it had heard follows ${computed}`;
  }

  #wrongVerdict(ended: Ended): string | undefined {
    if (ended.verdict === undefined) return undefined;
    const { setting, order, inputs } = this.#trace.started;
    const traitors = [...this.#traitors.keys()];
    const decisions = new Map(
      [...this.#decisions]
        .filter(([general, { isInTime }]) => isInTime && !this.#traitors.has(general))
        .map(([general, { vote }]) => [general, vote]),
    );
    const isOver = this.#closed.has(protocolOf(setting).phaseCount(setting));
    const filled = [...this.#filled.values()];
    const lost = isOver ? lostGenerals({ setting, traitors, filled, decided: [...decisions.keys()] }) : [];
    const own = inputs === undefined ? {} : { inputs: new Map(Object.entries(inputs)) };
    this.#verdict = judge({ setting, order, ...own, traitors, lost, decisions, isOver });
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
