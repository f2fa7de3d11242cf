/**
 * Messages as tuples: the part of the catalogue (tuples.ts) that carries votes, in its three forms.
 *
 *   mailbox  ["proposal", from, to, vote, 0]                       ["vote", from, to, vote | votes, phase, path | paths]
 *   signed   ["proposal", from, to, vote | votes, 0, signatures]   ["vote", from, to, votes, phase, paths, signatures]
 *   board    ["proposal", from, vote, 0]                           ["vote", from, vote | votes, phase, path | paths]
 *
 * Phase 0 is told in proposals, all later phases in votes. Lists of votes and paths belong together place by place, signatures are a
 * list of bytes for each of them; empty lists are the message of somebody who has nothing to say.
 */
import type { Entry, GeneralId, Message, Mode, Path, Vote } from '../consensus/index.js';
import { everyone } from '../consensus/index.js';
import type { StoredTuple, Template, Tuple, UniqueRule, Value } from '../tuplespace/index.js';
import { any, template } from '../tuplespace/index.js';

/** The tuple of a message; entries keep their order, which is canonical. */
export function messageTuple(message: Message, mode: Mode = 'mailbox'): Tuple {
  const { phase, from, to, entries } = message;
  const start: Tuple = mode === 'board' ? [from] : [from, to];
  const [first] = entries;
  const signatures = mode === 'signed' ? [entries.map((entry) => entry.signatures ?? [])] : [];
  const isOne = entries.length === 1 && first !== undefined;
  const votes = isOne ? first.vote : entries.map(({ vote }) => vote);
  // A proposal has no path: it can only be the sender's own word.
  const isProposal = phase === 0 && entries.every(({ path }) => path.length === 1 && path[0] === from);
  if (isProposal && (isOne || (mode === 'signed' && entries.length > 1)))
    return ['proposal', ...start, votes, 0n, ...signatures];
  if (isOne && mode !== 'signed') return ['vote', ...start, first.vote, BigInt(phase), first.path];
  const lists = [entries.map(({ vote }) => vote), BigInt(phase), entries.map(({ path }) => path)];
  return ['vote', ...start, ...lists, ...signatures];
}

/** What a tuple says as a message, or why it says nothing. `malformedCount` entries could not be read and are absent. */
export type MessageReading =
  | { readonly kind: 'message'; readonly message: Message; readonly malformedCount: number }
  | { readonly kind: 'malformed' }
  /** `from` is not the writer: it fills no slot. */
  | { readonly kind: 'forged_sender' };

/** Reads a proposal or a vote; the caller has checked that it is one. Votes and paths are judged later, by the core. */
export function readMessage(tuple: StoredTuple): MessageReading {
  const fields = fieldsOf(tuple.values);
  const { from, to, vote, phase } = fields;
  if (typeof from !== 'string' || typeof to !== 'string' || typeof phase !== 'bigint')
    return { kind: 'malformed' };
  if (from !== tuple.writer) return { kind: 'forged_sender' };
  const slot = { phase: Number(phase), from, to };
  const parts = isList(vote) ? partsOf(fields) : [partOf(fields)];
  const entries = parts.flatMap((part) => entryOf(part) ?? []);
  return { kind: 'message', message: { ...slot, entries }, malformedCount: parts.length - entries.length };
}

/** True for the tuples that carry votes, of one mode or of any. */
export function isMessage({ values }: StoredTuple, mode?: Mode): boolean {
  const form = formOf(values);
  return form !== undefined && (mode === undefined || form === mode);
}

/** What one general is told; everything that is written on a board. */
export function mailTemplates(general: GeneralId): readonly Template[] {
  return [
    template('proposal', any, general, any, any),
    template('vote', any, general, any, any, any),
    template('proposal', any, general, any, any, any),
    template('vote', any, general, any, any, any, any),
    template('proposal', any, any, any),
    template('vote', any, any, any, any),
  ];
}

/** What one general has said. */
export function outboxTemplates(general: GeneralId): readonly Template[] {
  return allForms(general);
}

/** Every message. */
export const messageTemplates: readonly Template[] = allForms(any);

/** One message for each phase, writer and recipient; on a board for each phase and writer. */
export const slotRules: readonly UniqueRule[] = [
  slotRule(template('proposal', any, any, any, any), [4, 2]),
  slotRule(template('vote', any, any, any, any, any), [4, 2]),
  slotRule(template('proposal', any, any, any, any, any), [4, 2]),
  slotRule(template('vote', any, any, any, any, any, any), [4, 2]),
  slotRule(template('proposal', any, any, any), [3]),
  slotRule(template('vote', any, any, any, any), [3]),
];

function slotRule(of: Template, fields: readonly number[]): UniqueRule {
  return { name: 'slot', template: of, fields, isPerWriter: true };
}

type Fill = Parameters<typeof template>[number];

function allForms(from: Fill): readonly Template[] {
  const form = (kind: string, anyCount: number) =>
    template(kind, from, ...new Array<Fill>(anyCount).fill(any));
  return [
    form('proposal', 3),
    form('vote', 4),
    form('proposal', 4),
    form('vote', 5),
    form('proposal', 2),
    form('vote', 3),
  ];
}

function formOf([kind, ...rest]: Tuple): Mode | undefined {
  const length = kind === 'proposal' ? rest.length + 1 : kind === 'vote' ? rest.length : 0;
  switch (length) {
    case 4:
      return 'board';
    case 5:
      return 'mailbox';
    case 6:
      return 'signed';
    default:
      return undefined;
  }
}

interface Fields {
  readonly kind: Value | undefined;
  readonly from: Value | undefined;
  readonly to: Value | undefined;
  readonly vote: Value | undefined;
  readonly phase: Value | undefined;
  readonly path: Value | undefined;
  /** Undefined where the form has none. */
  readonly signatures: Value | undefined;
}

function fieldsOf(values: Tuple): Fields {
  const isBoard = formOf(values) === 'board';
  const [kind, from, ...rest] = values;
  const [to, vote, phase, ...last] = isBoard ? [everyone, ...rest] : rest;
  const isProposal = kind === 'proposal';
  const path = isProposal ? undefined : last[0];
  const signatures = isProposal ? last[0] : last[1];
  return { kind, from, to, vote, phase, path, signatures };
}

type Part = Pick<Fields, 'vote' | 'path' | 'signatures'>;

function partOf({ kind, from, vote, path, signatures }: Fields): Part {
  const own = kind === 'proposal' ? [from ?? null] : path;
  return { vote, path: own, signatures: isList(signatures) ? signatures[0] : signatures };
}

/** Lists of different lengths say nothing, which is one thing that could not be read. */
function partsOf({ kind, from, vote, path, signatures }: Fields): readonly Part[] {
  if (!isList(vote)) return [];
  const paths = kind === 'proposal' ? vote.map(() => [from ?? null]) : path;
  const isOdd = !isList(paths) || paths.length !== vote.length;
  const isOddlySigned =
    signatures !== undefined && (!isList(signatures) || signatures.length !== vote.length);
  if (isOdd || isOddlySigned) return [{ vote: null, path: null, signatures: undefined }];
  return vote.map((one, i) => ({
    vote: one,
    path: paths[i],
    signatures: isList(signatures) ? signatures[i] : undefined,
  }));
}

function entryOf({ vote, path, signatures }: Part): Entry | undefined {
  // The core says whether the text is a vote; here only its type is known to fit.
  if (typeof vote !== 'string' || !isPath(path)) return undefined;
  if (signatures === undefined) return { path, vote: vote as Vote };
  return isSignatures(signatures) ? { path, vote: vote as Vote, signatures } : undefined;
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function isPath(value: Value | undefined): value is Path {
  return isList(value) && value.every((id) => typeof id === 'string');
}

function isSignatures(value: Value): value is readonly Uint8Array[] {
  return isList(value) && value.every((one) => one instanceof Uint8Array);
}
