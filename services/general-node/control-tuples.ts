/**
 * The catalogue of the control space, where nodes and orchestrators meet: how each of its tuples is written and how it is read back.
 *
 *   ["node", node, incarnation, address, generals, seatsMax, leaseMs, enrolledAtMs]   that node, under its lease
 *   ["seen", node, incarnation]                           that node, with each renewal of its lease
 *   ["draining", node, incarnation]                       that node, under its lease: it is going to leave
 *   ["returned", node, round, general, epoch, because]    that node, under its lease: it cannot hold this seat
 *   ["assignment", node, incarnation, round, general, epoch, token]   the orchestrator, to that node; one for each seat of a running round
 *   ["claim", round, instance]                            the orchestrator that drives the round, under its lease
 *   ["round", number, key, fingerprint, nonce]            the orchestrator; the nonce tells two of them apart
 *   ["hung", node, address]                               the orchestrator, while that node hangs at its request; the address wakes it
 *
 * An incarnation is one process that uses a node's id: another one with the same id has nothing of what the first one held.
 */
import type { GeneralId } from '../consensus/index.js';
import type { Matcher, SpaceSettings, StoredTuple, Template, Tuple, Value } from '../tuplespace/index.js';
import { any, controlSpaceName, template } from '../tuplespace/index.js';
import { controlPolicy } from './round-policy.js';
import { orchestratorId } from './tuples.js';

export const controlSpace = controlSpaceName;

/** How the control space is made; the same from whoever comes first. */
export const controlSettings: SpaceSettings = {
  uniqueRules: [
    { name: 'round', template: template('round', any, any, any, any), fields: [1], isPerWriter: false },
    { name: 'node', template: template('node', ...anyFields(7)), fields: [1], isPerWriter: true },
    // A seat is given to one node at a time.
    { name: 'assignment', template: assignmentTemplate({}), fields: [3, 4], isPerWriter: true },
    { name: 'claim', template: claimTemplate(), fields: [1], isPerWriter: true },
  ],
  policy: controlPolicy,
};

/** One process under a node's id. */
export interface NodeName {
  readonly node: string;
  readonly incarnation: string;
}

export interface NodeTuple extends NodeName {
  readonly address: string;
  /** The generals that it brings; empty: any. */
  readonly generals: readonly GeneralId[];
  /** Seats that it takes at once. */
  readonly seatsMax: number;
  /** How long it counts as there without a renewal, in ms; it renews three times as often. */
  readonly leaseMs: number;
  readonly enrolledAtMs: number;
}

export function nodeTuple(tuple: NodeTuple): Tuple {
  const { node, incarnation, address, generals, seatsMax, leaseMs, enrolledAtMs } = tuple;
  const numbers = [seatsMax, leaseMs, enrolledAtMs].map((number) => BigInt(number));
  return ['node', node, incarnation, address, generals, ...numbers];
}

export function nodeTemplate({ node }: { readonly node?: string } = {}): Template {
  return template('node', node ?? any, ...anyFields(6));
}

/** A node's own word about itself; undefined for anything else. */
export function readNode({ values, writer }: StoredTuple): NodeTuple | undefined {
  const [kind, node, incarnation, address, generals, seatsMax, leaseMs, enrolledAtMs] = values;
  if (kind !== 'node' || node !== writer) return undefined;
  if (typeof incarnation !== 'string' || typeof address !== 'string' || !isIds(generals)) return undefined;
  if (typeof seatsMax !== 'bigint' || typeof leaseMs !== 'bigint' || typeof enrolledAtMs !== 'bigint')
    return undefined;
  return {
    node: writer,
    incarnation,
    address,
    generals,
    seatsMax: Number(seatsMax),
    leaseMs: Number(leaseMs),
    enrolledAtMs: Number(enrolledAtMs),
  };
}

export function seenTuple({ node, incarnation }: NodeName): Tuple {
  return ['seen', node, incarnation];
}

export const seenTemplate: Template = template('seen', any, any);

/** When a node was there, by its own sign and the store's clock. */
export function readSeen({
  values,
  writer,
  writtenAtMs,
}: StoredTuple): { node: string; atMs: number } | undefined {
  const [kind, node] = values;
  return kind === 'seen' && node === writer ? { node: writer, atMs: writtenAtMs } : undefined;
}

export function drainingTuple({ node, incarnation }: NodeName): Tuple {
  return ['draining', node, incarnation];
}

export const drainingTemplate: Template = template('draining', any, any);

export function readDraining({ values, writer }: StoredTuple): NodeName | undefined {
  const [kind, node, incarnation] = values;
  if (kind !== 'draining' || node !== writer || typeof incarnation !== 'string') return undefined;
  return { node: writer, incarnation };
}

/** A seat in one epoch. */
export interface SeatEpoch {
  readonly round: number;
  readonly general: GeneralId;
  readonly epoch: number;
}

/** A seat that a node has given back. */
export interface Returned extends SeatEpoch {
  readonly node: string;
  readonly because: string;
}

export function returnedTuple({ node, round, general, epoch, because }: Returned): Tuple {
  return ['returned', node, BigInt(round), general, BigInt(epoch), because];
}

export function returnedTemplate({ round }: { readonly round?: number } = {}): Template {
  return template('returned', any, round === undefined ? any : BigInt(round), any, any, any);
}

/** A node's word about a seat; undefined for anything else. */
export function readReturned({ values, writer }: StoredTuple): Returned | undefined {
  const [kind, node, round, general, epoch, because] = values;
  if (kind !== 'returned' || node !== writer || typeof general !== 'string') return undefined;
  if (typeof round !== 'bigint' || typeof epoch !== 'bigint' || typeof because !== 'string') return undefined;
  return { node: writer, round: Number(round), general, epoch: Number(epoch), because };
}

export interface Assignment extends NodeName, SeatEpoch {
  readonly token: string;
}

export function assignmentTuple({ node, incarnation, round, general, epoch, token }: Assignment): Tuple {
  return ['assignment', node, incarnation, BigInt(round), general, BigInt(epoch), token];
}

/** Assignments of a node, of a round, of a general, or of all that are named. */
export function assignmentTemplate({
  node,
  round,
  general,
}: {
  readonly node?: string;
  readonly round?: number;
  readonly general?: GeneralId;
}): Template {
  const number = round === undefined ? any : BigInt(round);
  return template('assignment', node ?? any, any, number, general ?? any, any, any);
}

export function readAssignment({ values, writer }: StoredTuple): Assignment | undefined {
  const [kind, node, incarnation, round, general, epoch, token] = values;
  if (kind !== 'assignment' || writer !== orchestratorId) return undefined;
  return {
    node: node as string,
    incarnation: incarnation as string,
    round: Number(round),
    general: general as GeneralId,
    epoch: Number(epoch),
    token: token as string,
  };
}

/** Which orchestrator process drives a round. */
export interface Claim {
  readonly round: number;
  readonly instance: string;
}

export function claimTuple({ round, instance }: Claim): Tuple {
  return ['claim', BigInt(round), instance];
}

export function claimTemplate({ round }: { readonly round?: number } = {}): Template {
  return template('claim', round === undefined ? any : BigInt(round), any);
}

/** The round that a tuple claims; undefined unless an orchestrator wrote it. */
export function readClaim({ values, writer }: StoredTuple): Claim | undefined {
  const [kind, round, instance] = values;
  if (kind !== 'claim' || writer !== orchestratorId) return undefined;
  return { round: Number(round), instance: String(instance) };
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

/** All rounds, or those with such a number or this key. */
export function roundEntryTemplate({ number, key }: { number?: Matcher; key?: string } = {}): Template {
  return template('round', number ?? any, key ?? any, any, any);
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

/** A node that hangs by request, and `host:port` where it can be woken. */
type HungTuple = { readonly node: string; readonly address: string };

export function hungTuple({ node, address }: HungTuple): Tuple {
  return ['hung', node, address];
}

export function hungTemplate(node: string): Template {
  return template('hung', node, any);
}

export function readHung({ values, writer }: StoredTuple): HungTuple | undefined {
  const [kind, node, address] = values;
  if (kind !== 'hung' || writer !== orchestratorId) return undefined;
  return { node: node as string, address: address as string };
}

function anyFields(count: number) {
  return new Array<typeof any>(count).fill(any);
}

function isIds(value: Value | undefined): value is readonly GeneralId[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string');
}
