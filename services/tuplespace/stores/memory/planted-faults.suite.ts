/**
 * Faults that other tuple spaces have had, planted into a right one, each with the claims of the conformance
 * suite that must catch it. A suite that passes on a broken store proves nothing.
 */
import type { TupleSpace, WatchFrame } from '../../space.js';

export interface PlantedFault {
  readonly fault: string;
  /** The broken methods, over those of a right space. */
  readonly plant: (right: TupleSpace) => Partial<TupleSpace>;
  /** Claims that do not hold any more. */
  readonly caughtBy: readonly string[];
}

export const plantedFaults: readonly PlantedFault[] = [
  {
    fault: 'a take gives tuples and leaves them',
    plant: (right) => ({
      take: async ({ space, templates, max = 1 }) => right.read({ space, templates, limit: max }),
    }),
    caughtBy: ['a take removes what it gives', 'takes go oldest first'],
  },
  {
    fault: 'a take looks first and removes later',
    plant: (right) => ({
      take: async (request, options) => {
        const { tuples } = await right.read({ ...request, limit: request.max ?? 1, waitMs: 0 });
        await Promise.resolve();
        const taken = await right.take(request, options);
        return tuples.length > 0 && request.holdMs === undefined ? { ...taken, tuples } : taken;
      },
    }),
    caughtBy: ['writers and takers at once: what goes in comes out, each once'],
  },
  {
    fault: 'a watch skips a revision now and then',
    plant: (right) => ({
      watch: async function* (request, options) {
        for await (const frame of right.watch(request, options)) {
          if (frame.kind !== 'events' || frame.cursor.revision % 5n !== 4n) yield frame;
        }
      },
    }),
    caughtBy: ['a watch shows every kind of event', 'several watches each get everything, the slow one too'],
  },
  {
    fault: 'a cursor points before its own frame',
    plant: (right) => ({
      watch: async function* (request, options) {
        for await (const frame of right.watch(request, options)) {
          const cursor = { ...frame.cursor, revision: frame.cursor.revision - 1n };
          yield (frame.kind === 'events' ? { ...frame, cursor } : frame) as WatchFrame;
        }
      },
    }),
    caughtBy: ['a watch resumes from every cursor that it gave, whatever broke it'],
  },
  {
    fault: 'request ids are not recorded',
    plant: (right) => ({
      write: (request, options) => right.write(without(request, 'requestId'), options),
      take: (request, options) => right.take(without(request, 'requestId'), options),
    }),
    caughtBy: [
      'a repeated write gives the first answer and writes once',
      'a repeated take, whose answer was lost, gives the same tuples and takes no others',
      'a retry takes the place of the first try that still waits, which is told so',
    ],
  },
  {
    fault: 'a late settle is accepted',
    plant: (right) => ({
      settle: async (request, options) => {
        const late = { ids: [], revision: 0n };
        return right.settle(request, options).catch(() => late);
      },
    }),
    caughtBy: [
      'a late settle of a returned hold is refused, and changes nothing',
      'a hold is good for one settle',
    ],
  },
  {
    fault: 'a time to live is off by a unit',
    plant: (right) => ({
      write: ({ ttlMs, ...request }, options) =>
        right.write({ ...request, ...(ttlMs !== undefined && { ttlMs: ttlMs * 60 }) }, options),
    }),
    caughtBy: [
      'a tuple with a time to live is there before its end and gone after it, for every call',
      'a tuple tells when it will expire',
    ],
  },
  {
    fault: 'a wake-up is lost',
    plant: (right) => ({
      take: (request, options) => right.take({ ...request, waitMs: 0 }, options),
      read: (request, options) => right.read({ ...request, waitMs: 0 }, options),
    }),
    caughtBy: ['a waiting read or take is answered by the write it waits for'],
  },
  {
    fault: 'a waiter outlives its call',
    plant: (right) => ({
      take: (request, { signal } = {}) => {
        const aborted = new Promise<never>((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        });
        return Promise.race([right.take(request), aborted]);
      },
    }),
    caughtBy: [
      'a cancelled call rejects with the reason of its signal, and waits no more',
      'a cancelled take passes its turn to the next',
    ],
  },
  {
    fault: 'answers are cut silently',
    plant: (right) => ({
      read: async (request, options) => {
        const answer = await right.read(request, options);
        return { ...without(answer, 'nextAfterId'), tuples: answer.tuples.slice(0, 10) };
      },
    }),
    caughtBy: ['reads go oldest first, and page by page without a gap or a repetition'],
  },
  {
    fault: 'reads go newest first',
    plant: (right) => ({
      read: async (request, options) => {
        const answer = await right.read(request, options);
        return { ...answer, tuples: [...answer.tuples].reverse() };
      },
    }),
    caughtBy: ['reads go oldest first, and page by page without a gap or a repetition'],
  },
  {
    fault: 'a read is answered from a cache',
    plant: (right) => {
      const cache = new Map<string, ReturnType<TupleSpace['read']>>();
      return {
        read: (request, options) => {
          const key = JSON.stringify(request, (_, value: unknown) =>
            typeof value === 'bigint' ? `${value}n` : value,
          );
          const answer = cache.get(key) ?? right.read(request, options);
          cache.set(key, answer);
          return answer;
        },
      };
    },
    caughtBy: ['equal tuples are distinct'],
  },
  {
    fault: 'unless is looked at before the write, not in it',
    plant: (right) => ({
      write: async ({ unless, ...request }, options) => {
        const templates = unless === undefined ? [] : [unless];
        const found =
          templates.length > 0 ? await right.read({ ...request, templates, includeHeld: true }) : undefined;
        const [by] = found?.tuples ?? [];
        return by === undefined
          ? right.write(request, options)
          : { kind: 'blocked', by, revision: by.revision };
      },
    }),
    caughtBy: ['of many writes with the same unless one goes through'],
  },
  {
    fault: 'a write of several tuples is several writes',
    plant: (right) => ({
      write: async ({ tuples, ...request }, options) => {
        const answers = [];
        for (const tuple of tuples) answers.push(await right.write({ ...request, tuples: [tuple] }, options));
        const ids = answers.flatMap((answer) => (answer.kind === 'written' ? answer.ids : []));
        return { kind: 'written', ids, revision: answers.at(-1)?.revision ?? 0n };
      },
    }),
    caughtBy: [
      'every step that changes tuples is one revision, however many tuples it changes',
      'a write with one conflict writes nothing of the rest',
    ],
  },
  {
    fault: 'equal tuples are one',
    plant: (right) => ({
      write: ({ tuples: [first = [], ...rest], ...request }, options) =>
        right.write(
          { ...request, tuples: [first, ...rest.filter((tuple) => String(tuple) !== String(first))] },
          options,
        ),
    }),
    caughtBy: ['equal tuples are distinct'],
  },
  {
    fault: 'epochs are not told apart',
    plant: (right) => ({
      putToken: ({ tokenHash, caller }, options) =>
        right.putToken({ tokenHash, caller: { ...caller, epoch: Math.min(caller.epoch, 1) } }, options),
    }),
    caughtBy: ['a higher epoch fences the lower ones of its seat: for calls, for waits and for watches'],
  },
  {
    fault: 'unique rules are forgotten',
    plant: (right) => ({
      putSpace: ({ space, settings }, options) =>
        right.putSpace({ space, settings: without(settings, 'uniqueRules') }, options),
    }),
    caughtBy: ['of writers racing for one slot one wins', 'rules that share a name share their slots'],
  },
];

/** A copy that lacks one property. */
function without<Whole extends object, Name extends keyof Whole>(
  whole: Whole,
  name: Name,
): Omit<Whole, Name> {
  const rest = { ...whole };
  delete rest[name];
  return rest;
}
