/**
 * A round as a stream of events: its space's watch, read as facts. It always starts from the first tuple, since a message can only be
 * judged by what came before it; events up to the caller's cursor are left out.
 */
import type { Clock } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { Cursor, RequiredCursor, StoredTuple, TupleSpace, WatchFrame } from '../tuplespace/index.js';
import { MessageJudge } from './judged-messages.js';
import type { RoundEvent } from './orchestrator.js';
import type { Fact } from './record.js';
import { RecordBuilder } from './record.js';
import { RoundSpace } from './round-space.js';
import { toRound } from './views.js';

export interface WatchRoundOptions {
  readonly number: number;
  readonly from?: Cursor;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Errors: not_found, out_of_range (the cursor is of another incarnation), unavailable. */
export async function* watchRound(space: TupleSpace, options: WatchRoundOptions): AsyncGenerator<RoundEvent> {
  const { number, from, signal } = options;
  const roundSpace = new RoundSpace(space, options);
  const reader = new EventReader(roundSpace);
  const request = { space: roundSpace.name, templates: [], from: { revision: 0n } };
  for await (const frame of watchOrNotFound(space, request, { number, signal })) {
    checkIncarnation(from, frame.cursor);
    for (const event of await reader.read(frame)) {
      if (event.cursor.revision > (from?.revision ?? 0n)) yield event;
      if (event.kind === 'ended') return;
    }
  }
}

class EventReader {
  readonly #space: RoundSpace;
  readonly #builder = new RecordBuilder();
  #judge: MessageJudge | undefined;

  constructor(space: RoundSpace) {
    this.#space = space;
  }

  async read(frame: WatchFrame): Promise<readonly RoundEvent[]> {
    const events: RoundEvent[] = [];
    for (const tuple of writtenTuples(frame)) {
      const fact = this.#builder.add(tuple);
      const cursor = { incarnation: frame.cursor.incarnation, revision: tuple.revision };
      const event = await this.#toEvent(fact, { cursor, atMs: tuple.writtenAtMs });
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  async #toEvent(
    fact: Fact,
    place: { readonly cursor: RequiredCursor; readonly atMs: number },
  ): Promise<RoundEvent | undefined> {
    switch (fact.kind) {
      case 'round':
        return { ...place, kind: 'started', round: await this.#round() };
      case 'message':
        return { ...place, kind: 'message', message: this.#judgeOf().judge(fact.recorded) };
      case 'close':
        return { ...place, kind: 'closed', phase: fact.phase };
      case 'decision':
        return { ...place, kind: 'decision', general: fact.general, vote: fact.vote };
      case 'report': {
        const { spaceCallMs, waitingMs } = fact.report;
        return {
          ...place,
          kind: 'report',
          metrics: { ...fact.report, coordinationMs: spaceCallMs + waitingMs },
        };
      }
      case 'end':
        return { ...place, kind: 'ended', round: await this.#round() };
      case 'other':
        return undefined;
    }
  }

  async #round() {
    const record = await this.#space.record({ withVotes: true });
    const conflictCount = await this.#space.conflictCount();
    if (record === undefined) throw new ServiceError('not_found', `${this.#space.name} is gone`);
    return toRound(record, { space: this.#space.name, conflictCount });
  }

  #judgeOf(): MessageJudge {
    const record = this.#builder.build();
    if (record === undefined) throw new Error('a message came before the round');
    this.#judge ??= new MessageJudge(record);
    return this.#judge;
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
