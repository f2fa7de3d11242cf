/**
 * Pipe on the wire. The calls and answers inside a message stay bytes here: each is decoded by itself, so that a malformed one
 * fails alone.
 */
import {
  type ErrorDetails,
  fromGrpcStatus,
  protobuf,
  ServiceError,
  toGrpcStatus,
  wireText,
} from '../../runtime/index.js';

const { FieldError, field, listOf, message, repeated, text, uint32, wireType } = protobuf;

/** The numbers of the calls that a pipe carries, the same in a call and in its answer. */
const kindNumbers = {
  write: 2,
  read: 3,
  take: 4,
  settle: 5,
  lease: 6,
  watch: 9,
  putSpace: 11,
  listSpaces: 12,
  dropSpace: 13,
  explain: 14,
  getInfo: 15,
  readAudit: 16,
  putToken: 17,
  revokeToken: 18,
} as const;

/** Number 7 gives up a call, and is the error in an answer; 10 is a watch's pace. */
const controlNumbers = { cancel: 7, watched: 10 } as const;
const tokenNumber = 30;
const traceNumber = 31;

/** The calls that a pipe carries and that are answered once. */
export type CallKind = Exclude<keyof typeof kindNumbers, 'watch'>;

/**
 * One call: its request's bytes, the wish to give up the call with this tag, or how many frames of that watch are used up. `none`: it
 * had no kind, or several.
 */
export interface PipeCall {
  readonly tag: number;
  readonly kind: CallKind | 'watch' | 'cancel' | 'watched' | 'none';
  readonly bytes: Buffer;
  /** Of the caller; empty: that of the stream. */
  readonly token: string;
  /** What the call is a part of; empty: no trace. */
  readonly trace: string;
}

/** One answer: its bytes, or the error instead. */
export type PipeAnswer =
  | { readonly tag: number; readonly kind: CallKind | 'watch'; readonly bytes: Buffer }
  | { readonly tag: number; readonly kind: 'error'; readonly error: ServiceError };

type FrameKind = CallKind | 'watch' | 'cancel' | 'watched';

/** The kind of each number, for frames of one direction. */
const kindsByNumber: FrameKind[] = [];
for (const [kind, number] of Object.entries({ ...kindNumbers, ...controlNumbers })) {
  kindsByNumber[number] = kind as FrameKind;
}
const numbersByKind: Readonly<Record<string, number>> = { ...kindNumbers, ...controlNumbers };

/** A tag and one of the messages of the oneof beside it, as `PipeCall` and `PipeAnswer` both are. */
function writeFrame(
  writer: protobuf.ProtoWriter,
  { tag, number, bytes }: { tag: number; number: number; bytes: Buffer },
): void {
  writer.bytes(bytes);
  writer.tag(number, wireType.bytes);
  writer.varint(tag);
  writer.tag(1, wireType.varint);
}

function writeText(writer: protobuf.ProtoWriter, number: number, words: string): void {
  writer.text(words);
  writer.tag(number, wireType.bytes);
}

function readFrame(reader: protobuf.ProtoReader): PipeCall {
  let tag = 0;
  let kind: PipeCall['kind'] = 'none';
  let bytes: Buffer = noBytes;
  let count = 0;
  let token = '';
  let trace = '';
  while (reader.hasMore) {
    const next = reader.tag();
    const found = kindsByNumber[next >>> 3];
    if (next === 1 * 8 + wireType.varint) tag = reader.uint32();
    else if (next === tokenNumber * 8 + wireType.bytes) token = reader.text();
    else if (next === traceNumber * 8 + wireType.bytes) trace = reader.text();
    else if (found === undefined) reader.skip(next);
    else {
      if (next % 8 !== wireType.bytes) throw new FieldError(`has the wire type ${next % 8}, want 2`);
      kind = found;
      bytes = reader.view();
      count += 1;
    }
  }
  return { tag, kind: count === 1 ? kind : 'none', bytes, token, trace };
}

/** `PipeCalls`. */
export const pipeCallsCodec: protobuf.MessageCodec<readonly PipeCall[]> = listOf({
  write(writer, { tag, kind, bytes, token, trace }) {
    // Last in the message, so first here: the writer works backwards.
    if (trace !== '') writeText(writer, traceNumber, trace);
    if (token !== '') writeText(writer, tokenNumber, token);
    writeFrame(writer, { tag, number: numbersByKind[kind] ?? 0, bytes });
  },
  read: readFrame,
});

/** `PipeAnswers`. */
export const pipeAnswersCodec: protobuf.MessageCodec<readonly PipeAnswer[]> = listOf({
  write(writer, answer) {
    const { tag, kind } = answer;
    const number = kind === 'error' ? controlNumbers.cancel : kindNumbers[kind];
    writeFrame(writer, { tag, number, bytes: kind === 'error' ? errorBytes(answer.error) : answer.bytes });
  },
  read(reader) {
    const { tag, kind, bytes } = readFrame(reader);
    if (kind === 'cancel') return { tag, kind: 'error', error: errorOf(bytes) };
    if (kind === 'watched' || kind === 'none') throw new FieldError('has no kind');
    return { tag, kind, bytes };
  },
});

interface WireError {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly key: string; readonly value: string }[];
}

const errorCodec = message<WireError>({
  code: field(1, uint32),
  message: field(2, text),
  details: repeated(3, message({ key: field(1, text), value: field(2, text) })),
});

const noBytes = Buffer.alloc(0);

const watchedCodec = message({ count: field(1, uint32) });

/** The bytes of a `watched` call. */
export function encodeWatched(count: number): Buffer {
  return protobuf.encodeMessage(watchedCodec, { count });
}

/** How many frames a `watched` call says are used up. */
export function decodeWatched(bytes: Buffer): number {
  return protobuf.decodeMessage(watchedCodec, bytes).count;
}

function errorBytes({ code, message, details }: ServiceError): Buffer {
  const wire: WireError = {
    code: toGrpcStatus(code),
    message: wireText(message),
    details: Object.entries(details).map(([key, value]) => ({ key, value: wireText(value) })),
  };
  return protobuf.encodeMessage(errorCodec, wire);
}

function errorOf(bytes: Buffer): ServiceError {
  const { code, message, details } = protobuf.decodeMessage(errorCodec, bytes);
  const facts: ErrorDetails = Object.fromEntries(details.map(({ key, value }) => [key, value]));
  return new ServiceError(fromGrpcStatus(code), message, { details: facts });
}
