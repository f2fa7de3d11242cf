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

const { FieldError, field, mapped, message, repeated, text, uint32, wireType } = protobuf;

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
}

/** One answer: its bytes, or the error instead. */
export type PipeAnswer =
  | { readonly tag: number; readonly kind: CallKind | 'watch'; readonly bytes: Buffer }
  | { readonly tag: number; readonly kind: 'error'; readonly error: ServiceError };

/** A tag and one of the messages of the oneof beside it, as `PipeCall` and `PipeAnswer` both are. */
interface Frame {
  readonly tag: number;
  /** Of the field; 0 when there was none, or several. */
  readonly number: number;
  readonly bytes: Buffer;
  /** Only in calls. */
  readonly token: string;
}

const kindsByNumber = new Map<number, CallKind | 'watch'>(
  Object.entries(kindNumbers).map(([kind, number]) => [number, kind as CallKind | 'watch']),
);
const frameNumbers = new Set<number>([...kindsByNumber.keys(), ...Object.values(controlNumbers)]);

const frameCodec: protobuf.MessageCodec<Frame> = {
  write(writer, { tag, number, bytes, token }) {
    // Last in the message, so first here: the writer works backwards.
    if (token !== '') {
      writer.text(token);
      writer.tag(tokenNumber, wireType.bytes);
    }
    writer.bytes(bytes);
    writer.tag(number, wireType.bytes);
    writer.varint(tag);
    writer.tag(1, wireType.varint);
  },
  read(reader) {
    let tag = 0;
    let number = 0;
    let bytes: Buffer = noBytes;
    let count = 0;
    let token = '';
    while (reader.hasMore) {
      const next = reader.tag();
      if (next === 1 * 8 + wireType.varint) tag = reader.uint32();
      else if (next === tokenNumber * 8 + wireType.bytes) token = reader.text();
      else if (!frameNumbers.has(next >>> 3)) reader.skip(next);
      else {
        if (next % 8 !== wireType.bytes) throw new FieldError(`has the wire type ${next % 8}, want 2`);
        number = next >>> 3;
        bytes = reader.view();
        count += 1;
      }
    }
    return { tag, number: count === 1 ? number : 0, bytes, token };
  },
};

const framesCodec = message<{ frames: readonly Frame[] }>({ frames: repeated(1, frameCodec) });

/** `PipeCalls`. */
export const pipeCallsCodec: protobuf.MessageCodec<readonly PipeCall[]> = mapped(framesCodec, {
  write: (calls) => ({
    frames: calls.map(({ kind, ...call }) => ({ ...call, number: numberOf(kind) })),
  }),
  read: ({ frames }) =>
    frames.map(({ number, ...call }) => ({ ...call, kind: kindsByNumber.get(number) ?? controlOf(number) })),
});

/** `PipeAnswers`. */
export const pipeAnswersCodec: protobuf.MessageCodec<readonly PipeAnswer[]> = mapped(framesCodec, {
  write: (answers) => ({ frames: answers.map(answerFrame) }),
  read: ({ frames }) => frames.map(readAnswer),
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

function numberOf(kind: PipeCall['kind']): number {
  const numbers: Readonly<Record<string, number>> = { ...kindNumbers, ...controlNumbers };
  return numbers[kind] ?? 0;
}

function controlOf(number: number): 'cancel' | 'watched' | 'none' {
  if (number === controlNumbers.cancel) return 'cancel';
  return number === controlNumbers.watched ? 'watched' : 'none';
}

function answerFrame(answer: PipeAnswer): Frame {
  if (answer.kind !== 'error') return { ...answer, number: kindNumbers[answer.kind], token: '' };
  const { code, message, details } = answer.error;
  const wire: WireError = {
    code: toGrpcStatus(code),
    message: wireText(message),
    details: Object.entries(details).map(([key, value]) => ({ key, value: wireText(value) })),
  };
  const bytes = protobuf.encodeMessage(errorCodec, wire);
  return { tag: answer.tag, number: controlNumbers.cancel, bytes, token: '' };
}

function readAnswer({ tag, number, bytes }: Frame): PipeAnswer {
  const kind = kindsByNumber.get(number);
  if (kind !== undefined) return { tag, kind, bytes };
  if (number !== controlNumbers.cancel) throw new FieldError('has no kind');
  const { code, message, details } = protobuf.decodeMessage(errorCodec, bytes);
  const facts: ErrorDetails = Object.fromEntries(details.map(({ key, value }) => [key, value]));
  return { tag, kind: 'error', error: new ServiceError(fromGrpcStatus(code), message, { details: facts }) };
}
