/**
 * Memory without a service: a map in this process.
 */
import type { RawEntry, RawStore } from './raw.js';

export class RawMemory implements RawStore {
  readonly #bodies = new Map<string, Buffer>();
  readonly #waiting = new Map<string, (body: Buffer) => void>();

  async write(entries: readonly RawEntry[]): Promise<void> {
    for (const { key, body } of entries) {
      const waiting = this.#waiting.get(key);
      if (waiting === undefined) this.#bodies.set(key, body);
      else {
        this.#waiting.delete(key);
        waiting(body);
      }
    }
  }

  async read(key: string): Promise<Buffer | undefined> {
    return this.#bodies.get(key);
  }

  async take(key: string): Promise<Buffer | undefined> {
    const body = this.#bodies.get(key);
    this.#bodies.delete(key);
    return body;
  }

  takeBlocked(key: string): Promise<Buffer> {
    return new Promise((resolve) => this.#waiting.set(key, resolve));
  }

  async close(): Promise<void> {}
}
