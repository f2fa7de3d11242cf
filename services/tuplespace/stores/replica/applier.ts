/**
 * The applying side of a replica: takes the log's entries in order and makes each command a step of the state machine. Nothing here
 * waits, reads a clock or knows the store; so replicas that applied the same entries are in the same state.
 */
import { ServiceError } from '../../../runtime/index.js';
import type { CheckedCall, Machine, Reach, Steps } from '../memory/index.js';
import { Machine as NewMachine, type Pace } from '../memory/index.js';
import {
  type Batch,
  type Command,
  type CommandKind,
  type Configuration,
  decodeBatch,
  decodeCommand,
  type ProposedCommand,
  StaleSearch,
} from './command.js';
import { type LogTime, SeededTexts } from './drive.js';
import type { LogEntry } from './log.js';

/** A batch of this replica, as it was proposed. */
export type ProposedBatch = Omit<Batch, 'commands'> & { readonly commands: readonly ProposedCommand[] };

/** What a command came to. */
export type Outcome = { readonly answer: unknown } | { readonly error: unknown };

export interface ApplierOptions {
  readonly pace: Pace & { readonly time: LogTime };
  /** Called with what each batch came to, command by command, in the step that applied it. */
  readonly onOutcome: (batch: { replica: string; number: number }, index: number, outcome: Outcome) => void;
  /** Called before a machine is replaced by another, with the same state and other options. */
  readonly onReplaced: (machine: Machine) => void;
}

export class Applier {
  /** Position of the last entry that was applied. */
  position = 0;
  readonly #options: ApplierOptions;
  #made: { readonly machine: Machine; readonly texts: SeededTexts; configuration: Configuration } | undefined;

  constructor(options: ApplierOptions) {
    this.#options = options;
  }

  /** Undefined before the log's first entry. */
  get machine(): Machine | undefined {
    return this.#made?.machine;
  }

  get configuration(): Configuration | undefined {
    return this.#made?.configuration;
  }

  /** @param proposed what the entry's body was made from, where that is known; it comes to the same */
  apply({ position, timeMs, body }: LogEntry, proposed?: ProposedBatch): void {
    const batch = proposed ?? decodeBatch(body);
    this.#options.pace.time.set(timeMs);
    this.position = position;
    batch.commands.forEach((command, i) => {
      this.#options.onOutcome(batch, i, this.#outcomeOf(command));
    });
  }

  /** The state as parts from which `restore` makes an equal one. */
  *dump(): Generator<Uint8Array> {
    if (this.#made === undefined) return;
    const { machine, texts, configuration } = this.#made;
    const timeMs = this.#options.pace.time.nowMs();
    const head: Head = { format: 1, textCount: texts.count, configuration, timeMs };
    yield Buffer.from(JSON.stringify(head));
    yield* machine.dump();
  }

  /** Takes the state of a snapshot at this position. */
  async restore(position: number, parts: AsyncIterable<Uint8Array>): Promise<void> {
    const iterator = parts[Symbol.asyncIterator]();
    const first = await iterator.next();
    const head = headOf(first.value);
    const texts = new SeededTexts(head.configuration.seed, head.textCount);
    this.#options.pace.time.set(head.timeMs);
    const machine = this.#newMachine(head.configuration, texts);
    await machine.restore({ [Symbol.asyncIterator]: () => iterator });
    texts.count = head.textCount;
    this.#made = { machine, texts, configuration: head.configuration };
    this.position = position;
  }

  #outcomeOf(command: Command | ProposedCommand): Outcome {
    try {
      return { answer: 'checked' in command ? this.#stepProposed(command) : this.#step(command) };
    } catch (error) {
      return { error };
    }
  }

  /** Makes a step of what was checked when it was proposed, if that is still good. */
  #stepProposed(command: ProposedCommand): unknown {
    const { kind, checked, tokenHash, reach } = command;
    const steps = this.#made?.machine.steps(tokenHash === '' ? undefined : tokenHash);
    if (checked === undefined || steps?.isStillGood(checked) !== true)
      return this.#step(decodeCommand(command));
    this.#checkReach(checked.request.space, reach);
    return stepChecked(steps, kind, checked);
  }

  #step(command: Command): unknown {
    if (command.kind === 'configure') return this.#configure(command.request);
    const machine = this.#made?.machine;
    if (machine === undefined) throw new Error('the log does not begin with its configuration');
    if ('space' in command.request) this.#checkReach(command.request.space, command.reach);
    const { tokenHash } = command;
    const steps = machine.steps(tokenHash);
    switch (command.kind) {
      case 'write':
        return steps.write(command.request);
      case 'tryTake':
        return steps.tryTake(command.request);
      case 'take':
        return steps.take({ ...command.request, waitMs: 0 });
      case 'settle':
        return steps.settle(command.request);
      case 'lease':
        return steps.lease(command.request);
      case 'putSpace':
        return machine.adminSteps(tokenHash).putSpace(command.request);
      case 'dropSpace':
        return machine.adminSteps(tokenHash).dropSpace(command.request);
      case 'putToken':
        return machine.adminSteps(tokenHash).putToken(command.request);
      case 'revokeToken':
        return machine.adminSteps(tokenHash).revokeToken(command.request);
      case 'record':
        return machine.gate(tokenHash).record(command.request);
      case 'admit':
        return machine.callers.admit(command.request.tokenHash, command.request.caller);
      case 'expire':
        return machine.spaces.expire();
      case 'renew':
        return machine.spaces.renew();
    }
  }

  #checkReach(space: string, reach: Reach | undefined): void {
    const spaces = this.#made?.machine.spaces;
    if (reach === undefined || spaces?.has(space) !== true) return;
    if (!spaces.get(space).isWithin(reach)) throw new StaleSearch();
  }

  /** The first one makes the machine; another one keeps its state and its seed. */
  #configure(wanted: Configuration): void {
    if (this.#made === undefined) {
      const texts = new SeededTexts(wanted.seed);
      this.#made = { machine: this.#newMachine(wanted, texts), texts, configuration: wanted };
      return;
    }
    const { machine, texts, configuration } = this.#made;
    const next = { ...configuration, options: wanted.options };
    if (JSON.stringify(next) === JSON.stringify(configuration)) return;
    const { count } = texts;
    const replacement = this.#newMachine(next, texts);
    replacement.restoreNow([...machine.dump()]);
    texts.count = count;
    this.#options.onReplaced(machine);
    this.#made = { machine: replacement, texts, configuration: next };
  }

  #newMachine({ options }: Configuration, texts: SeededTexts): Machine {
    const { pace } = this.#options;
    return new NewMachine(options, { pace, randomText: () => texts.next(), areEffectsGuarded: false });
  }
}

/** First part of a snapshot. */
interface Head {
  readonly format: 1;
  readonly textCount: number;
  readonly configuration: Configuration;
  readonly timeMs: number;
}

function headOf(part: Uint8Array = Buffer.alloc(0)): Head {
  let head: Head | undefined;
  try {
    head = JSON.parse(Buffer.from(part).toString()) as Head;
  } catch {
    // Said below, with what was found.
  }
  if (head?.format === 1) return head;
  const found = head === undefined ? 'of no format' : `of format ${String(head.format)}`;
  throw new ServiceError('failed_precondition', `the log's snapshot is ${found}, this version reads 1`);
}

function stepChecked(steps: Steps, kind: CommandKind, call: CheckedCall): unknown {
  switch (call.kind) {
    case 'write':
      return steps.write(call.request);
    case 'take':
      return kind === 'tryTake' ? steps.tryTake(call.request) : steps.take(call.request);
    case 'settle':
      return steps.settle(call.request);
    case 'lease':
      return steps.lease(call.request);
  }
}
