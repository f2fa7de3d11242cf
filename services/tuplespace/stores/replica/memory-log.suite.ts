/**
 * A log in this process, for tests: replicas share it as they share a store, and its time is driven by hand.
 */
import { type Clock, ServiceError } from '../../../runtime/index.js';
import {
  type Appended,
  type LogEntry,
  type LogEvents,
  type LogFacts,
  type LogOpener,
  type OpenLog,
  type Pulled,
  pullMax,
  type Snapshot,
} from './log.js';

export class MemoryLog implements LogOpener {
  readonly #clock: Clock;
  readonly #open = new Set<{ events: LogEvents; log: OpenLog }>();
  entries: LogEntry[] = [];
  snapshot: { position: number; parts: Uint8Array[] } | undefined;
  snapshotCount = 0;
  isDown = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get headPosition(): number {
    return this.entries.at(-1)?.position ?? this.snapshot?.position ?? 0;
  }

  /** Breaks every connection; opening fails until `up`. */
  down(): void {
    this.isDown = true;
    for (const { events } of this.#open) events.onLost(down());
    this.#open.clear();
  }

  up(): void {
    this.isDown = false;
  }

  async open(events: LogEvents): Promise<OpenLog> {
    if (this.isDown) throw down();
    const connection = { events, log: undefined as unknown as OpenLog };
    const isOpen = () => this.#open.has(connection);
    connection.log = {
      facts,
      append: async (after, body) => this.#append(isOpen, after, body),
      pull: async (after) => this.#pull(isOpen, after),
      readSnapshot: async () => this.#readSnapshot(),
      writeSnapshot: async (snapshot, keepCount) => this.#writeSnapshot(snapshot, keepCount),
      close: async () => void this.#open.delete(connection),
    };
    this.#open.add(connection);
    return connection.log;
  }

  async #append(isOpen: () => boolean, after: number, body: Uint8Array): Promise<Appended> {
    await breathe();
    if (!isOpen()) throw down();
    const missed = this.#after(after);
    const position = this.headPosition + 1;
    const timeMs = this.#timeMs();
    this.entries.push({ position, timeMs, body });
    setImmediate(() => {
      for (const { events } of this.#open) events.onGrowth(position);
    });
    await breathe();
    if (!isOpen()) throw down();
    return { position, timeMs, missed };
  }

  async #pull(isOpen: () => boolean, after: number): Promise<Pulled> {
    await breathe();
    if (!isOpen()) throw down();
    const first = this.entries[0]?.position ?? 1;
    if (after > this.headPosition || after < first - 1)
      throw new ServiceError('out_of_range', `position ${after}`);
    const pulled = { entries: this.#after(after), headPosition: this.headPosition, timeMs: this.#timeMs() };
    await breathe();
    return pulled;
  }

  async #readSnapshot(): Promise<Snapshot | undefined> {
    const { snapshot } = this;
    return snapshot && { position: snapshot.position, parts: partsOf(snapshot.parts) };
  }

  async #writeSnapshot({ position, parts }: Snapshot, keepCount: number): Promise<boolean> {
    if (position <= (this.snapshot?.position ?? 0)) return false;
    const all: Uint8Array[] = [];
    for await (const part of parts) all.push(part);
    this.snapshot = { position, parts: all };
    this.snapshotCount += 1;
    const keepFrom = position - keepCount;
    this.entries = this.entries.filter((entry) => entry.position > keepFrom);
    return true;
  }

  #after(after: number): LogEntry[] {
    return this.entries.filter(({ position }) => position > after).slice(0, pullMax);
  }

  #timeMs(): number {
    return Math.max(this.entries.at(-1)?.timeMs ?? 0, Math.floor(this.#clock.wallMs()));
  }
}

const facts: LogFacts = { backend: 'redis', durability: 'power-loss', findings: [] };

function down(): ServiceError {
  return new ServiceError('unavailable', 'the log is down');
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function* partsOf(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
