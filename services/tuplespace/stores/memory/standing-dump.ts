/**
 * What stands in a space as records of a dump, and back: tuples with their terms and holds, and the deadlines of those in their order.
 */
import type { Deadline } from './deadlines.js';
import { malformed } from './dump-parts.js';
import type { DeadlineShape, DumpRecord, StandingKind, TupleShape } from './dump-shapes.js';
import { type Entry, EntryRestorer } from './entry.js';
import type { Hold } from './holds.js';
import type { Standing } from './standing.js';
import type { Term } from './terms.js';

export function* dumpStanding(standing: Standing, lastId: number): Generator<DumpRecord<StandingKind>> {
  const { bag, deadlines, holds, leases } = standing;
  const { lastSequence } = deadlines;
  const { freedCount } = bag;
  const last = { lastId, lastHold: holds.lastNumber, lastLease: leases.lastNumber, lastSequence };
  yield { kind: 'standing', state: { ...last, freedCount } };
  const known = new Set<Term>();
  for (const lease of leases.live()) {
    known.add(lease);
    yield dumpTerm(lease);
  }
  for (const { number, lease, deadline } of holds.live()) {
    yield { kind: 'hold', state: { number, lease: lease?.number ?? 0, ...timeOf(deadline) } };
  }
  for (const { tuple, bytes, hasBytes, term, hold } of bag.all()) {
    if (term !== undefined && !known.has(term)) {
      known.add(term);
      yield dumpTerm(term);
    }
    const bound = { term: term?.deadline.sequence ?? 0, hold: hold?.number ?? 0 };
    yield { kind: 'tuple', state: { tuple, bytes, hasBytes, ...bound } };
  }
}

/** What takes the records of `dumpStanding`, in their order, into an empty `standing`. Errors: failed_precondition. */
export function standingRestorer(standing: Standing): (record: DumpRecord<StandingKind>) => void {
  const restorer = new StandingRestorer(standing);
  return (record) => restorer.take(record);
}

/** A hold and the entries that it gets one by one. */
interface OpenHold {
  readonly hold: Hold;
  readonly entries: Entry[];
}

class StandingRestorer {
  readonly #standing: Standing;
  /** By the sequence of their deadlines. */
  readonly #terms = new Map<number, Term>();
  /** By number. */
  readonly #leases = new Map<number, Term>();
  readonly #holds = new Map<number, OpenHold>();
  readonly #restorer = new EntryRestorer();

  constructor(standing: Standing) {
    this.#standing = standing;
  }

  take({ kind, state }: DumpRecord<StandingKind>): void {
    const { bag, deadlines, holds, leases } = this.#standing;
    switch (kind) {
      case 'standing':
        bag.continueAfter(state.freedCount);
        holds.continueAfter(state.lastHold);
        leases.continueAfter(state.lastLease);
        deadlines.continueAfter(state.lastSequence);
        break;
      case 'term': {
        const term = this.#standing.newTerm(state.number);
        if (state.number > 0) this.#leases.set(state.number, leases.restore(term));
        this.#terms.set(state.sequence, term);
        deadlines.restore(term.deadline, state);
        break;
      }
      case 'hold': {
        const entries: Entry[] = [];
        const lease = known(this.#leases, state.lease, 'lease');
        const hold = holds.restore(this.#standing.newHold(state.number, { entries, lease }));
        this.#holds.set(state.number, { hold, entries });
        deadlines.restore(hold.deadline, state);
        break;
      }
      case 'tuple':
        this.#takeTuple(state);
    }
  }

  #takeTuple(state: TupleShape): void {
    const { bag } = this.#standing;
    const { tuple } = state;
    const slots = bag.slots.of(tuple.values, tuple.writer).map(({ key }) => key);
    const entry = this.#restorer.restore(state, slots);
    const held = known(this.#holds, state.hold, 'hold');
    held?.entries.push(entry);
    bag.restore(entry, held?.hold);
    entry.term = known(this.#terms, state.term, 'term');
    entry.term?.entries.add(entry);
  }
}

function dumpTerm({ number, deadline }: Term): DumpRecord<'term'> {
  return { kind: 'term', state: { number, ...timeOf(deadline) } };
}

function timeOf({ dueMs, sequence }: Deadline): DeadlineShape {
  return { dueMs, sequence };
}

/** What an earlier record made; 0 stands for nothing. */
function known<Item>(items: ReadonlyMap<number, Item>, number: number, what: string): Item | undefined {
  if (number === 0) return undefined;
  const item = items.get(number);
  if (item === undefined) throw malformed(`it refers to ${what} ${number} and has none`);
  return item;
}
