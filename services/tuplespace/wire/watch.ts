/**
 * Watch on the wire.
 */
import { protobuf } from '../../runtime/index.js';
import type {
  Cursor,
  RequiredCursor,
  SpaceEvent,
  SpaceEventKind,
  WatchFrame,
  WatchRequest,
} from '../space.js';
import { storedTupleCodec } from './calls.js';
import { templateCodec } from './template.js';

const { bool, enumOf, field, mapped, message, ms64, nested, oneOf } = protobuf;
const { optional, present, repeated, required, text, uint64 } = protobuf;

/** In the order of their numbers, from 1. */
const eventKinds: readonly SpaceEventKind[] = ['written', 'taken', 'held', 'released', 'expired'];

const cursorCodec = message<Cursor>({ incarnation: optional(1, text), revision: field(2, uint64) });

export const watchRequestCodec = message<WatchRequest>({
  space: field(1, text),
  templates: repeated(2, templateCodec),
  from: required(nested(3, cursorCodec)),
});

const eventCodec = message<SpaceEvent>({
  kind: required(present(1, enumOf(eventKinds))),
  tuple: required(nested(2, storedTupleCodec)),
});

type Snapshot = Omit<Extract<WatchFrame, { kind: 'snapshot' }>, 'kind' | 'cursor'>;
type Events = Omit<Extract<WatchFrame, { kind: 'events' }>, 'kind' | 'cursor'>;
type Progress = Omit<Extract<WatchFrame, { kind: 'progress' }>, 'kind' | 'cursor'>;
type Content =
  | ({ readonly kind: 'snapshot' } & Snapshot)
  | ({ readonly kind: 'events' } & Events)
  | ({ readonly kind: 'progress' } & Progress);

interface WireFrame {
  readonly cursor: RequiredCursor;
  readonly content: Content;
}

export const watchFrameCodec: protobuf.MessageCodec<WatchFrame> = mapped(
  message<WireFrame>({
    cursor: required(
      nested(1, message<RequiredCursor>({ incarnation: field(1, text), revision: field(2, uint64) })),
    ),
    content: oneOf<Content>({
      snapshot: {
        number: 2,
        codec: message<Snapshot>({ tuples: repeated(1, storedTupleCodec), isLast: field(2, bool) }),
      },
      events: { number: 3, codec: message<Events>({ events: repeated(1, eventCodec) }) },
      progress: { number: 4, codec: message<Progress>({ storeTimeMs: field(1, ms64) }) },
    }),
  }),
  {
    write: (frame) => ({ cursor: frame.cursor, content: frame }),
    read: ({ cursor, content }) => ({ ...content, cursor }),
  },
);
