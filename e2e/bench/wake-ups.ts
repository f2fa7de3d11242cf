/**
 * How long it takes from the start of a write until somebody elsewhere has its tuple: a blocked take, and a watch; ms, one at a time.
 */
import type { TupleSpace } from '../../services/tuplespace/index.js';
import { any, template } from '../../services/tuplespace/index.js';
import type { RawStore } from './raw.js';

const warmUpCount = 1_000;
const sampleCount = 500;
const space = 'wake-ups';

export interface WakeUpParts {
  readonly writer: TupleSpace;
  /** Who is woken; may be on another replica than the writer. */
  readonly woken: TupleSpace;
  /** Run before each sample, so that what it measures is measured under the same load. */
  readonly before: () => Promise<unknown>;
}

export async function takeWakeUps({ writer, woken: taker, before }: WakeUpParts): Promise<readonly number[]> {
  await writer.putSpace({ space, settings: {} });
  const tookMs: number[] = [];
  for (let i = -warmUpCount; i < sampleCount; i += 1) {
    const taken = taker.take({ space, templates: [template('call', BigInt(i))], waitMs: 20_000 });
    await waiting(taker);
    if (i >= 0) await before();
    const startedMs = performance.now();
    await writer.write({ space, tuples: [['call', BigInt(i)]] });
    await taken;
    if (i >= 0) tookMs.push(performance.now() - startedMs);
  }
  return tookMs;
}

export async function watchDeliveries({
  writer,
  woken: watcher,
  before,
}: WakeUpParts): Promise<readonly number[]> {
  await writer.putSpace({ space, settings: {} });
  const frames = watcher.watch({ space, templates: [template('news', any)], from: { revision: 0n } });
  const iterator = frames[Symbol.asyncIterator]();
  const nextNews = async (): Promise<void> => {
    for (let next = await iterator.next(); next.value?.kind !== 'events'; next = await iterator.next());
  };
  await iterator.next();
  const tookMs: number[] = [];
  for (let i = -warmUpCount; i < sampleCount; i += 1) {
    const delivered = nextNews();
    if (i >= 0) await before();
    const startedMs = performance.now();
    await writer.write({ space, tuples: [['news', BigInt(i)]] });
    await delivered;
    if (i >= 0) tookMs.push(performance.now() - startedMs);
  }
  await iterator.return?.();
  return tookMs;
}

export async function rawWakeUps(store: RawStore): Promise<readonly number[]> {
  const tookMs: number[] = [];
  for (let i = -warmUpCount; i < sampleCount; i += 1) {
    const taken = store.takeBlocked(`blocked-${i}`);
    await store.read('nothing');
    const startedMs = performance.now();
    await store.write([{ key: `blocked-${i}`, body: Buffer.from('x') }]);
    await taken;
    if (i >= 0) tookMs.push(performance.now() - startedMs);
  }
  return tookMs;
}

/** Resolves when the take waits. */
async function waiting(taker: TupleSpace): Promise<void> {
  for (;;) {
    const { spaces } = await taker.listSpaces({ prefix: space });
    if (spaces[0]?.waiterCount === 1) return;
  }
}
