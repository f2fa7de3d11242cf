/**
 * The spaces of a memory store by name.
 */
import { ServiceError } from '../../../runtime/index.js';
import { checkSettings, type EffectiveSettings, type SettingsDefaults } from '../../checks-admin.js';
import { overLimit } from '../../limits.js';
import type { StoreFigures } from '../../metrics.js';
import type { ListSpacesAnswer, PutSpaceAnswer, SpaceInfo, SpaceSettings } from '../../space.js';
import type { DumpRecord, SpaceRecord, SpaceShape } from './dump-shapes.js';
import type { Pace } from './pace.js';
import { MemorySpace } from './space.js';
import type { StateBounds } from './state.js';

export interface SpacesOptions {
  readonly pace: Pace;
  /** A new random text of 32 characters or more. */
  readonly randomText: () => string;
  readonly defaults: SettingsDefaults;
  readonly bounds: StateBounds;
  readonly spacesMax: number;
}

/**
 * The space that is always there. The store made it, so only an orchestrator may drop it, which empties it.
 */
const defaultName = 'default';

/** Creator of the default space; no caller has this id. */
const storeItself = '';

export class Spaces {
  readonly #options: SpacesOptions;
  /** In the order in which they were made. */
  readonly #byName = new Map<string, MemorySpace>();
  #isClosed = false;

  constructor(options: SpacesOptions) {
    this.#options = options;
    this.#createDefault();
  }

  get size(): number {
    return this.#byName.size;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Errors: not_found; unavailable once the store is closed. */
  get(name: string): MemorySpace {
    this.checkOpen();
    const space = this.#byName.get(name);
    if (space === undefined) throw noSpace(name);
    return space;
  }

  /** Errors: unavailable once the store is closed. */
  checkOpen(): void {
    if (this.#isClosed) throw closed();
  }

  /** Errors: invalid_argument. */
  checkSettings(settings: SpaceSettings): void {
    checkSettings(settings, this.#options.defaults);
  }

  /** Errors: as `TupleSpace.putSpace`; resource_exhausted. */
  put(name: string, settings: SpaceSettings, creator: string): PutSpaceAnswer {
    this.checkOpen();
    const effective = checkSettings(settings, this.#options.defaults);
    const { spacesMax } = this.#options;
    const standing = this.#byName.get(name);
    if (standing === undefined && this.#byName.size >= spacesMax) {
      throw overLimit('spacesMax', spacesMax, `${spacesMax} spaces exist`);
    }
    if (standing !== undefined && !isSame(standing.options.effective, effective)) {
      throw new ServiceError('already_exists', `space: "${name}" exists with other settings`);
    }
    const space = standing ?? this.#create({ name, settings, effective, creator });
    return {
      incarnation: space.options.incarnation,
      isNew: standing === undefined,
      revision: space.info().revision,
    };
  }

  /** Ends a space and forgets it. */
  drop(name: string): void {
    this.get(name).end(() => noSpace(name));
    this.#byName.delete(name);
    if (name === defaultName) this.#createDefault();
  }

  /** One page of the spaces whose names pass, by name. */
  list({ isWanted, limit }: { isWanted: (name: string) => boolean; limit: number }): ListSpacesAnswer {
    this.checkOpen();
    const names = [...this.#byName.keys()].filter(isWanted).sort();
    const page = names.slice(0, limit);
    const last = page[limit - 1];
    return {
      spaces: page.map((name) => this.get(name).info()),
      ...(names.length > limit && last !== undefined && { nextAfterSpace: last }),
    };
  }

  /** What stands in all of them together. */
  figures(): Omit<StoreFigures, 'expiredHoldCount'> {
    const infos = [...this.#byName.values()].map((space) => space.info());
    const sum = (count: (info: SpaceInfo) => number) => infos.reduce((total, info) => total + count(info), 0);
    return {
      spaceCount: infos.length,
      tupleCount: sum((info) => info.tupleCount),
      heldCount: sum((info) => info.heldCount),
      waiterCount: sum((info) => info.waiterCount),
    };
  }

  /** When the next tuple, hold or lease of a space ends by itself, or of any space; undefined: none does. */
  nextDueMs(name?: string): number | undefined {
    if (name !== undefined) return this.#byName.get(name)?.nextDueMs;
    const all = [...this.#byName.values()].flatMap(({ nextDueMs }) => nextDueMs ?? []);
    return all.length === 0 ? undefined : all.reduce((left, right) => Math.min(left, right));
  }

  /** Ends what has fallen due in any space. */
  expire(): void {
    for (const space of this.#byName.values()) space.expire();
  }

  *dump(): Generator<DumpRecord<'space'> | SpaceRecord> {
    for (const space of this.#byName.values()) yield* space.dump();
  }

  /** Forgets all spaces, so that those of a dump can take their place. */
  clear(): void {
    for (const [name, space] of this.#byName) space.end(() => noSpace(name));
    this.#byName.clear();
  }

  /** Makes the space of a dump; returns what takes the records that follow on it. */
  restore(shape: SpaceShape): (record: SpaceRecord) => void {
    return this.#add(shape).restore();
  }

  /**
   * Gives every space another incarnation, so that cursors of before are refused, and goes on with numbers that were never given, so
   * that no ticket or id of before names something else. Ends all that waits or watches.
   */
  renew(): void {
    for (const space of [...this.#byName.values()]) {
      const records = [...space.dump()];
      space.end(() => new ServiceError('unavailable', 'the store has lost its newest entries'));
      const incarnation = this.#options.randomText();
      const restore = this.#add({ ...space.options, incarnation }).restore();
      for (const record of records) if (record.kind !== 'space') restore(renumbered(record));
    }
    this.wake();
  }

  /** Begins to end by itself what falls due, after a restore. */
  wake(): void {
    for (const space of this.#byName.values()) space.wake();
  }

  /** Ends all that waits or watches, and leaves the spaces as they are. */
  interrupt(makeError: () => ServiceError): void {
    for (const space of this.#byName.values()) space.interrupt(makeError);
  }

  /** Ends all spaces with unavailable. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const space of this.#byName.values()) space.end(closed);
    this.#byName.clear();
  }

  #createDefault(): void {
    const effective = checkSettings({}, this.#options.defaults);
    this.#create({ name: defaultName, settings: {}, effective, creator: storeItself });
  }

  #create(made: Pick<SpaceShape, 'name' | 'settings' | 'effective' | 'creator'>): MemorySpace {
    const { randomText } = this.#options;
    const [incarnation, ticketKey] = [randomText(), randomText()];
    return this.#add({ ...made, settings: copyOf(made.settings), incarnation, ticketKey });
  }

  #add(shape: SpaceShape): MemorySpace {
    const { pace, bounds } = this.#options;
    const space = new MemorySpace({ ...shape, bounds, pace });
    this.#byName.set(shape.name, space);
    return space;
  }
}

/** More than any log loses. */
const renewalGap = 2 ** 32;

function renumbered(record: SpaceRecord): SpaceRecord {
  if (record.kind !== 'standing') return record;
  const { state } = record;
  const lastId = state.lastId + renewalGap;
  const lastHold = state.lastHold + renewalGap;
  const lastLease = state.lastLease + renewalGap;
  return { kind: 'standing', state: { ...state, lastId, lastHold, lastLease } };
}

function noSpace(name: string): ServiceError {
  return new ServiceError('not_found', `space: there is no "${name}"`);
}

function closed(): ServiceError {
  return new ServiceError('unavailable', 'the store is shutting down');
}

function copyOf(settings: SpaceSettings): SpaceSettings {
  return structuredClone(settings);
}

function isSame(left: EffectiveSettings, right: EffectiveSettings): boolean {
  return textOf(left) === textOf(right);
}

/** Checked settings have their keys in one order. */
function textOf(settings: EffectiveSettings): string {
  return JSON.stringify(settings, (_, value: unknown) => {
    if (typeof value === 'bigint') return { int64: String(value) };
    return value instanceof Uint8Array ? { bytes: [...value] } : value;
  });
}
