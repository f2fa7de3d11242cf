/**
 * The shell of one general: reads its brief, feeds the core what the space says, writes what the core sends, and hands in the
 * decision. It holds no rule of agreement. A traitor is the same shell with a plan over the core's outputs.
 *
 * Everything it knows can be read from the space again: a general that starts anew replays its inbox from the first tuple and comes to
 * the same messages and the same decision.
 */
import type { Input, Output, Slot, VoteNode } from '../consensus/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { StoredTuple, Tuple, TupleSpace, WatchFrame } from '../tuplespace/index.js';
import { follow } from '../tuplespace/index.js';
import { Engine } from './engine.js';
import { Stopwatch } from './stopwatch.js';
import type { Assignment, RoundTuple } from './tuples.js';
import {
  briefTemplate,
  decisionTuple,
  inboxTemplates,
  isMessage,
  messageTuple,
  outboxTemplates,
  readBrief,
  readClose,
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
}

/** A general as people may look at it. */
export interface GeneralView {
  readonly phase: number;
  readonly isCommander: boolean;
  readonly isTraitor: boolean;
  readonly votes?: VoteNode;
  readonly decision?: 'Attack' | 'Retreat';
  readonly sentCount: number;
}

export class General {
  readonly #options: GeneralOptions;
  readonly #stopwatch: Stopwatch;
  readonly #spaceName: string;
  readonly #sentBefore = new Set<string>();
  #round: RoundTuple | undefined;
  #isTraitor = false;
  #engine: Engine | undefined;
  #phase = 0;
  #decision: 'Attack' | 'Retreat' | undefined;
  #sentCount = 0;
  #receivedCount = 0;

  constructor(options: GeneralOptions) {
    this.#options = options;
    this.#stopwatch = new Stopwatch(options.clock);
    this.#spaceName = roundSpace(options.assignment.round);
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
    const frames = follow(space, request, { clock, signal });
    const standing: StoredTuple[] = [];
    try {
      while (this.#decision === undefined) {
        const activity = this.#engine === undefined ? 'spaceCall' : 'waiting';
        const next = await this.#stopwatch.during(activity, () => frames.next());
        if (next.done === true) return;
        const frame = next.value;
        if (frame.kind === 'events') await this.#hearAll(written(frame), signal);
        if (frame.kind !== 'snapshot') continue;
        standing.push(...frame.tuples);
        if (frame.isLast) await this.#catchUp(standing.splice(0), signal);
      }
    } finally {
      await frames.return(undefined);
    }
  }

  view(): GeneralView {
    const votes = this.#engine?.explain();
    return {
      phase: this.#phase,
      isCommander: this.#round?.setting.commander === this.#self,
      isTraitor: this.#isTraitor,
      ...(votes === undefined ? {} : { votes }),
      ...(this.#decision === undefined ? {} : { decision: this.#decision }),
      sentCount: this.#sentCount,
    };
  }

  get #self(): string {
    return this.#options.assignment.general;
  }

  /** Takes in what stood in the space: the brief first, then what this general has said before, then what it was told. */
  async #catchUp(standing: readonly StoredTuple[], signal: AbortSignal): Promise<void> {
    if (this.#engine === undefined) {
      const round = standing.map(readRound).find((one) => one !== undefined);
      const brief = standing.map(readBrief).find((one) => one !== undefined);
      if (round === undefined || brief === undefined) {
        throw new ServiceError('failed_precondition', `${this.#spaceName} has no brief for ${this.#self}`);
      }
      this.#engine = new Engine(round, brief);
      this.#round = round;
      this.#isTraitor = brief.treason !== undefined;
      this.#recall(standing);
      const order = brief.order === undefined ? {} : { order: brief.order };
      await this.#feed({ kind: 'start', ...order }, signal);
    }
    await this.#hearAll(standing, signal);
  }

  /** Notes the slots that an earlier start of this general has filled; it never says anything else there. */
  #recall(standing: readonly StoredTuple[]): void {
    for (const tuple of standing) {
      if (tuple.writer !== this.#self || !isMessage(tuple)) continue;
      const said = readMessage(tuple);
      if (said.kind !== 'message') continue;
      this.#sentBefore.add(slotKey(said.message));
      this.#sentCount += said.message.entries.length;
    }
  }

  async #hearAll(tuples: readonly StoredTuple[], signal: AbortSignal): Promise<void> {
    for (const tuple of tuples) await this.#hear(tuple, signal);
  }

  async #hear(tuple: StoredTuple, signal: AbortSignal): Promise<void> {
    const phase = readClose(tuple);
    if (phase !== undefined) return this.#feed({ kind: 'close', phase }, signal);
    if (!isMessage(tuple) || tuple.writer === this.#self) return;
    const heard = readMessage(tuple);
    if (heard.kind !== 'message') {
      this.#note('message.ignored', { reason: heard.kind, writer: tuple.writer });
      return;
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

  async #act(output: Output, signal: AbortSignal): Promise<void> {
    switch (output.kind) {
      case 'send': {
        const fresh = output.messages.filter((message) => !this.#sentBefore.has(slotKey(message)));
        if (fresh.length === 0) return;
        await this.#write(fresh.map(messageTuple), signal);
        this.#sentCount += fresh.reduce((sum, { entries }) => sum + entries.length, 0);
        return;
      }
      case 'phase-ended':
        this.#phase = output.phase + 1;
        this.#note('phase.ended', { phase: output.phase, by: output.by });
        return;
      case 'ignored':
        this.#note('message.ignored', { reason: output.reason, ...output.slot });
        return;
      case 'decide':
        await this.#write([decisionTuple(this.#self, output.vote), this.#report()], signal);
        this.#decision = output.vote;
        this.#note('general.decided', { vote: output.vote });
        return;
    }
  }

  #report() {
    return reportTuple({
      general: this.#self,
      spaceCallMs: this.#stopwatch.spentMs('spaceCall'),
      waitingMs: this.#stopwatch.spentMs('waiting'),
      computeMs: this.#stopwatch.spentMs('compute'),
      sentCount: this.#sentCount,
      receivedCount: this.#receivedCount,
    });
  }

  async #write(tuples: readonly Tuple[], signal: AbortSignal): Promise<void> {
    const { space } = this.#options;
    await this.#stopwatch.during('spaceCall', () =>
      space.write({ space: this.#spaceName, tuples }, { signal }),
    );
  }

  #note(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.log.debug(event, fields);
  }
}

function slotKey({ phase, to }: Slot): string {
  return `${phase} ${to}`;
}

function written({ events }: Extract<WatchFrame, { kind: 'events' }>): readonly StoredTuple[] {
  return events.filter(({ kind }) => kind === 'written').map(({ tuple }) => tuple);
}
