/**
 * What the workers of a run do: six families of calls, each on tuples of its own, all mixed in one run.
 */
import { any, exact, template } from '../../../services/tuplespace/index.js';
import { pauseFor } from '../pause.js';
import { firstOf, type Worker } from './worker.js';

export interface Family {
  readonly name: string;
  /** How often it is drawn, against the others. */
  readonly share: number;
  /** One to four calls. */
  turn(worker: Worker): Promise<void>;
}

/** The longest hold and the longest time to live of a run, in ms: what is left is drained after that. */
export const longestMs = 1_500;

/** Tuples are written and read, all of a key or their number. */
const set: Family = {
  name: 'set',
  share: 20,
  async turn(worker) {
    const key = worker.keys.next('s', worker.draw(6));
    const all = template('set', key, any);
    const choice = worker.draw(10);
    if (choice < 5) await worker.write({ tuples: [['set', key, worker.value()]] });
    else if (choice < 6)
      await worker.write({ tuples: [worker.value(), worker.value()].map((v) => ['set', key, v]) });
    else if (choice < 9) await worker.read({ templates: [all], limit: 500 });
    else await worker.read({ templates: [all], countOnly: true });
  },
};

/** Tuples are written and taken, oldest first. */
const queue: Family = {
  name: 'queue',
  share: 25,
  async turn(worker) {
    const key = worker.keys.next('q', worker.draw(4));
    const all = template('queue', key, any);
    const choice = worker.draw(10);
    if (choice < 5) await worker.write({ tuples: [['queue', key, worker.value()]] });
    else if (choice < 9) await worker.take({ templates: [all] });
    else await worker.take({ templates: [all], max: 3 });
  },
};

/** Tuples are held and then committed, replaced, released, kept longer, let go, or committed too late. */
const hold: Family = {
  name: 'hold',
  share: 15,
  async turn(worker) {
    const key = worker.keys.next('h', worker.draw(4));
    if (worker.draw(2) === 0) return void (await worker.write({ tuples: [['hold', key, worker.value()]] }));
    const holdMs = [150, 400, longestMs][worker.draw(3)] ?? 150;
    const answer = await worker.take({ templates: [template('hold', key, any)], holdMs });
    if (answer?.holdToken === undefined) return;
    await settled(worker, { holdToken: answer.holdToken, holdMs, key });
  },
};

async function settled(
  worker: Worker,
  { holdToken, holdMs, key }: { holdToken: string; holdMs: number; key: string },
): Promise<void> {
  const choice = worker.draw(20);
  if (choice < 10) await worker.settle({ holdToken, action: { kind: 'commit' } });
  else if (choice < 13) {
    const tuples = [['hold', key, worker.value()]];
    await worker.settle({ holdToken, action: { kind: 'commit', tuples } });
  } else if (choice < 16) await worker.settle({ holdToken, action: { kind: 'release' } });
  else if (choice < 17) {
    await worker.settle({ holdToken, action: { kind: 'extend', holdMs: 300 } });
    await worker.settle({ holdToken, action: { kind: 'commit' } });
  } else if (choice < 19 && holdMs < longestMs) {
    await pauseFor(holdMs + 250);
    await worker.settle({ holdToken, action: { kind: 'commit' } });
  }
}

/** Compare and set: a register's next version is written unless it is there; a lock is written unless somebody has it, then given back. */
const register: Family = {
  name: 'register',
  share: 18,
  async turn(worker) {
    const slot = worker.draw(4);
    if (worker.draw(3) === 0) return locked(worker, slot);
    const key = worker.keys.next('r', slot);
    const answer = await worker.read({ templates: [template('register', key, any, any)], limit: 500 });
    if (answer === undefined) return;
    const newest = answer.tuples.reduce((last, { values }) => maximum(last, values[2]), 0n);
    const next = newest + 1n;
    await worker.write({
      tuples: [['register', key, next, worker.value()]],
      unless: template('register', key, next, any),
    });
  },
};

function maximum(last: bigint, version: unknown): bigint {
  return typeof version === 'bigint' && version > last ? version : last;
}

async function locked(worker: Worker, slot: number): Promise<void> {
  const key = worker.keys.next('l', slot);
  const mine = ['lock', key, worker.value()];
  const answer = await worker.write({ tuples: [mine], unless: template('lock', key, any) });
  if (answer?.kind === 'written') await worker.take({ templates: [mine.map(exact)] });
}

/** Takes and reads that wait for what others write; and meetings, where a wait and the write that ends it have a key of their own. */
const blocking: Family = {
  name: 'blocking',
  share: 14,
  async turn(worker) {
    if (worker.draw(8) === 0) return meeting(worker);
    const key = worker.keys.next('w', worker.draw(3));
    const templates = [template('wait', key, any)];
    const choice = worker.draw(20);
    if (choice < 11) await worker.write({ tuples: [['wait', key, worker.value()]] });
    else if (choice < 18) await worker.take({ templates, waitMs: 1_800 });
    else await worker.read({ templates, min: 1, limit: 500, waitMs: 1_800 });
  },
};

/** Nobody else can end the wait: a lost wake-up shows. */
async function meeting(worker: Worker): Promise<void> {
  const key = worker.value();
  await Promise.all([
    worker.take({ templates: [template('meet', key, any)], waitMs: 1_800 }),
    pauseFor(50 + worker.draw(200)).then(() => worker.write({ tuples: [['meet', key, worker.value()]] })),
  ]);
}

/** Tuples that expire. */
const mortal: Family = {
  name: 'mortal',
  share: 8,
  async turn(worker) {
    const key = worker.keys.next('m', worker.draw(2));
    const choice = worker.draw(10);
    const templates = [template('mortal', key, any)];
    if (choice < 5) {
      const ttlMs = 100 + worker.draw(longestMs - 100);
      await worker.write({ tuples: [['mortal', key, worker.value()]], ttlMs });
    } else if (choice < 9) await worker.read({ templates, limit: 500 });
    else if (firstOf(await worker.take({ templates })) !== undefined)
      await worker.read({ templates, limit: 500 });
  },
};

const families: readonly Family[] = [set, queue, hold, register, blocking, mortal];

/** The first fields of all tuples of a run, and their lengths: what the drain takes. */
export const drained: readonly { readonly kind: string; readonly length: number }[] = [
  { kind: 'set', length: 3 },
  { kind: 'queue', length: 3 },
  { kind: 'hold', length: 3 },
  { kind: 'register', length: 4 },
  { kind: 'lock', length: 3 },
  { kind: 'wait', length: 3 },
  { kind: 'mortal', length: 3 },
  { kind: 'meet', length: 3 },
];

export function drawFamily(worker: Worker): Family {
  const total = families.reduce((sum, { share }) => sum + share, 0);
  let point = worker.draw(total);
  for (const family of families) {
    if (point < family.share) return family;
    point -= family.share;
  }
  return set;
}
