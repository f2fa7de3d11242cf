/**
 * The ledger of rounds in the control space: gives each round its number, once, and finds rounds again by number or key.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { RoundEntry } from '../general-node/index.js';
import { controlSpace, readRoundEntry, roundEntryTemplate, roundEntryTuple } from '../general-node/index.js';
import { ServiceError } from '../runtime/index.js';
import type { Template, TupleSpace } from '../tuplespace/index.js';
import { between, exact, readAll } from '../tuplespace/index.js';
import type { RoundRequest } from './orchestrator.js';

/** A round's place in the ledger; new, or found by its key. */
export interface Entered {
  readonly number: number;
  readonly isNew: boolean;
}

interface RandomTexts {
  readonly randomText?: (() => string) | undefined;
}

export class Ledger {
  readonly #space: TupleSpace;
  readonly #randomText: () => string;
  /** The highest number that was seen here: a new round reads what is above it, however many are kept. */
  #lastNumber = 0;

  constructor(space: TupleSpace, { randomText = randomUUID }: RandomTexts = {}) {
    this.#space = space;
    this.#randomText = randomText;
  }

  /**
   * The number of the round that has the request's key, among these entries; undefined for none. Errors: already_exists (the key
   * stands for another request).
   */
  find(request: RoundRequest, entries: readonly RoundEntry[]): number | undefined {
    const { key = '' } = request;
    const entry = key === '' ? undefined : entries.find((one) => one.key === key);
    if (entry === undefined) return undefined;
    if (entry.fingerprint === fingerprintOf(request)) return entry.number;
    throw new ServiceError(
      'already_exists',
      `key "${key}" stands for round ${entry.number}, another request`,
    );
  }

  /**
   * Enters a round under the next free number, or finds the one that has got the same key meanwhile. `known` are entries around the
   * request, read before: a later one only costs another try. Errors: as `find`.
   */
  async enter(request: RoundRequest, known: readonly RoundEntry[]): Promise<Entered> {
    const { key = '' } = request;
    const fingerprint = fingerprintOf(request);
    for (let entries = known; ; entries = await this.around(request)) {
      this.#see(entries);
      const entry = { number: this.#lastNumber + 1, key, fingerprint, nonce: this.#randomText() };
      const standing = await this.#write(entry);
      if (standing === 'written') {
        this.#see([entry]);
        return { number: entry.number, isNew: true };
      }
      if (standing === 'number_taken') continue;
      const number = this.find(request, [standing]);
      if (number !== undefined) return { number, isNew: false };
    }
  }

  /** What matters to a new request: the entry that has its key, and those that are newer than all that were seen here. */
  around({ key = '' }: RoundRequest, signal?: AbortSignal): Promise<readonly RoundEntry[]> {
    const newer = roundEntryTemplate({ number: between({ low: BigInt(this.#lastNumber + 1) }) });
    return this.#read(key === '' ? [newer] : [newer, roundEntryTemplate({ key })], signal);
  }

  /** All rounds that are kept, oldest first. */
  entries(signal?: AbortSignal): Promise<readonly RoundEntry[]> {
    return this.#read([roundEntryTemplate()], signal);
  }

  /** Strikes a round out. */
  async remove(number: number): Promise<void> {
    await this.#space.take({
      space: controlSpace,
      templates: [roundEntryTemplate({ number: exact(BigInt(number)) })],
    });
  }

  async #read(templates: readonly Template[], signal?: AbortSignal): Promise<readonly RoundEntry[]> {
    const entries: RoundEntry[] = [];
    const request = { space: controlSpace, templates };
    for await (const tuple of readAll(this.#space, request, { signal })) {
      const entry = readRoundEntry(tuple);
      if (entry !== undefined) entries.push(entry);
    }
    return entries.sort((left, right) => left.number - right.number);
  }

  #see(entries: readonly RoundEntry[]): void {
    this.#lastNumber = Math.max(this.#lastNumber, ...entries.map(({ number }) => number));
  }

  /** Two orchestrators may try the same number or key at once: the space lets one of them win. */
  async #write(entry: RoundEntry): Promise<'written' | 'number_taken' | RoundEntry> {
    const { key } = entry;
    const request = { space: controlSpace, tuples: [roundEntryTuple(entry)] };
    try {
      const answer = await this.#space.write(
        key === '' ? request : { ...request, unless: roundEntryTemplate({ key }) },
      );
      if (answer.kind === 'written') return 'written';
      return readRoundEntry(answer.by) ?? 'number_taken';
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'already_exists') return 'number_taken';
      throw error;
    }
  }
}

function fingerprintOf(request: RoundRequest): string {
  const asked = JSON.stringify({ ...request, key: '' }, sortedKeys);
  return createHash('sha256').update(asked).digest('hex');
}

/** The same request in another order of its fields is the same request. */
function sortedKeys(_: string, value: unknown): unknown {
  if (value instanceof Map) return sortedKeys(_, Object.fromEntries(value));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
