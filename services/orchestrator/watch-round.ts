/**
 * A round as a stream of events: its space's watch, read as facts. It always starts from the first tuple, since a message can only be
 * judged by what came before it; events up to the caller's cursor are left out.
 */
import { roundSpace } from '../general-node/index.js';
import { ServiceError } from '../runtime/index.js';
import type { Cursor, RequiredCursor, StoredTuple, TupleSpace, WatchFrame } from '../tuplespace/index.js';
import type { RoundEvent } from './orchestrator.js';
import { toMetrics } from './outcome.js';
import type { Fact } from './record.js';
import { RecordBuilder } from './record.js';
import { MessageView } from './shown-messages.js';
import { placedRound, toRound } from './views.js';

export interface WatchRoundOptions {
  readonly number: number;
  readonly from?: Cursor;
  readonly signal: AbortSignal;
}

/** Errors: not_found, out_of_range (the cursor is of another incarnation), unavailable. */
export async function* watchRound(space: TupleSpace, options: WatchRoundOptions): AsyncGenerator<RoundEvent> {
  const { number, from, signal } = options;
  const spaceName = roundSpace(number);
  const reader = new EventReader(spaceName);
  const request = { space: spaceName, templates: [], from: { revision: 0n } };
  for await (const frame of watchOrNotFound(space, request, { number, signal })) {
    checkIncarnation(from, frame.cursor);
    for (const event of reader.read(frame)) {
      if (event.cursor.revision > (from?.revision ?? 0n)) yield event;
      if (event.kind === 'ended') return;
    }
  }
}

class EventReader {
  readonly #spaceName: string;
  readonly #builder = new RecordBuilder();
  #view: MessageView | undefined;

  constructor(spaceName: string) {
    this.#spaceName = spaceName;
  }

  read(frame: WatchFrame): readonly RoundEvent[] {
    // All first: what one revision wrote belongs together.
    const facts = writtenTuples(frame).map((tuple) => ({ tuple, fact: this.#builder.add(tuple) }));
    const { incarnation } = frame.cursor;
    return facts.flatMap(({ tuple: { revision, writtenAtMs }, fact }) => {
      const event = this.#toEvent(fact, { cursor: { incarnation, revision }, atMs: writtenAtMs });
      return event === undefined ? [] : [event];
    });
  }

  #toEvent(
    fact: Fact,
    place: { readonly cursor: RequiredCursor; readonly atMs: number },
  ): RoundEvent | undefined {
    switch (fact.kind) {
      case 'round':
        return { ...place, kind: 'started', round: this.#started() };
      case 'key':
        return { ...place, kind: 'key', ...fact.key };
      case 'message':
        return { ...place, kind: 'message', message: this.#viewOf().show(fact.recorded) };
      case 'close':
        return { ...place, kind: 'closed', phase: fact.phase };
      case 'decision':
        return { ...place, kind: 'decision', general: fact.general, vote: fact.vote };
      case 'report':
        return { ...place, kind: 'report', metrics: toMetrics(fact.report) };
      case 'seat':
        return fact.seat.epoch > 1 ? { ...place, kind: 'moved', seat: fact.seat } : undefined;
      case 'end':
        return { ...place, kind: 'ended', round: this.#ended() };
      case 'other':
        return undefined;
    }
  }

  /** As it was placed at first; where its seats went is told by events of their own. */
  #started() {
    const record = this.#recordOf();
    const seats = record.seats.filter(({ epoch }) => epoch === 1);
    return { ...placedRound(record, this.#spaceName), seats };
  }

  #ended() {
    return toRound(this.#recordOf(), { space: this.#spaceName, refusals: [] });
  }

  #recordOf() {
    const record = this.#builder.build();
    if (record === undefined) throw new Error('a tuple came before the round');
    return record;
  }

  #viewOf(): MessageView {
    this.#view ??= new MessageView(this.#recordOf());
    return this.#view;
  }
}

async function* watchOrNotFound(
  space: TupleSpace,
  request: Parameters<TupleSpace['watch']>[0],
  { number, signal }: { number: number; signal: AbortSignal },
): AsyncGenerator<WatchFrame> {
  try {
    yield* space.watch(request, { signal });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'not_found') throw error;
    throw new ServiceError('not_found', `round ${number} is unknown, or was dropped`, { cause: error });
  }
}

function checkIncarnation(from: Cursor | undefined, cursor: RequiredCursor): void {
  const wanted = from?.incarnation;
  if (wanted === undefined || wanted === '' || wanted === cursor.incarnation) return;
  throw new ServiceError(
    'out_of_range',
    `the cursor is of ${wanted}, the space is ${cursor.incarnation} now`,
    {
      details: { oldestRevision: '0' },
    },
  );
}

function writtenTuples(frame: WatchFrame): readonly StoredTuple[] {
  if (frame.kind === 'snapshot') return frame.tuples;
  if (frame.kind === 'events')
    return frame.events.filter(({ kind }) => kind === 'written').map(({ tuple }) => tuple);
  return [];
}
