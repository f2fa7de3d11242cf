/**
 * Faults of writes, reads, expiry, request ids, watches and the log.
 */
import type { ReadAnswer, StoredTuple, WatchFrame } from '../../../services/tuplespace/index.js';
import { matches } from '../../../services/tuplespace/index.js';
import type { LogOpener, Pulled } from '../../../services/tuplespace/stores/replica/index.js';
import type { MemoryLog } from '../../../services/tuplespace/stores/replica/memory-log.suite.js';
import { pauseFor } from '../pause.js';
import type { PlantedFault } from './plant.js';

export const spaceFaults: readonly PlantedFault[] = [
  {
    fault: 'a write is acknowledged before it is made',
    caughtBy: ['T4', 'T9', 'T13'],
    calls: () => (right) => {
      let early = 1_000_000_000n;
      return {
        write: async (request, options) => {
          if (request.unless !== undefined) return right.write(request, options);
          const { revision } = await right
            .read({ space: request.space, templates: [], countOnly: true })
            .catch(() => ({ revision: 0n }));
          void pauseFor(20).then(() => right.write(request, options).catch(() => {}));
          return { kind: 'written', revision, ids: request.tuples.map(() => (early += 1n)) };
        },
      };
    },
  },
  {
    fault: 'everysec poses as always: a crash loses the tail of what was acknowledged',
    caughtBy: ['T1', 'T4', 'T5', 'T7'],
    crash: (log) => void log.entries.splice(-20),
  },
  { fault: 'a replica answers from a stale snapshot', caughtBy: ['T4', 'T13'], log: stalePulls },
  {
    fault: 'a read comes from a cache',
    caughtBy: ['T4', 'T13'],
    calls: () => {
      const cache = new Map<string, { answer: ReadAnswer; count: number }>();
      return (right) => ({
        read: async (request, options) => {
          const key = JSON.stringify(request, (_, value: unknown) =>
            typeof value === 'bigint' ? `${value}n` : value,
          );
          const known = cache.get(key);
          if (known !== undefined && known.count < 3) {
            known.count += 1;
            return known.answer;
          }
          const answer = await right.read(request, options);
          cache.set(key, { answer, count: 0 });
          return answer;
        },
      });
    },
  },
  {
    fault: 'request ids are not recorded: a retry has a second effect',
    caughtBy: ['T9'],
    calls: () => (right) => ({
      write: (request, options) => right.write(nameless(request), options),
      take: (request, options) => right.take(nameless(request), options),
    }),
  },
  {
    fault: 'of conditional writes the condition is looked at before',
    caughtBy: ['T10'],
    calls: () => (right) => ({
      write: async (request, options) => {
        const { unless, ...unconditional } = request;
        if (unless === undefined) return right.write(request, options);
        const { space } = request;
        const { tuples, revision } = await right.read({
          space,
          templates: [unless],
          limit: 1,
          includeHeld: true,
        });
        const [by] = tuples;
        if (by !== undefined) return { kind: 'blocked', by, revision };
        await pauseFor(2);
        return right.write(unconditional, options);
      },
    }),
  },
  {
    fault: 'a write that is refused is made all the same',
    caughtBy: ['T3'],
    calls: () => (right) => ({
      write: async (request, options) => {
        const { unless, ...unconditional } = nameless(request);
        const answer = await right.write(request, options);
        if (unless !== undefined && answer.kind === 'blocked') await right.write(unconditional, options);
        return answer;
      },
    }),
  },
  {
    fault: 'a time to live is taken for seconds',
    caughtBy: ['T11'],
    calls: () => (right) => ({
      write: (request, options) => {
        const { ttlMs } = request;
        return right.write(ttlMs === undefined ? request : { ...request, ttlMs: ttlMs * 1_000 }, options);
      },
    }),
  },
  {
    fault: 'a time to live is a tenth of what it should be',
    caughtBy: ['T4'],
    calls: () => (right) => ({
      write: (request, options) => {
        const { ttlMs } = request;
        return right.write(
          ttlMs === undefined ? request : { ...request, ttlMs: Math.ceil(ttlMs / 10) },
          options,
        );
      },
    }),
  },
  {
    fault: 'a read shows what has expired',
    caughtBy: ['T11'],
    calls: () => {
      const mortal: StoredTuple[] = [];
      return (right) => ({
        read: async (request, options) => {
          const answer = await right.read(request, options);
          mortal.push(
            ...answer.tuples.filter(({ expiresAtMs, id }) => expiresAtMs !== undefined && !has(mortal, id)),
          );
          const dead = mortal.filter(
            ({ id, values }) =>
              !has(answer.tuples, id) && request.templates.some((template) => matches(template, values)),
          );
          const tuples = [...dead, ...answer.tuples];
          return { ...answer, tuples, count: Math.max(answer.count, tuples.length) };
        },
      });
    },
  },
  {
    fault: 'a template is matched by its first field alone',
    caughtBy: ['T12'],
    calls: () => (right) => ({
      take: (request, options) => {
        const templates = request.templates.map(([first, ...others]) => [
          ...(first === undefined ? [] : [first]),
          ...others.map(() => ({ kind: 'any' }) as const),
        ]);
        return right.take(request.holdMs === undefined ? request : { ...request, templates }, options);
      },
    }),
  },
  {
    fault: 'a watch loses an event now and then',
    caughtBy: ['T14'],
    calls: () => (right) => ({
      watch: async function* (request, options) {
        let count = 0;
        for await (const frame of right.watch(request, options)) {
          count += frame.kind === 'events' ? 1 : 0;
          if (frame.kind !== 'events' || count % 10 !== 0) yield frame;
        }
      },
    }),
  },
  {
    fault: 'a watch tells an event twice now and then',
    caughtBy: ['T14'],
    calls: () => (right) => ({
      watch: async function* (request, options): AsyncGenerator<WatchFrame> {
        let count = 0;
        for await (const frame of right.watch(request, options)) {
          count += frame.kind === 'events' ? 1 : 0;
          yield frame;
          if (frame.kind === 'events' && count % 10 === 0) yield frame;
        }
      },
    }),
  },
];

/** A pull within 100 ms of the last one says that nothing is new. */
function stalePulls(right: MemoryLog): LogOpener {
  return {
    open: async (events) => {
      const log = await right.open({ ...events, onGrowth: () => {} });
      let pulledMs = 0;
      const pull = async (after: number): Promise<Pulled> => {
        const nowMs = performance.now();
        if (nowMs - pulledMs < 100)
          return { entries: [], headPosition: after, timeMs: (await log.pull(after)).timeMs };
        pulledMs = nowMs;
        return log.pull(after);
      };
      return { ...log, pull };
    },
  };
}

function nameless<Request extends { readonly requestId?: unknown }>(
  request: Request,
): Omit<Request, 'requestId'> {
  const { requestId, ...rest } = request;
  void requestId;
  return rest;
}

function has(tuples: readonly StoredTuple[], id: bigint): boolean {
  return tuples.some((tuple) => tuple.id === id);
}
