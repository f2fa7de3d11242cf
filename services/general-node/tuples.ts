/**
 * The catalogue: every tuple of a round's space, how it is written and how it is read back; those of the control space stand in
 * control-tuples.ts.
 * Nobody else builds or takes apart these tuples. A reader believes the writer that the space stamped, never a field.
 *
 * In a round's space (`round-<number>`):
 *   ["proposal", …], ["vote", …]                        what a general says, in the form of the round's mode: message-tuples.ts
 *   ["key", general, epoch, publicKey]                  that general, in signed mode, before it says anything
 *   ["close", phase]                                    the orchestrator; phase = number of phases ends the decisions
 *   ["decision", general, vote]                         that general, once
 *   ["report", general, spaceCallMs, waitingMs, computeMs, sent, received, phases]   that general, with its decision; phases: the times
 *                                                       of each phase again, three doubles for each
 *   ["round", number, protocol, version, mode, generals, commander | null, m, phaseMs]   the orchestrator, first of all; null: a council
 *   ["brief", general, order | null, treason | null]    the orchestrator, to one general; treason is JSON (see Treason)
 *   ["lab", seed, order, traitors, inputs]              the orchestrator, for itself; traitors is JSON (TraitorSpec[]), inputs too
 *   ["seat", general, node, epoch]                      the orchestrator
 *   ["trace", traceparent]                              the orchestrator, in a round that is traced
 *   ["verdict", summary, result]                        the orchestrator, once; result is JSON of what it concluded
 *   ["cancelled", because]                              the orchestrator, instead of a verdict
 */
import type { GeneralId, Setting, TraitorSpec, Vote } from '../consensus/index.js';
import { findProtocol } from '../consensus/index.js';
import type {
  SpaceLimits,
  SpaceSettings,
  StoredTuple,
  Template,
  Tuple,
  UniqueRule,
} from '../tuplespace/index.js';
import { any, roundSpacePrefix, template } from '../tuplespace/index.js';
import { mailTemplates, slotRules } from './message-tuples.js';
import { roundPolicy } from './round-policy.js';
import type { TimeSpent } from './stopwatch.js';

/** Who writes what no general and no node may: the id that the space stamps for an orchestrator. */
export const orchestratorId = 'orchestrator';

/** The name of a round's space. */
export function roundSpace(number: number): string {
  return `${roundSpacePrefix}${number}`;
}

/** One tuple per slot (phase, writer, to), one decision, one of each close, one end. */
const roundUniqueRules: readonly UniqueRule[] = [
  ...slotRules,
  // A round is opened once, and an epoch of a seat is spent once, also when two orchestrators try.
  {
    name: 'round',
    template: template('round', any, any, any, any, any, any, any, any),
    fields: [],
    isPerWriter: true,
  },
  { name: 'lab', template: template('lab', any, any, any, any), fields: [], isPerWriter: true },
  { name: 'seat', template: template('seat', any, any, any), fields: [1, 3], isPerWriter: true },
  { name: 'key', template: template('key', any, any, any), fields: [2], isPerWriter: true },
  { name: 'decision', template: template('decision', any, any), fields: [], isPerWriter: true },
  { name: 'close', template: template('close', any), fields: [1], isPerWriter: true },
  { name: 'end', template: template('verdict', any, any), fields: [], isPerWriter: true },
  { name: 'end', template: template('cancelled', any), fields: [], isPerWriter: true },
];

/** How the space of a round of this mode is made. */
export function roundSettings(setting: Setting): SpaceSettings {
  const phaseCount = findProtocol(setting)?.phaseCount(setting) ?? 1;
  return {
    uniqueRules: roundUniqueRules,
    policy: roundPolicy(setting.mode),
    limits: generalLimits(setting.generals.length, phaseCount),
  };
}

/** Twice what a general can owe: a tuple to each other one in each phase, key, decision and report; it follows the round by one watch. */
function generalLimits(generalCount: number, phaseCount: number): Partial<SpaceLimits> {
  const callerTuplesMax = 2 * (generalCount * phaseCount + 3);
  return {
    callerTuplesMax,
    callerWritesPerSecondMax: 100 + callerTuplesMax,
    callerWaitersMax: 16,
    callerWatchesMax: 16,
  };
}

/** What a traitor's brief adds to a loyal one: its part of the common plan. */
export interface Treason {
  readonly seed: number;
  readonly traitors: readonly GeneralId[];
  readonly spec: TraitorSpec;
}

/** What every general of a round reads first. */
export interface RoundTuple {
  readonly number: number;
  readonly setting: Setting;
  readonly protocolVersion: number;
  readonly phaseMs: number;
}

export interface Brief {
  readonly general: GeneralId;
  /** The commander's; in a council every general has one, its input. */
  readonly order?: Vote;
  readonly treason?: Treason;
}

/** What one general measured; counts are of values. */
export interface Report extends TimeSpent {
  readonly general: GeneralId;
  /** What it spent in each phase, the first one first; none where it does not say. */
  readonly phases: readonly TimeSpent[];
  readonly sentCount: number;
  readonly receivedCount: number;
}

// --- messages ---------------------------------------------------------------------------------------------------------------------

export {
  isMessage,
  type MessageReading,
  messageTemplates,
  messageTuple,
  outboxTemplates,
  readMessage,
} from './message-tuples.js';

/** What one general follows: its mail, the board, the keys and the closes. */
export function inboxTemplates(general: GeneralId): readonly Template[] {
  return [...mailTemplates(general), keyTemplate, template('close', any)];
}

/** A general's public key in one epoch of its seat; 32 bytes of Ed25519. */
export interface KeyTuple {
  readonly general: GeneralId;
  readonly epoch: number;
  readonly publicKey: Uint8Array;
}

export function keyTuple({ general, epoch, publicKey }: KeyTuple): Tuple {
  return ['key', general, BigInt(epoch), publicKey];
}

export const keyTemplate: Template = template('key', any, any, any);

/** A key that its general wrote itself, in the epoch that it names; undefined for anything else. */
export function readKeyTuple({ values, writer, writerEpoch }: StoredTuple): KeyTuple | undefined {
  const [kind, general, epoch, publicKey] = values;
  if (kind !== 'key' || values.length !== 4 || general !== writer || !(publicKey instanceof Uint8Array))
    return undefined;
  return epoch === BigInt(writerEpoch) ? { general: writer, epoch: writerEpoch, publicKey } : undefined;
}

// --- the other tuples of a round --------------------------------------------------------------------------------------------------

export function closeTuple(phase: number): Tuple {
  return ['close', BigInt(phase)];
}

/** The phase that a tuple closes; undefined unless the orchestrator wrote it. */
export function readClose({ values, writer }: StoredTuple): number | undefined {
  const [kind, phase] = values;
  return kind === 'close' && typeof phase === 'bigint' && writer === orchestratorId
    ? Number(phase)
    : undefined;
}

export function decisionTuple(general: GeneralId, vote: Vote): Tuple {
  return ['decision', general, vote];
}

export const decisionTemplate: Template = template('decision', any, any);

/** A decision that its general wrote itself; undefined for anything else. */
export function readDecision({
  values,
  writer,
}: StoredTuple): { general: GeneralId; vote: Vote } | undefined {
  const [kind, general, vote] = values;
  if (kind !== 'decision' || general !== writer) return undefined;
  return vote === 'Attack' || vote === 'Retreat' ? { general: writer, vote } : undefined;
}

export function reportTuple(report: Report): Tuple {
  return [
    'report',
    report.general,
    report.spaceCallMs,
    report.waitingMs,
    report.computeMs,
    BigInt(report.sentCount),
    BigInt(report.receivedCount),
    report.phases.flatMap(({ spaceCallMs, waitingMs, computeMs }) => [spaceCallMs, waitingMs, computeMs]),
  ];
}

/** A report that its general wrote itself; undefined for anything else. */
export function readReport({ values, writer }: StoredTuple): Report | undefined {
  const [kind, general, spaceCallMs, waitingMs, computeMs, sent, received, times] = values;
  if (kind !== 'report' || general !== writer) return undefined;
  if (typeof spaceCallMs !== 'number' || typeof waitingMs !== 'number' || typeof computeMs !== 'number')
    return undefined;
  if (typeof sent !== 'bigint' || typeof received !== 'bigint') return undefined;
  if (!Array.isArray(times) || !times.every((ms) => typeof ms === 'number')) return undefined;
  return {
    general: writer,
    spaceCallMs,
    waitingMs,
    computeMs,
    phases: Array.from({ length: Math.floor(times.length / 3) }, (_, phase) => {
      const [calls = 0, waited = 0, computed = 0] = times.slice(3 * phase);
      return { spaceCallMs: calls, waitingMs: waited, computeMs: computed };
    }),
    sentCount: Number(sent),
    receivedCount: Number(received),
  };
}

export function roundTuple({ number, setting, protocolVersion, phaseMs }: RoundTuple): Tuple {
  const { protocol, mode, generals, commander, isCouncil, traitorsMax } = setting;
  return [
    'round',
    BigInt(number),
    protocol,
    BigInt(protocolVersion),
    mode,
    generals,
    isCouncil ? null : commander,
    BigInt(traitorsMax),
    BigInt(phaseMs),
  ];
}

export const roundTemplate: Template = template('round', any, any, any, any, any, any, any, any);

/** The orchestrator's own word, so its fields are trusted once the writer is. */
export function readRound(tuple: StoredTuple): RoundTuple | undefined {
  const { values, writer } = tuple;
  if (values[0] !== 'round' || values.length !== 9 || writer !== orchestratorId) return undefined;
  const [, number, protocol, version, mode, generals, commander, m, phaseMs] = values;
  return {
    number: Number(number),
    setting: {
      protocol: protocol as Setting['protocol'],
      mode: mode as Setting['mode'],
      generals: generals as readonly GeneralId[],
      commander: (commander ?? (generals as readonly GeneralId[])[0]) as GeneralId,
      isCouncil: commander === null,
      traitorsMax: Number(m),
    },
    protocolVersion: Number(version),
    phaseMs: Number(phaseMs),
  };
}

export function briefTuple({ general, order, treason }: Brief): Tuple {
  return ['brief', general, order ?? null, treason === undefined ? null : JSON.stringify(treason)];
}

export function briefTemplate(general: GeneralId): Template {
  return template('brief', general, any, any);
}

export function readBrief({ values, writer }: StoredTuple): Brief | undefined {
  const [kind, general, order, treason] = values;
  if (kind !== 'brief' || writer !== orchestratorId) return undefined;
  return {
    general: general as GeneralId,
    ...(order === null ? {} : { order: order as Vote }),
    ...(treason === null ? {} : { treason: JSON.parse(treason as string) as Treason }),
  };
}

/** What the orchestrator knows and no loyal general does. */
export interface Lab {
  readonly seed: number;
  readonly order: Vote;
  readonly traitors: readonly TraitorSpec[];
  /** Of a council, the inputs that differ from `order`. */
  readonly inputs?: ReadonlyMap<GeneralId, Vote>;
}

/** What the round is a part of, as a W3C traceparent. */
export function traceTuple(trace: string): Tuple {
  return ['trace', trace];
}

export const traceTemplate: Template = template('trace', any);

export function readTrace({ values, writer }: StoredTuple): string | undefined {
  const [kind, trace] = values;
  return kind === 'trace' && writer === orchestratorId ? (trace as string) : undefined;
}

export function labTuple({ seed, order, traitors, inputs }: Lab): Tuple {
  return ['lab', BigInt(seed), order, JSON.stringify(traitors), JSON.stringify([...(inputs ?? [])])];
}

export const labTemplate: Template = template('lab', any, any, any, any);

export function readLab({ values, writer }: StoredTuple): Lab | undefined {
  const [kind, seed, order, traitors, inputs] = values;
  if (kind !== 'lab' || writer !== orchestratorId) return undefined;
  return {
    seed: Number(seed),
    order: order as Vote,
    traitors: JSON.parse(traitors as string) as readonly TraitorSpec[],
    inputs: new Map(JSON.parse(inputs as string) as [GeneralId, Vote][]),
  };
}

/** Where a general sits. */
export interface SeatTuple {
  readonly general: GeneralId;
  readonly node: string;
  readonly epoch: number;
}

export function seatTuple({ general, node, epoch }: SeatTuple): Tuple {
  return ['seat', general, node, BigInt(epoch)];
}

export const seatTemplate: Template = template('seat', any, any, any);

export function readSeat({ values, writer }: StoredTuple): SeatTuple | undefined {
  const [kind, general, node, epoch] = values;
  if (kind !== 'seat' || writer !== orchestratorId) return undefined;
  return { general: general as GeneralId, node: node as string, epoch: Number(epoch) };
}

/** How a round ended: with a verdict (`result` is the orchestrator's JSON), or cancelled. */
export type End =
  | { readonly kind: 'verdict'; readonly summary: string; readonly result: string }
  | { readonly kind: 'cancelled'; readonly because: string };

export function endTuple(end: End): Tuple {
  return end.kind === 'verdict' ? ['verdict', end.summary, end.result] : ['cancelled', end.because];
}

export const endTemplates: readonly Template[] = [template('verdict', any, any), template('cancelled', any)];

export function readEnd({ values, writer }: StoredTuple): End | undefined {
  if (writer !== orchestratorId) return undefined;
  const [kind, first, second] = values;
  if (kind === 'verdict') return { kind, summary: first as string, result: second as string };
  return kind === 'cancelled' ? { kind, because: first as string } : undefined;
}
