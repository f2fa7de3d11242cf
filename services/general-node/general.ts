/**
 * The shell of one general: reads its brief, feeds the core what the space says, writes what the core sends, and hands in the
 * decision. It holds no rule of agreement. A traitor is the same shell with a plan over the core's outputs.
 *
 * Everything it knows can be read from the space again: a general that starts anew replays its inbox from the first tuple and comes to
 * the same messages and the same decision.
 */
import type { Input, Signing, TraitorOutput } from '../consensus/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { onAbort, ServiceError } from '../runtime/index.js';
import type { StoredTuple, Tuple, TupleSpace, WatchFrame } from '../tuplespace/index.js';
import { follow } from '../tuplespace/index.js';
import type { Assignment } from './control-tuples.js';
import { Engine } from './engine.js';
import type { GeneralView } from './general-view.js';
import { Outbox } from './outbox.js';
import { type KeyPair, KeyRing } from './signing.js';
import { Stopwatch, totalSpent } from './stopwatch.js';
import { Treason } from './treason.js';
import type { Brief, RoundTuple } from './tuples.js';
import {
  briefTemplate,
  decisionTuple,
  inboxTemplates,
  isMessage,
  keyTuple,
  outboxTemplates,
  readBrief,
  readClose,
  readKeyTuple,
  readMessage,
  readRound,
  reportTuple,
  roundSpace,
  roundTemplate,
} from './tuples.js';

export interface GeneralOptions {
  readonly assignment: Assignment;
  /** The spaces as this general sees them. */
  readonly space: TupleSpace;
  readonly clock: Clock;
  /** With round and general on each line. */
  readonly log: Log;
  /** True when the seat was held before, here or elsewhere: it then looks for what it has sent already. */
  readonly hasPast: boolean;
  /** The pair of this seat and epoch, the same at each start; asked for in signed mode alone. */
  readonly keyPair: () => KeyPair;
}

export class General {
  readonly #options: GeneralOptions;
  readonly #stopwatch: Stopwatch;
  readonly #spaceName: string;
  readonly #outbox: Outbox;
  readonly #keys = new KeyRing();
  #round: RoundTuple | undefined;
  #engine: Engine | undefined;
  /** Of a traitor only. */
  #treason: Treason | undefined;
  #phase = 0;
  #decision: 'Attack' | 'Retreat' | undefined;
  #receivedCount = 0;

  constructor(options: GeneralOptions) {
    this.#options = options;
    this.#stopwatch = new Stopwatch(options.clock);
    this.#spaceName = roundSpace(options.assignment.round);
    this.#outbox = new Outbox({
      self: this.#self,
      log: options.log,
      write: (tuples, signal) => this.#write(tuples, signal),
    });
  }

  /**
   * Takes part in the round until it has decided. Errors: failed_precondition (another epoch has the seat, or the brief is missing
   * or pins a protocol that this node does not have), not_found (the round is gone), and what the space's calls give.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { space, clock } = this.#options;
    // One watch brings brief, mail and closes, in the order of the space.
    const own = this.#options.hasPast ? outboxTemplates(this.#self) : [];
    const templates = [roundTemplate, briefTemplate(this.#self), ...inboxTemplates(this.#self), ...own];
    const request = { space: this.#spaceName, templates, from: { revision: 0n } };
    // The next frame may still be waited for when a traitor has said its last.
    const ending = new AbortController();
    const stopListening = onAbort(signal, (reason) => ending.abort(reason));
    const frames = follow(space, request, { clock, signal: ending.signal });
    const standing: StoredTuple[] = [];
    try {
      let coming = frames.next();
      while (!this.#isDone) {
        const activity = this.#engine === undefined ? 'spaceCall' : 'waiting';
        const events = [coming, ...(this.#treason === undefined ? [] : [this.#treason.lastMoment()])];
        const next = await this.#stopwatch.during(activity, () => Promise.race(events));
        if (next === 'last-moment') {
          await this.#treason?.speakAtLastMoment(signal);
          continue;
        }
        if (next.done === true) return;
        await this.#take(next.value, standing, signal);
        if (!this.#isDone) coming = frames.next();
      }
    } finally {
      this.#treason?.stop();
      stopListening();
      ending.abort();
      await frames.return(undefined);
    }
  }

  view(): GeneralView {
    const votes = this.#engine?.explain();
    const setting = this.#round?.setting;
    return {
      phase: this.#phase,
      isCommander: !setting?.isCouncil && setting?.commander === this.#self,
      isTraitor: this.#treason !== undefined,
      ...(votes === undefined ? {} : { votes }),
      ...(this.#decision === undefined ? {} : { decision: this.#decision }),
      sentCount: this.#outbox.sentCount,
    };
  }

  get #self(): string {
    return this.#options.assignment.general;
  }

  /** It has decided, and no lie of its own is still to come. */
  get #isDone(): boolean {
    return this.#decision !== undefined && this.#treason?.isWaiting !== true;
  }

  async #take(frame: WatchFrame, standing: StoredTuple[], signal: AbortSignal): Promise<void> {
    if (frame.kind === 'events') {
      const written = frame.events.flatMap(({ kind, tuple }) => (kind === 'written' ? [tuple] : []));
      return this.#hearAll(written, signal);
    }
    if (frame.kind === 'progress') return this.#treason?.hearTime(frame.storeTimeMs);
    standing.push(...frame.tuples);
    if (frame.isLast) await this.#catchUp(standing.splice(0), signal);
  }

  /** Takes in what stood in the space: the brief first, then what this general has said before, then what it was told. */
  async #catchUp(standing: readonly StoredTuple[], signal: AbortSignal): Promise<void> {
    if (this.#engine === undefined) {
      const round = standing.map(readRound).find((one) => one !== undefined);
      const brief = standing.map(readBrief).find((one) => one !== undefined);
      if (round === undefined || brief === undefined) {
        throw new ServiceError('failed_precondition', `${this.#spaceName} has no brief for ${this.#self}`);
      }
      // The round's own tuple stands first.
      this.#begin(round, brief, await this.#signing(round, signal), standing[0]?.writtenAtMs ?? 0);
      this.#outbox.recall(standing);
      const order = brief.order === undefined ? {} : { order: brief.order };
      await this.#feed({ kind: 'start', ...order }, signal);
    }
    await this.#hearAll(standing, signal);
  }

  #begin(round: RoundTuple, brief: Brief, signing: Signing | undefined, begunAtMs: number): void {
    const engine = new Engine(round, brief, signing);
    this.#round = round;
    this.#engine = engine;
    this.#outbox.mode = round.setting.mode;
    if (brief.treason === undefined) return;
    const [{ phaseMs }, { phaseCount }, { clock }] = [round, engine, this.#options];
    this.#treason = new Treason({ engine, outbox: this.#outbox, clock, phaseMs, phaseCount, begunAtMs });
  }

  /** In signed mode makes the public key known, before anything is signed with its pair. */
  async #signing({ setting }: RoundTuple, signal: AbortSignal): Promise<Signing | undefined> {
    if (setting.mode !== 'signed') return undefined;
    const keyPair = this.#options.keyPair();
    const own = { general: this.#self, publicKey: keyPair.publicKey };
    this.#keys.add(own);
    await this.#write([keyTuple({ ...own, epoch: this.#options.assignment.epoch })], signal);
    return this.#keys.signing(this.#spaceName, keyPair);
  }

  async #hearAll(tuples: readonly StoredTuple[], signal: AbortSignal): Promise<void> {
    for (const tuple of tuples) await this.#hear(tuple, signal);
  }

  async #hear(tuple: StoredTuple, signal: AbortSignal): Promise<void> {
    const phase = readClose(tuple);
    if (phase !== undefined) {
      await this.#treason?.hearClose(phase, tuple.writtenAtMs, signal);
      return this.#feed({ kind: 'close', phase }, signal);
    }
    if (tuple.writer === this.#self) return;
    const key = readKeyTuple(tuple);
    if (key !== undefined) return this.#keys.add(key);
    if (!isMessage(tuple, this.#round?.setting.mode)) return;
    const heard = readMessage(tuple);
    if (heard.kind !== 'message') {
      return this.#note('message.ignored', { reason: heard.kind, writer: tuple.writer });
    }
    this.#receivedCount += heard.message.entries.length;
    return this.#feed({ kind: 'message', message: heard.message }, signal);
  }

  async #feed(input: Input, signal: AbortSignal): Promise<void> {
    const engine = this.#engine;
    if (engine === undefined) throw new Error('a general steps only after its brief');
    const outputs = this.#stopwatch.compute(() => engine.step(input));
    for (const output of outputs) await this.#act(output, signal);
  }

  async #act(output: TraitorOutput, signal: AbortSignal): Promise<void> {
    switch (output.kind) {
      case 'send':
        return this.#treason?.act(output, signal) ?? this.#outbox.send(output.messages, signal);
      case 'send-later':
      case 'stray':
        return this.#treason?.act(output, signal);
      case 'phase-ended':
        this.#phase = output.phase + 1;
        this.#stopwatch.enter(this.#phase);
        return this.#note('phase.ended', { phase: output.phase, by: output.by });
      case 'ignored':
        return this.#note('message.ignored', { reason: output.reason, ...output.slot });
      case 'decide':
        await this.#write([decisionTuple(this.#self, output.vote), this.#report()], signal);
        this.#decision = output.vote;
        return this.#note('general.decided', { vote: output.vote });
    }
  }

  #report() {
    const phases = this.#stopwatch.phases();
    const counts = { sentCount: this.#outbox.sentCount, receivedCount: this.#receivedCount };
    return reportTuple({ general: this.#self, ...totalSpent(phases), phases, ...counts });
  }

  #write(tuples: readonly Tuple[], signal: AbortSignal): Promise<unknown> {
    const write = () => this.#options.space.write({ space: this.#spaceName, tuples }, { signal });
    return this.#stopwatch.during('spaceCall', write);
  }

  #note(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.log.debug(event, fields);
  }
}
