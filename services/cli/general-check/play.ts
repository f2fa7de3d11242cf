/**
 * Plays one case against the program, and judges what it wrote: by the pure core, fed what the space says the program was sent.
 */
import type { Deviation, Message, RecordEntry, Slot, SpaceRecord } from '../../consensus/index.js';
import { auditRecord, protocolOf, replayLoyal, simulateRound } from '../../consensus/index.js';
import {
  closeTuple,
  endTuple,
  isMessage,
  messageTuple,
  readClose,
  readDecision,
  readMessage,
} from '../../general-node/index.js';
import { any, type StoredTuple, template } from '../../tuplespace/index.js';
import type { CheckCase } from './cases.js';
import type { Enrolled, Stage, StagedRound } from './stage.js';

export interface PlayOptions {
  readonly stage: Stage;
  /** Of the program, as it is now. */
  readonly enrolled: Enrolled;
  /** Kills the program. */
  readonly kill: () => Promise<void>;
  /** Starts it anew and waits for its enrolment. */
  readonly start: () => Promise<Enrolled>;
  /** How long the program may take to answer, in ms. */
  readonly answerMs: number;
}

export interface Played {
  /** What was wrong, in words; empty when the program passed. */
  readonly problems: readonly string[];
  /** The program may have been started anew. */
  readonly enrolled: Enrolled;
}

export async function play(checked: CheckCase, options: PlayOptions): Promise<Played> {
  const { stage } = options;
  const { setting, order, general } = checked;
  const protocolVersion = checked.protocolVersion ?? protocolOf(setting).version;
  const round = await stage.prepare({ setting, order, protocolVersion });
  await stage.seat(round, { node: options.enrolled, general, epoch: 2 });
  const enrolled = await speak(checked, round, options);
  const tuples = await stage.tuples(round);
  const { entries: refused } = await stage.space.readAudit({ space: round.space, limit: 1_000 });
  await stage.space.write({
    space: round.space,
    tuples: [endTuple({ kind: 'cancelled', because: 'checked' })],
  });
  await stage.withdraw(round);
  const second = refused
    .filter(({ callerId }) => callerId === general)
    .map(({ operation, rule }) =>
      rule === 'slot'
        ? 'it wrote a second, different tuple where one stood'
        : `the space refused it to ${operation} something (${rule})`,
    );
  return { problems: [...second, ...judge(checked, tuples)], enrolled };
}

/** The others say their part, phase by phase, each time waiting for what the program has to say to it. */
async function speak(
  checked: CheckCase,
  round: StagedRound,
  { stage, enrolled, kill, start, answerMs }: PlayOptions,
): Promise<Enrolled> {
  const { setting, general, decision, closes, tamper } = checked;
  const { messages } = simulateRound({ ...checked, seed: 0 });
  const phaseCount = protocolOf(setting).phaseCount(setting);
  const phases = checked.phaseOrder ?? Array.from({ length: phaseCount }, (_, phase) => phase);
  const waitMs = decision === 'none' ? Math.min(answerMs, quietMs) : answerMs;
  let current = enrolled;
  if (general === setting.commander) await heard(stage, round, own(messages, general, 0), waitMs);
  for (const phase of phases) {
    const isKilledNow = checked.isRestarted === true && phase === 1;
    if (isKilledNow) await kill();
    for (const message of messages) {
      if (message.phase !== phase || message.to !== general) continue;
      const tuples = [tamper?.(message) ?? messageTuple(message)];
      await round.as(message.from).write({ space: round.space, tuples });
    }
    if (closes.includes(phase)) await stage.space.write({ space: round.space, tuples: [closeTuple(phase)] });
    if (isKilledNow) {
      current = await start();
      // A program that is another process now is given the seat anew.
      const isOther = current.incarnation !== enrolled.incarnation;
      if (isOther) await stage.seat(round, { node: current, general, epoch: 3 });
    }
    // Until the order has come, early relays call for no answer.
    const isAnswerDue = phases.indexOf(0) <= phases.indexOf(phase);
    if (isAnswerDue) await heard(stage, round, own(messages, general, phase + 1), waitMs);
  }
  await stage.space.read({
    space: round.space,
    templates: [template('decision', general, any)],
    min: 1,
    waitMs,
  });
  return current;
}

/** A program that must say nothing is watched for this long, in ms. */
const quietMs = 1_000;

function own(messages: readonly Message[], general: string, phase: number): readonly Message[] {
  return messages.filter((message) => message.from === general && message.phase === phase);
}

/** Waits until the program has filled these slots, or has had its time. */
async function heard(
  stage: Stage,
  { space }: StagedRound,
  slots: readonly Slot[],
  waitMs: number,
): Promise<void> {
  const [first] = slots;
  if (first === undefined) return;
  const phase = BigInt(first.phase);
  const templates = [
    template('proposal', first.from, any, any, phase),
    template('vote', first.from, any, any, phase, any),
  ];
  await stage.space.read({ space, templates, min: slots.length, waitMs });
}

function judge(checked: CheckCase, tuples: readonly StoredTuple[]): readonly string[] {
  const { general, decision } = checked;
  const written = tuples.filter(({ writer }) => writer === general);
  if (decision === 'none') {
    return written.length === 0 ? [] : [`it wrote ${written.length} tuples, and was to write none`];
  }
  const record = recordOf(checked, tuples);
  const loyal = replayLoyal(record, general);
  const decided = tuples.map(readDecision).find((one) => one?.general === general)?.vote;
  const spoken = new Set(
    record.entries.flatMap((entry) =>
      entry.kind === 'message' && entry.message.from === general ? [slotText(entry.message)] : [],
    ),
  );
  const silent = [...loyal.sent.values()]
    .filter((message) => !spoken.has(slotText(message)))
    .map((message) => `it said nothing to ${slotText(message)}`);
  const wrong = auditRecord(record)
    .filter(({ slot }) => slot.from === general)
    .map(deviationText);
  const strange = strangeTuples(written);
  const verdict =
    decided === decision ? [] : [`it decided ${decided ?? 'nothing'}, and was to decide ${decision}`];
  return [...strange, ...wrong, ...silent, ...verdict];
}

/** Tuples that look like messages of the program and cannot be read as such. */
function strangeTuples(written: readonly StoredTuple[]): readonly string[] {
  return written
    .filter((tuple) => isMessage(tuple))
    .flatMap((tuple) => {
      const read = readMessage(tuple);
      if (read.kind === 'message' && read.malformedCount === 0) return [];
      const why = read.kind === 'forged_sender' ? 'under another name' : 'that cannot be read';
      return [`it wrote a ${String(tuple.values[0])} ${why}`];
    });
}

function recordOf({ setting, order }: CheckCase, tuples: readonly StoredTuple[]): SpaceRecord {
  const entries = tuples.flatMap((tuple): RecordEntry[] => {
    const phase = readClose(tuple);
    if (phase !== undefined) return [{ kind: 'close', phase }];
    const read = isMessage(tuple) ? readMessage(tuple) : undefined;
    return read?.kind === 'message' ? [{ kind: 'message', message: read.message }] : [];
  });
  return { setting, order, entries };
}

function deviationText(deviation: Deviation): string {
  const { slot, path } = deviation;
  const where = `to ${slotText(slot)} by ${path.join(' > ')}`;
  switch (deviation.kind) {
    case 'false_value':
      return `it said ${deviation.said} ${where}, and was to say ${deviation.loyal}`;
    case 'left_out':
      return `it left out ${deviation.loyal} ${where}`;
    case 'not_owed':
      return `it said ${deviation.said} ${where}, which it does not owe`;
  }
}

function slotText({ phase, to }: Slot): string {
  return `${to} in phase ${phase}`;
}
