/**
 * The open watches of a space.
 */
import type { Caller } from '../../caller.js';
import { overLimit, type SpaceLimits } from '../../limits.js';
import type { Cursor } from '../../space.js';
import type { Template } from '../../template.js';
import type { Kept } from './entry.js';
import { Feed, type FeedOptions, outOfHistory } from './feed.js';
import { OpenCounts } from './quotas.js';
import { find } from './search.js';
import type { SpaceState } from './state.js';

/** What the space needs of a watch. */
export interface OpenWatch {
  poke(): void;
  fail(error: unknown): void;
}

export interface WatchesOptions {
  readonly incarnation: string;
  readonly state: SpaceState;
  /** Watches count like waiting calls, by themselves. */
  readonly limits: SpaceLimits;
}

export class Watches {
  readonly #options: WatchesOptions;
  readonly #counts: OpenCounts;
  /** Each with how its caller's count is taken back. */
  readonly #open = new Map<OpenWatch, () => void>();
  #pokedRevision = 0;

  constructor(options: WatchesOptions) {
    this.#options = options;
    this.#counts = new OpenCounts('callerWatchesMax', options.limits);
  }

  get size(): number {
    return this.#open.size;
  }

  /** Begins a watch. Errors: out_of_range, resource_exhausted. */
  open(
    watch: OpenWatch,
    { caller, templates, from }: { caller: Caller; templates: readonly Template[]; from: Cursor },
  ): Feed {
    const { limits, state, incarnation } = this.#options;
    const { waitersMax: watchesMax } = limits;
    if (this.#open.size >= watchesMax) {
      throw overLimit('waitersMax', watchesMax, `${this.#open.size} watches are open in the space`);
    }
    const feed: FeedOptions = { incarnation, history: state.history, templates };
    checkCursor(from, feed);
    const opened =
      from.revision === 0n
        ? new Feed(feed, state.history.revision, snapshot(state, templates))
        : new Feed(feed, Number(from.revision));
    this.#open.set(watch, this.#counts.open(caller));
    return opened;
  }

  close(watch: OpenWatch): void {
    this.#open.get(watch)?.();
    this.#open.delete(watch);
  }

  /** Tells the watches of what has happened since the last time. */
  poke(): void {
    const { revision } = this.#options.state.history;
    if (revision === this.#pokedRevision) return;
    this.#pokedRevision = revision;
    for (const watch of this.#open.keys()) watch.poke();
  }

  failAll(makeError: () => unknown): void {
    for (const watch of [...this.#open.keys()]) watch.fail(makeError());
  }
}

function checkCursor({ incarnation, revision }: Cursor, feed: FeedOptions): void {
  const isOther = incarnation !== undefined && incarnation !== '' && incarnation !== feed.incarnation;
  const isBeyond = revision < feed.history.oldestRevision || revision > feed.history.revision;
  if (isOther || (revision !== 0n && isBeyond)) throw outOfHistory(revision, feed);
}

/** The tuples that stand now, as they are now: what the space does afterwards must not show in it. */
function snapshot(state: SpaceState, templates: readonly Template[]): Kept[] {
  const search = { ...state.search(templates, { includeHeld: true }), areMatchesFree: true };
  const entries = templates.length === 0 ? state.bag.all() : find(search);
  return Array.from(entries, ({ tuple, hasBytes, bytes }) => ({ tuple, hasBytes, bytes }));
}
