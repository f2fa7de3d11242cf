/**
 * Follows what comes and goes in the control space: nodes, and the claims of orchestrators.
 */
import type { NodeTuple } from '../general-node/index.js';
import {
  claimTemplate,
  controlSpace,
  drainingTemplate,
  nodeTemplate,
  readClaim,
  readDraining,
  readNode,
  returnedTemplate,
} from '../general-node/index.js';
import type { Clock } from '../runtime/index.js';
import type { SpaceEvent, StoredTuple, TupleSpace } from '../tuplespace/index.js';
import { follow } from '../tuplespace/index.js';

export interface ControlWatchOptions {
  readonly space: TupleSpace;
  readonly clock: Clock;
  /** A node came, went, is going to, or gave a seat back. */
  readonly onNodes: () => void;
  /** The orchestrator that claimed these rounds is gone; undefined: it may be any, since what came before was not seen. */
  readonly onUnclaimed: (rounds: readonly number[] | undefined) => void;
}

export class ControlWatch {
  readonly #options: ControlWatchOptions;
  /** Incarnations that are there and stay. */
  readonly #live = new Set<string>();
  readonly #waiting = new Set<() => void>();

  constructor(options: ControlWatchOptions) {
    this.#options = options;
  }

  /** Follows until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { space, clock } = this.#options;
    const templates = [nodeTemplate(), drainingTemplate, returnedTemplate(), claimTemplate()];
    const request = { space: controlSpace, templates, from: { revision: 0n } };
    const standing: StoredTuple[] = [];
    for await (const frame of follow(space, request, { clock, signal })) {
      if (frame.kind === 'events') this.#take(frame.events);
      if (frame.kind !== 'snapshot') continue;
      standing.push(...frame.tuples);
      if (!frame.isLast) continue;
      this.#begin(standing.splice(0));
    }
  }

  /** As far as this watch has come, the process holds its seats and goes on to. */
  isLive({ incarnation }: Pick<NodeTuple, 'incarnation'>): boolean {
    return this.#live.has(incarnation);
  }

  /** Resolves when a node comes or goes after this call. */
  nodesChanged(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #begin(tuples: readonly StoredTuple[]): void {
    this.#live.clear();
    for (const tuple of tuples) this.#come(tuple);
    this.#tellNodes();
    this.#options.onUnclaimed(undefined);
  }

  #take(events: readonly SpaceEvent[]): void {
    const unclaimed: number[] = [];
    let isAboutNodes = false;
    for (const { kind, tuple } of events) {
      const isGone = kind === 'expired' || kind === 'taken';
      const claim = readClaim(tuple);
      if (claim === undefined) {
        isAboutNodes = true;
        if (kind === 'written') this.#come(tuple);
        else if (isGone) this.#live.delete(readNode(tuple)?.incarnation ?? '');
      } else if (kind === 'expired') unclaimed.push(claim.round);
    }
    if (isAboutNodes) this.#tellNodes();
    if (unclaimed.length > 0) this.#options.onUnclaimed(unclaimed);
  }

  #come(tuple: StoredTuple): void {
    const node = readNode(tuple);
    if (node !== undefined) this.#live.add(node.incarnation);
    const leaving = readDraining(tuple);
    if (leaving !== undefined) this.#live.delete(leaving.incarnation);
  }

  #tellNodes(): void {
    this.#options.onNodes();
    for (const resolve of [...this.#waiting]) resolve();
    this.#waiting.clear();
  }
}
