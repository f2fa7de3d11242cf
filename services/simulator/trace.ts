/**
 * What happened in a simulation, in order, and a fingerprint of it: two runs of one seed must give the same.
 */
import { createHash } from 'node:crypto';

/** One thing that happened. */
export interface TraceEvent {
  /** Milliseconds since the simulation began. */
  readonly atMs: number;
  /** A node, the orchestrator, or the space. */
  readonly who: string;
  /** `call`, `answer`, `refusal`, `frame`, `lost`, `repeated`, `crash`, … */
  readonly what: string;
  readonly detail: unknown;
}

/** What counts as having happened, by kind. */
export type Counts = Readonly<Record<string, number>>;

export class Trace {
  readonly #hash = createHash('sha256');
  readonly #counts = new Map<string, number>();
  readonly #listener: ((event: TraceEvent) => void) | undefined;
  #eventCount = 0;

  /** @param listener told of each event as it happens */
  constructor(listener?: (event: TraceEvent) => void) {
    this.#listener = listener;
  }

  add(event: TraceEvent): void {
    this.#eventCount += 1;
    this.count(event.what);
    this.#hash.update(`${formatTraceEvent(event)}\n`);
    this.#listener?.(event);
  }

  /** Counts something that is no event of its own. */
  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  get eventCount(): number {
    return this.#eventCount;
  }

  get counts(): Counts {
    return Object.fromEntries([...this.#counts].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  /** The first 16 hex digits of the SHA-256 of all events so far. */
  hash(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }
}

/** One line: time in ms, who, what, and the detail as JSON. */
export function formatTraceEvent({ atMs, who, what, detail }: TraceEvent): string {
  return `${atMs.toFixed(3)} ${who} ${what} ${detail === undefined ? '' : JSON.stringify(detail, plainValue)}`;
}

/** For `JSON.stringify`: whole numbers beyond its own as texts that end in `n`, bytes as base64. */
export function plainValue(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value;
}
