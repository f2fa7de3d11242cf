/**
 * The messages of a record as people see them: judged, and with the lies marked. A traitor lies where its loyal engine, fed what the
 * space says the traitor was told, would not have said so. Loyal generals never lie, so nobody else is asked.
 */
import type { Entry, GeneralId, Input, Message, Protocol, Slot } from '../consensus/index.js';
import { everyone, protocolOf } from '../consensus/index.js';
import { roundSpace } from '../general-node/index.js';
import { MessageJudge } from './judged-messages.js';
import type { RecordedMessage } from './orchestrator.js';
import type { RecordedTuple, RoundRecord } from './record.js';

/** Shows the messages of a record one by one, in the order of the space; the record may grow meanwhile. */
export class MessageView {
  readonly #judge: MessageJudge;
  readonly #record: RoundRecord;
  readonly #shadows: ReadonlyMap<GeneralId, Shadow>;
  readonly #closed = new Set<number>();

  constructor(record: RoundRecord) {
    this.#record = record;
    this.#judge = new MessageJudge(record);
    const ids = record.lab.traitors.map(({ general }) => general);
    this.#shadows = new Map(ids.map((general) => [general, new Shadow(record, general)]));
  }

  show(recorded: RecordedTuple): RecordedMessage {
    const { message, revision } = recorded;
    const { phase, from, to } = message;
    this.#closeUpTo(revision);
    const counts = this.#judge.take(recorded);
    for (const [general, shadow] of this.#shadows) {
      if (to === general || (to === everyone && from !== general)) shadow.take({ kind: 'message', message });
    }
    const shadow = this.#shadows.get(from);
    const entries = message.entries.map((entry) => ({
      path: entry.path,
      vote: entry.vote,
      isFalse: shadow !== undefined && !shadow.wouldSay(message, entry),
      // A stray in a signed round has an empty chain, which is none.
      ...(entry.signatures?.length ? { signatures: entry.signatures } : {}),
    }));
    return { phase, from, to, entries, counts };
  }

  #closeUpTo(revision: bigint): void {
    for (const [phase, closedAt] of this.#record.closes) {
      if (closedAt > revision || this.#closed.has(phase)) continue;
      this.#closed.add(phase);
      for (const shadow of this.#shadows.values()) shadow.take({ kind: 'close', phase });
    }
  }
}

/** The messages of a whole record as people see them. */
export function recordedMessages(record: RoundRecord): readonly RecordedMessage[] {
  const view = new MessageView(record);
  return record.messages.map((recorded) => view.show(recorded));
}

/** A traitor's loyal engine. */
class Shadow {
  readonly #protocol: Protocol<unknown>;
  readonly #sent = new Map<string, ReadonlySet<string>>();
  #state: unknown;

  constructor({ round, lab, keys }: RoundRecord, general: GeneralId) {
    const { setting, number } = round;
    this.#protocol = protocolOf(setting);
    this.#state = this.#protocol.init(setting, general, keys.signing(roundSpace(number)));
    const hasInput = setting.isCouncil || general === setting.commander;
    const order = lab.inputs?.get(general) ?? lab.order;
    this.take(hasInput ? { kind: 'start', order } : { kind: 'start' });
  }

  take(input: Input): void {
    const { state, outputs } = this.#protocol.step(this.#state, input);
    this.#state = state;
    for (const output of outputs) {
      if (output.kind !== 'send') continue;
      for (const message of output.messages)
        this.#sent.set(slotKey(message), new Set(message.entries.map(entryKey)));
    }
  }

  wouldSay(message: Message, entry: Entry): boolean {
    return this.#sent.get(slotKey(message))?.has(entryKey(entry)) ?? false;
  }
}

/** Keys for maps only; nothing is read from them. */
function slotKey({ phase, to }: Slot): string {
  return `${phase} ${to}`;
}

function entryKey({ path, vote }: Entry): string {
  return `${vote} ${path.join('>')}`;
}
