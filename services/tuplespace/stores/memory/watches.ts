/**
 * The open watches of a space.
 */
import { overLimit } from '../../limits.js';
import type { Cursor } from '../../space.js';
import type { Template } from '../../template.js';
import type { Kept } from './entry.js';
import { Feed, type FeedOptions, outOfHistory } from './feed.js';
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
  readonly watchesMax: number;
}

export class Watches {
  readonly #options: WatchesOptions;
  readonly #open = new Set<OpenWatch>();
  #pokedRevision = 0;

  constructor(options: WatchesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Begins a watch. Errors: out_of_range, resource_exhausted. */
  open(watch: OpenWatch, { templates, from }: { templates: readonly Template[]; from: Cursor }): Feed {
    const { watchesMax, state, incarnation } = this.#options;
    if (this.#open.size >= watchesMax) {
      throw overLimit('waitersMax', watchesMax, `${this.#open.size} watches are open in the space`);
    }
    const feed: FeedOptions = { incarnation, history: state.history, templates };
    checkCursor(from, feed);
    const opened =
      from.revision === 0n
        ? new Feed(feed, state.history.revision, snapshot(state, templates))
        : new Feed(feed, Number(from.revision));
    this.#open.add(watch);
    return opened;
  }

  close(watch: OpenWatch): void {
    this.#open.delete(watch);
  }

  /** Tells the watches of what has happened since the last time. */
  poke(): void {
    const { revision } = this.#options.state.history;
    if (revision === this.#pokedRevision) return;
    this.#pokedRevision = revision;
    for (const watch of this.#open) watch.poke();
  }

  failAll(makeError: () => unknown): void {
    for (const watch of [...this.#open]) watch.fail(makeError());
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
