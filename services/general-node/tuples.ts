/**
 * The catalogue: every tuple of a round's space and of the control space, how it is written and how it is read back.
 * Nobody else builds or takes apart these tuples. A reader believes the writer that the space stamped, never a field.
 *
 * In a round's space (`round-<number>`):
 *   ["proposal", from, to, vote, 0]                     the commander, one to each other general
 *   ["vote", from, to, vote | votes, phase, path | paths]  a general, one to each recipient and phase; lists from two values on
 *   ["close", phase]                                    the orchestrator; phase = number of phases ends the decisions
 *   ["decision", general, vote]                         that general, once
 *   ["report", general, spaceCallMs, waitingMs, computeMs, sent, received]   that general, with its decision
 *   ["round", number, protocol, version, mode, generals, commander, m, phaseMs]   the orchestrator, first of all
 *   ["brief", general, order | null, treason | null]    the orchestrator, to one general; treason is JSON (see Treason)
 *   ["lab", seed, order, traitors]                      the orchestrator, for itself; traitors is JSON (TraitorSpec[])
 *   ["seat", general, node, epoch]                      the orchestrator
 *   ["verdict", summary, result]                        the orchestrator, once; result is JSON of what it concluded
 *   ["cancelled", because]                              the orchestrator, instead of a verdict
 *
 * In the control space:
 *   ["node", node, address, generals, enrolledAtMs]     that node, under its lease
 *   ["assignment", node, round, general, epoch, token]  the orchestrator, to that node; taken away when the round ends
 *   ["round", number, key, fingerprint, nonce]          the orchestrator; the nonce tells two of them apart
 */
import type { GeneralId, Message, Path, Setting, TraitorSpec, Vote } from '../consensus/index.js';
import type { SpaceSettings, StoredTuple, Template, Tuple, Value } from '../tuplespace/index.js';
import { any, template } from '../tuplespace/index.js';

/** Who writes what no general and no node may: the id that the space stamps for an orchestrator. */
export const orchestratorId = 'orchestrator';

export const controlSpace = 'control';

/** The name of a round's space. */
export function roundSpace(number: number): string {
  return `round-${number}`;
}

/** How the control space is made; the same from whoever comes first. */
export const controlSettings: SpaceSettings = {
  uniqueRules: [
    { name: 'round', template: template('round', any, any, any, any), fields: [1], isPerWriter: false },
    { name: 'node', template: template('node', any, any, any, any), fields: [1], isPerWriter: true },
  ],
};

/** How a round's space is made: one tuple per slot (phase, writer, to), one decision, one of each close, one end. */
export const roundSettings: SpaceSettings = {
  uniqueRules: [
    { name: 'slot', template: template('proposal', any, any, any, any), fields: [4, 2], isPerWriter: true },
    { name: 'slot', template: template('vote', any, any, any, any, any), fields: [4, 2], isPerWriter: true },
    { name: 'decision', template: template('decision', any, any), fields: [], isPerWriter: true },
    { name: 'close', template: template('close', any), fields: [1], isPerWriter: true },
    { name: 'end', template: template('verdict', any, any), fields: [], isPerWriter: true },
    { name: 'end', template: template('cancelled', any), fields: [], isPerWriter: true },
  ],
};

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
  /** Only the commander has one. */
  readonly order?: Vote;
  readonly treason?: Treason;
}

/** What one general measured; times in ms, counts of values. */
export interface Report {
  readonly general: GeneralId;
  readonly spaceCallMs: number;
  readonly waitingMs: number;
  readonly computeMs: number;
  readonly sentCount: number;
  readonly receivedCount: number;
}

export interface NodeTuple {
  readonly node: string;
  readonly address: string;
  readonly generals: readonly GeneralId[];
  readonly enrolledAtMs: number;
}

export interface Assignment {
  readonly node: string;
  readonly round: number;
  readonly general: GeneralId;
  readonly epoch: number;
  readonly token: string;
}

// --- messages ---------------------------------------------------------------------------------------------------------------------

/** The tuple of a message; entries keep their order, which is canonical. */
export function messageTuple(message: Message): Tuple {
  const { phase, from, to, entries } = message;
  const [first] = entries;
  if (phase === 0 && first?.path.length === 1) return ['proposal', from, to, first.vote, 0n];
  if (entries.length === 1 && first !== undefined)
    return ['vote', from, to, first.vote, BigInt(phase), first.path];
  return ['vote', from, to, entries.map(({ vote }) => vote), BigInt(phase), entries.map(({ path }) => path)];
}

/** What a tuple says as a message, or why it says nothing. `malformedCount` entries could not be read and are absent. */
export type MessageReading =
  | { readonly kind: 'message'; readonly message: Message; readonly malformedCount: number }
  | { readonly kind: 'malformed' }
  /** `from` is not the writer: it fills no slot. */
  | { readonly kind: 'forged_sender' };

/** Reads a proposal or a vote; the caller has checked the first field. Votes and paths are judged later, by the core. */
export function readMessage(tuple: StoredTuple): MessageReading {
  const [kind, from, to, vote, phase, path] = tuple.values;
  if (typeof from !== 'string' || typeof to !== 'string' || typeof phase !== 'bigint')
    return { kind: 'malformed' };
  if (from !== tuple.writer) return { kind: 'forged_sender' };
  const slot = { phase: Number(phase), from, to };
  if (kind === 'proposal') return reading(slot, [[vote, [from]]]);
  if (!isList(vote)) return reading(slot, [[vote, path]]);
  if (!isList(path) || path.length !== vote.length) return reading(slot, [[null, null]]);
  return reading(
    slot,
    vote.map((one, i) => [one, path[i]]),
  );
}

/** True for the two kinds that carry votes. */
export function isMessage(tuple: StoredTuple): boolean {
  const { values } = tuple;
  return (values[0] === 'proposal' && values.length === 5) || (values[0] === 'vote' && values.length === 6);
}

/** What one general follows: its mail and the closes. */
export function inboxTemplates(general: GeneralId): readonly Template[] {
  return [
    template('proposal', any, general, any, any),
    template('vote', any, general, any, any, any),
    template('close', any),
  ];
}

/** What one general has sent. */
export function outboxTemplates(general: GeneralId): readonly Template[] {
  return [template('proposal', general, any, any, any), template('vote', general, any, any, any, any)];
}

function reading(
  slot: { phase: number; from: GeneralId; to: GeneralId },
  pairs: readonly (readonly [Value | undefined, Value | undefined])[],
): MessageReading {
  const entries = [];
  for (const [vote, path] of pairs) {
    // The core says whether the text is a vote; here only its type is known to fit.
    if (typeof vote === 'string' && isPath(path)) entries.push({ path, vote: vote as Vote });
  }
  return { kind: 'message', message: { ...slot, entries }, malformedCount: pairs.length - entries.length };
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
  ];
}

/** A report that its general wrote itself; undefined for anything else. */
export function readReport({ values, writer }: StoredTuple): Report | undefined {
  const [kind, general, spaceCallMs, waitingMs, computeMs, sent, received] = values;
  if (kind !== 'report' || general !== writer) return undefined;
  if (typeof spaceCallMs !== 'number' || typeof waitingMs !== 'number' || typeof computeMs !== 'number')
    return undefined;
  if (typeof sent !== 'bigint' || typeof received !== 'bigint') return undefined;
  return {
    general: writer,
    spaceCallMs,
    waitingMs,
    computeMs,
    sentCount: Number(sent),
    receivedCount: Number(received),
  };
}

export function roundTuple({ number, setting, protocolVersion, phaseMs }: RoundTuple): Tuple {
  const { protocol, mode, generals, commander, traitorsMax } = setting;
  return [
    'round',
    BigInt(number),
    protocol,
    BigInt(protocolVersion),
    mode,
    generals,
    commander,
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
      commander: commander as GeneralId,
      isCouncil: false,
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
}

export function labTuple({ seed, order, traitors }: Lab): Tuple {
  return ['lab', BigInt(seed), order, JSON.stringify(traitors)];
}

export const labTemplate: Template = template('lab', any, any, any);

export function readLab({ values, writer }: StoredTuple): Lab | undefined {
  const [kind, seed, order, traitors] = values;
  if (kind !== 'lab' || writer !== orchestratorId) return undefined;
  return {
    seed: Number(seed),
    order: order as Vote,
    traitors: JSON.parse(traitors as string) as readonly TraitorSpec[],
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

// --- the control space ------------------------------------------------------------------------------------------------------------

export function nodeTuple({ node, address, generals, enrolledAtMs }: NodeTuple): Tuple {
  return ['node', node, address, generals, BigInt(enrolledAtMs)];
}

export const nodeTemplate: Template = template('node', any, any, any, any);

/** A node's own word about itself; undefined for anything else. */
export function readNode({ values, writer }: StoredTuple): NodeTuple | undefined {
  const [kind, node, address, generals, enrolledAtMs] = values;
  if (kind !== 'node' || node !== writer || typeof address !== 'string') return undefined;
  if (!isPath(generals) || typeof enrolledAtMs !== 'bigint') return undefined;
  return { node: writer, address, generals, enrolledAtMs: Number(enrolledAtMs) };
}

export function assignmentTuple({ node, round, general, epoch, token }: Assignment): Tuple {
  return ['assignment', node, BigInt(round), general, BigInt(epoch), token];
}

/** Assignments of a node, of a round, or of both. */
export function assignmentTemplate({ node, round }: { node?: string; round?: number }): Template {
  return template('assignment', node ?? any, round === undefined ? any : BigInt(round), any, any, any);
}

export function readAssignment({ values, writer }: StoredTuple): Assignment | undefined {
  const [kind, node, round, general, epoch, token] = values;
  if (kind !== 'assignment' || writer !== orchestratorId) return undefined;
  return {
    node: node as string,
    round: Number(round),
    general: general as GeneralId,
    epoch: Number(epoch),
    token: token as string,
  };
}

/** A round in the control space: its number, and the request that it answers. */
export interface RoundEntry {
  readonly number: number;
  /** The client's key; empty for none. */
  readonly key: string;
  /** Of the request, to tell a retry from another request under the same key. */
  readonly fingerprint: string;
  /** Random, so that two orchestrators that try the same number never write equal tuples. */
  readonly nonce: string;
}

export function roundEntryTuple({ number, key, fingerprint, nonce }: RoundEntry): Tuple {
  return ['round', BigInt(number), key, fingerprint, nonce];
}

/** All rounds, or the one with this number or this key. */
export function roundEntryTemplate({ number, key }: { number?: number; key?: string } = {}): Template {
  return template('round', number === undefined ? any : BigInt(number), key ?? any, any, any);
}

export function readRoundEntry({ values, writer }: StoredTuple): RoundEntry | undefined {
  const [kind, number, key, fingerprint, nonce] = values;
  if (kind !== 'round' || values.length !== 5 || writer !== orchestratorId) return undefined;
  return {
    number: Number(number),
    key: key as string,
    fingerprint: fingerprint as string,
    nonce: nonce as string,
  };
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function isPath(value: Value | undefined): value is Path {
  return isList(value) && value.every((id) => typeof id === 'string');
}
