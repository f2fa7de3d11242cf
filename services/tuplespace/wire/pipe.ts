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

/** The calls that a pipe carries. */
export type CallKind = 'write' | 'read' | 'take' | 'settle' | 'lease';

/** One call: its request's bytes, or the wish to give up the call with this tag. `none`: it had no kind, or several. */
export interface PipeCall {
  readonly tag: number;
  readonly kind: CallKind | 'cancel' | 'none';
  readonly bytes: Buffer;
}

/** One answer: its bytes, or the error instead. */
export type PipeAnswer =
  | { readonly tag: number; readonly kind: CallKind; readonly bytes: Buffer }
  | { readonly tag: number; readonly kind: 'error'; readonly error: ServiceError };

/** A tag and one of the messages of the oneof beside it, as `PipeCall` and `PipeAnswer` both are. */
interface Frame {
  readonly tag: number;
  /** Of the field; 0 when there was none, or several. */
  readonly number: number;
  readonly bytes: Buffer;
}

/** In the order of their numbers, from 2. Number 7 cancels in a call and is the error in an answer. */
const callKinds: readonly CallKind[] = ['write', 'read', 'take', 'settle', 'lease'];
const firstNumber = 2;
const lastNumber = 7;

const frameCodec: protobuf.MessageCodec<Frame> = {
  write(writer, { tag, number, bytes }) {
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
    while (reader.hasMore) {
      const next = reader.tag();
      if (next === 1 * 8 + wireType.varint) tag = reader.uint32();
      else if (next >>> 3 < firstNumber || next >>> 3 > lastNumber) reader.skip(next);
      else {
        if (next % 8 !== wireType.bytes) throw new FieldError(`has the wire type ${next % 8}, want 2`);
        number = next >>> 3;
        bytes = reader.view();
        count += 1;
      }
    }
    return { tag, number: count === 1 ? number : 0, bytes };
  },
};

const framesCodec = message<{ frames: readonly Frame[] }>({ frames: repeated(1, frameCodec) });

/** `PipeCalls`. */
export const pipeCallsCodec: protobuf.MessageCodec<readonly PipeCall[]> = mapped(framesCodec, {
  write: (calls) => ({
    frames: calls.map(({ tag, kind, bytes }) => ({ tag, number: numberOf(kind), bytes })),
  }),
  read: ({ frames }) =>
    frames.map(({ tag, number, bytes }) => {
      const kind = callKinds[number - firstNumber];
      return { tag, kind: kind ?? (number === lastNumber ? 'cancel' : 'none'), bytes };
    }),
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

function numberOf(kind: PipeCall['kind']): number {
  return kind === 'cancel' ? lastNumber : callKinds.indexOf(kind as CallKind) + firstNumber;
}

function answerFrame(answer: PipeAnswer): Frame {
  if (answer.kind !== 'error') return { ...answer, number: numberOf(answer.kind) };
  const { code, message, details } = answer.error;
  const wire: WireError = {
    code: toGrpcStatus(code),
    message: wireText(message),
    details: Object.entries(details).map(([key, value]) => ({ key, value: wireText(value) })),
  };
  return { tag: answer.tag, number: lastNumber, bytes: protobuf.encodeMessage(errorCodec, wire) };
}

function readAnswer({ tag, number, bytes }: Frame): PipeAnswer {
  const kind = callKinds[number - firstNumber];
  if (kind !== undefined) return { tag, kind, bytes };
  if (number !== lastNumber) throw new FieldError('has no kind');
  const { code, message, details } = protobuf.decodeMessage(errorCodec, bytes);
  const facts: ErrorDetails = Object.fromEntries(details.map(({ key, value }) => [key, value]));
  return { tag, kind: 'error', error: new ServiceError(fromGrpcStatus(code), message, { details: facts }) };
}
