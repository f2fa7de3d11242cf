/**
 * What the memory store does beyond the conformance suite: its timers, its bounds, and that it leaves nothing
 * behind.
 */
import { getEventListeners } from 'node:events';
import { ManualClock, ServiceError, systemClock } from '../../../runtime/index.js';
import { createToken, hashToken } from '../../caller.js';
import type { TupleSpace } from '../../space.js';
import { any, template } from '../../template.js';
import { MemoryStore, type MemoryStoreOptions } from './store.js';

const space = 'default';
const job = template('job', any);

function openStore(options: Partial<MemoryStoreOptions> = {}) {
  const clock = new ManualClock();
  const store = new MemoryStore({ clock, version: '0.0.0', ...options });
  return { clock, store, client: store.session('') };
}

async function orchestratorOf(store: MemoryStore, secret = ''): Promise<TupleSpace> {
  const enrolment = { kind: 'orchestrator', id: 'orchestrator', secret } as const;
  return store.session((await store.session('').enrol(enrolment)).token);
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error instanceof ServiceError ? error.code : String(error)),
  );
}

async function infoOf(client: TupleSpace) {
  const { spaces } = await client.listSpaces({ prefix: space });
  return spaces[0];
}

describe('timers of the memory store', () => {
  it('fire for the first deadline, and are gone when nothing is due any more', async () => {
    const { clock, client } = openStore();
    await client.write({ space, tuples: [['job', 1n]], ttlMs: 100 });
    await client.write({ space, tuples: [['job', 2n]], ttlMs: 50 });
    expect(clock.timerCount).toBe(1);
    const frames = client.watch({ space, templates: [], from: { revision: 2n } })[Symbol.asyncIterator]();
    await frames.next();
    const next = frames.next();
    clock.advance(50);
    expect((await next).value).toMatchObject({ kind: 'events', events: [{ kind: 'expired' }] });
    await frames.return?.();
    clock.advance(50);
    expect(clock.timerCount).toBe(0);
    expect((await infoOf(client))?.revision).toBe(4n);
  });

  it('are not kept for tuples that were taken, leases that were revoked or waits that are over', async () => {
    const { clock, client } = openStore();
    await client.write({
      space,
      tuples: [
        ['job', 1n],
        ['job', 2n],
      ],
      ttlMs: 1_000,
    });
    const { leaseId } = await client.lease({ space, ttlMs: 1_000 });
    const waiting = client.take({ space, templates: [template('later')], waitMs: 1_000 });
    await client.take({ space, templates: [job], max: 2 });
    await client.lease({ space, leaseId, ttlMs: 0 });
    await client.write({ space, tuples: [['later']] });
    await waiting;
    expect(clock.timerCount).toBe(0);
  });

  it('ring again when they rang too early', async () => {
    const manual = new ManualClock();
    const early = { ...bound(manual), after: (ms: number, run: () => void) => manual.after(ms * 0.7, run) };
    const store = new MemoryStore({ clock: early, version: '0.0.0' });
    const client = store.session('');
    await client.write({ space, tuples: [['job', 1n]], ttlMs: 1_000 });
    manual.advance(999);
    expect((await infoOf(client))?.tupleCount).toBe(1);
    manual.advance(1);
    expect((await infoOf(client))?.tupleCount).toBe(0);
    expect(manual.timerCount).toBe(0);
  });

  it('go by the machine in the end', async () => {
    const store = new MemoryStore({ clock: systemClock, version: '0.0.0' });
    const client = store.session('');
    const waiting = client.read({ space, templates: [job], waitMs: 20 });
    expect(await waiting).toMatchObject({ isSatisfied: false });
    await client.write({ space, tuples: [['job', 1n]], ttlMs: 20 });
    const frames = client.watch({ space, templates: [], from: { revision: 1n } })[Symbol.asyncIterator]();
    await frames.next();
    expect((await frames.next()).value).toMatchObject({ events: [{ kind: 'expired' }] });
    await store.stop();
  });
});

describe('the memory store', () => {
  it('leaves no timer, listener, waiter or watch behind when it stops', async () => {
    const { clock, client, store } = openStore();
    const { signal } = new AbortController();
    const waits = [
      codeOf(client.take({ space, templates: [job], waitMs: 1_000 }, { signal })),
      codeOf(client.read({ space, templates: [job], waitMs: 1_000 }, { signal })),
    ];
    const frames = client
      .watch({ space, templates: [], from: { revision: 0n } }, { signal })
      [Symbol.asyncIterator]();
    await frames.next();
    await frames.next();
    const watching = codeOf(frames.next());
    await client.lease({ space, ttlMs: 1_000 });
    await store.stop();
    await store.stop();
    expect(await Promise.all([...waits, watching])).toEqual(['unavailable', 'unavailable', 'unavailable']);
    expect(clock.timerCount).toBe(0);
    expect(await codeOf(store.start())).toBe('unavailable');
    expect(await codeOf(client.getInfo())).toBe('unavailable');
    expect(await codeOf(client.enrol({ kind: 'client', id: 'late', secret: '' }))).toBe('unavailable');
  });

  it('puts one listener on a signal, however many calls share it', async () => {
    const { client } = openStore();
    const shutdown = new AbortController();
    const { signal } = shutdown;
    const waits = Array.from({ length: 50 }, () =>
      codeOf(client.take({ space, templates: [job], waitMs: 1_000 }, { signal })),
    );
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    expect((await infoOf(client))?.waiterCount).toBe(50);
    shutdown.abort(new Error('over'));
    expect((await infoOf(client))?.waiterCount).toBe(0);
    expect(new Set(await Promise.all(waits))).toEqual(new Set(['Error: over']));
  });

  it('lets a wait go at once when its signal is aborted', async () => {
    const { client } = openStore();
    const cancel = new AbortController();
    const waiting = codeOf(client.take({ space, templates: [job], waitMs: 1_000 }, cancel));
    cancel.abort(new Error('over'));
    // No promise has been waited for since.
    const answer = client.write({ space, tuples: [['job', 1n]] });
    expect(await waiting).toBe('Error: over');
    await answer;
    expect((await infoOf(client))?.tupleCount).toBe(1);
  });

  it('refuses anonymous callers where it is told to, but lets them enrol', async () => {
    const { client, store } = openStore({ isAnonymousAllowed: false, enrolmentSecret: 'open sesame' });
    expect(await codeOf(client.getInfo())).toBe('unauthenticated');
    const orchestrator = await orchestratorOf(store, 'open sesame');
    expect(await orchestrator.getInfo()).toMatchObject({
      backend: 'memory',
      durability: 'process',
      spaceCount: 1,
    });
  });

  it('lets anyone enrol where it has no secret', async () => {
    const { store } = openStore();
    const orchestrator = await orchestratorOf(store, 'whatever');
    expect(await codeOf(orchestrator.readAudit({ space }))).toBe('done');
  });

  it('has a bounded number of spaces and tokens', async () => {
    const { client, store, clock } = openStore({ spacesMax: 2, tokensMax: 3 });
    const orchestrator = await orchestratorOf(store);
    await client.putSpace({ space: 'one', settings: {} });
    expect(await codeOf(client.putSpace({ space: 'two', settings: {} }))).toBe('resource_exhausted');
    const put = (id: string, more: object) =>
      orchestrator.putToken({
        tokenHash: hashToken(createToken()),
        caller: { kind: 'general', id, epoch: 1, space: 'one', ...more },
      });
    await put('general-1', {});
    await put('general-2', { expiresAtMs: clock.wallMs() + 10 });
    expect(await codeOf(put('general-3', {}))).toBe('resource_exhausted');
    clock.advance(10);
    expect(await codeOf(put('general-3', {}))).toBe('done');
    expect(await codeOf(put('general-4', {}))).toBe('resource_exhausted');
    await client.dropSpace({ space: 'one' });
    expect(await codeOf(put('general-4', { space: 'default' }))).toBe('done');
  });

  it('forgets the request ids of a session that has been idle for ten minutes', async () => {
    const { client, clock } = openStore();
    const requestId = { session: 'session', sequence: 1, lowestUnanswered: 1 };
    const write = () => client.write({ space, tuples: [['job', 1n]], requestId });
    await write();
    clock.advance(9 * 60_000);
    expect(await write()).toMatchObject({ revision: 1n });
    clock.advance(10 * 60_000);
    expect(await write()).toMatchObject({ revision: 2n });
  });

  it('ends a watch that is asked too late, before it skips anything', async () => {
    const { client } = openStore({ historyMax: 3 });
    await client.write({ space, tuples: [['job', 0n]] });
    const frames = client.watch({ space, templates: [], from: { revision: 1n } })[Symbol.asyncIterator]();
    await frames.next();
    for (let i = 1n; i <= 4n; i++) await client.write({ space, tuples: [['job', i]] });
    expect(await codeOf(frames.next())).toBe('out_of_range');
    expect(await frames.next()).toEqual({ done: true, value: undefined });
    expect((await infoOf(client))?.watchCount).toBe(0);
  });

  it('keeps as many refused writes as it is told to, the newest', async () => {
    const { store, client } = openStore({ auditMax: 2 });
    const rule = { name: 'one', template: job, fields: [0], isPerWriter: false };
    await client.putSpace({ space: 'strict', settings: { uniqueRules: [rule] } });
    for (let i = 0n; i <= 3n; i++) await codeOf(client.write({ space: 'strict', tuples: [['job', i]] }));
    const orchestrator = await orchestratorOf(store);
    const { entries, droppedCount } = await orchestrator.readAudit({ space: 'strict' });
    expect(droppedCount).toBe(1);
    expect(entries.map(({ sequence, tuple }) => [sequence, tuple[1]])).toEqual([
      [2, 2n],
      [3, 3n],
    ]);
  });
});

/** The clock's methods, bound to it. */
function bound(clock: ManualClock) {
  return { wallMs: () => clock.wallMs(), monotonicMs: () => clock.monotonicMs() };
}
