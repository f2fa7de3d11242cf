/**
 * The network between the hosts and the space: each message takes its time, and some are lost or come twice. There is none from
 * host to host: generals talk only through the space.
 */
import type { Chance, Span } from './chance.js';
import type { Host } from './host.js';
import type { Trace } from './trace.js';
import type { VirtualClock } from './virtual-clock.js';

export interface NetworkOptions {
  /** One way, in ms. */
  readonly delayMs: Span;
  /** The probability that a request or an answer is lost. The caller notices, and repeats the call under its request id. */
  readonly loss: number;
  /** The probability that a request that may be repeated comes twice. */
  readonly duplication: number;
  /** The probability that a stream breaks in place of a frame. Who follows it resumes from its cursor. */
  readonly streamBreak: number;
  /** How long a host takes to notice that its connection broke, in ms. */
  readonly noticeMs: Span;
}

export class Network {
  readonly options: NetworkOptions;
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly #chance: Chance;
  readonly #hosts = new Set<Host>();
  #outageCount = 0;

  constructor({ options, clock, trace, chance }: NetworkParts) {
    this.options = options;
    this.clock = clock;
    this.trace = trace;
    this.#chance = chance;
  }

  join(host: Host): void {
    this.#hosts.add(host);
  }

  leave(host: Host): void {
    this.#hosts.delete(host);
  }

  /** Nobody reaches the space for so long; it goes on by itself. */
  outageFor(durationMs: number): void {
    this.#outageCount += 1;
    for (const host of this.#hosts) host.breakConnections();
    this.clock.after(durationMs, () => {
      this.#outageCount -= 1;
    });
  }

  isUp(host: Host): boolean {
    return this.#outageCount === 0 && !host.isCut && !host.isCrashed;
  }

  /** True when this message is lost on its way. */
  loses(host: Host): boolean {
    return this.#chance.happens(this.options.loss) || !this.isUp(host);
  }

  duplicates(): boolean {
    return this.#chance.happens(this.options.duplication);
  }

  breaksStream(host: Host): boolean {
    return this.#chance.happens(this.options.streamBreak) || !this.isUp(host);
  }

  /** How long the next message takes. */
  delayMs(): number {
    return this.#chance.within(this.options.delayMs);
  }

  noticeMs(): number {
    return this.#chance.within(this.options.noticeMs);
  }

  /** Notes something that happened. */
  note(who: string, what: string, detail?: unknown): void {
    this.trace.add({ atMs: this.clock.elapsedMs, who, what, detail });
  }
}

interface NetworkParts {
  readonly options: NetworkOptions;
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly chance: Chance;
}
