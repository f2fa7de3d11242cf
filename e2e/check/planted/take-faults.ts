/**
 * Faults of takes, holds and waits.
 */

import { ServiceError } from '../../../services/runtime/index.js';
import {
  exact,
  type StoredTuple,
  type TakeRequest,
  type TupleSpace,
} from '../../../services/tuplespace/index.js';
import { pauseFor } from '../pause.js';
import type { PlantedFault } from './plant.js';

export const takeFaults: readonly PlantedFault[] = [
  {
    fault: 'a take looks first and removes later',
    caughtBy: ['T2'],
    calls: () => (right) => ({
      take: onlyPlain(right, async (request) => {
        const { tuples, revision } = await right.read({ ...unnamed(request), limit: request.max ?? 1 });
        await pauseFor(5);
        for (const { values } of tuples)
          await right.take({ ...unnamed(request), templates: [values.map(exact)] });
        return { tuples, revision };
      }),
    }),
  },
  {
    fault: 'a take gives tuples and now and then leaves them',
    caughtBy: ['T2', 'T5'],
    calls: () => (right) => {
      let count = 0;
      return {
        take: onlyPlain(right, async (request) => {
          count += 1;
          if (count % 10 !== 0) return right.take(request);
          return right.read({ ...unnamed(request), limit: request.max ?? 1 });
        }),
      };
    },
  },
  {
    fault: 'a take gets the newest tuple',
    caughtBy: ['T13'],
    calls: () => (right) => ({
      take: onlyPlain(right, async (request) => {
        const { tuples } = await right.read(unnamed(request));
        const newest = tuples.at(-1)?.values.map(exact);
        return right.take(newest === undefined ? request : { ...request, templates: [newest] });
      }),
    }),
  },
  {
    fault: 'a waiter sleeps through what comes',
    caughtBy: ['T8'],
    calls: () => (right) => ({
      take: async (request, options) => {
        const { waitMs = 0, space, templates, max, min } = request;
        const prompt = { space, templates, ...(max && { max }), ...(min && { min }) };
        if (waitMs === 0) return right.take(request, options);
        const first = await right.take(prompt);
        if (first.tuples.length > 0) return first;
        await pauseFor(waitMs);
        return right.take(prompt);
      },
    }),
  },
  {
    fault: 'a hold has no fence: a late commit is accepted',
    caughtBy: ['T7'],
    calls: () => (right) => ({
      settle: async (request, options) => {
        try {
          return await right.settle(request, options);
        } catch (error) {
          const isLate = error instanceof ServiceError && error.code === 'failed_precondition';
          if (!isLate) throw error;
          return { ids: [], revision: (await right.read({ ...request, templates: noTemplates })).revision };
        }
      },
    }),
  },
  {
    fault: 'a hold runs by a clock that is three times too fast',
    caughtBy: ['T6'],
    calls: () => (right) => ({
      take: (request, options) => {
        const { holdMs } = request;
        return right.take(
          holdMs === undefined ? request : { ...request, holdMs: Math.ceil(holdMs / 3) },
          options,
        );
      },
    }),
  },
  {
    fault: 'a release drops what was held',
    caughtBy: ['T7'],
    calls: () => (right) => ({
      settle: (request, options) =>
        right.settle(
          request.action.kind === 'release' ? { ...request, action: { kind: 'commit' } } : request,
          options,
        ),
    }),
  },
  {
    fault: 'a hold is granted twice',
    caughtBy: ['T6', 'T2'],
    calls: () => {
      let last: { tuples: readonly StoredTuple[]; holdToken?: string; revision: bigint } | undefined;
      let count = 0;
      return (right) => ({
        take: async (request, options) => {
          if (request.holdMs === undefined) return right.take(request, options);
          count += 1;
          const again = last;
          if (count % 5 === 0 && again !== undefined && asksFor(request, again.tuples)) {
            return { ...again, holdToken: `${again.holdToken}-again` };
          }
          const answer = await right.take(request, options);
          if (answer.tuples.length > 0) last = answer;
          return answer;
        },
      });
    },
  },
];

const noTemplates = [['nothing', 'of', 'the', 'kind'].map(exact)];

/** The broken take for those that remove at once; holds and waits go the right way. */
function onlyPlain(
  right: TupleSpace,
  broken: (request: TakeRequest) => ReturnType<TupleSpace['take']>,
): TupleSpace['take'] {
  return async (request, options) => {
    const isPlain = (request.waitMs ?? 0) === 0 && request.holdMs === undefined && request.max !== 500;
    return isPlain ? broken(request) : right.take(request, options);
  };
}

function unnamed({ space, templates }: TakeRequest): Pick<TakeRequest, 'space' | 'templates'> {
  return { space, templates };
}

function asksFor({ templates }: TakeRequest, tuples: readonly StoredTuple[]): boolean {
  const [first] = tuples;
  return templates.some(([, key]) => key?.kind === 'exact' && key.value === first?.values[1]);
}
