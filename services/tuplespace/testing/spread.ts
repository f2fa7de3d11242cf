/**
 * One `TupleSpace` over several replicas, as a client has it that goes to the next replica with each call. Calls that wait all go to
 * the first, among whose waiters there is an order, and watches to the last, which learns of all writes by the log alone. Waiters and
 * watches are counted where they are, so here over all.
 */
import type { ListSpacesAnswer, ReadRequest, TupleSpace } from '../space.js';

export function spread(replicas: readonly [TupleSpace, ...TupleSpace[]]): TupleSpace {
  const [first] = replicas;
  const last = replicas.at(-1) ?? first;
  let turn = 0;
  const next = (): TupleSpace => {
    turn += 1;
    return replicas[turn % replicas.length] ?? first;
  };
  const placeOf = ({ waitMs = 0 }: Pick<ReadRequest, 'waitMs'>) => (waitMs > 0 ? first : next());
  return {
    write: (request, options) => next().write(request, options),
    read: (request, options) => placeOf(request).read(request, options),
    take: (request, options) => placeOf(request).take(request, options),
    settle: (request, options) => next().settle(request, options),
    lease: (request, options) => next().lease(request, options),
    watch: (request, options) => last.watch(request, options),
    putSpace: (request, options) => next().putSpace(request, options),
    listSpaces: async (request, options) =>
      summed(await Promise.all(replicas.map((replica) => replica.listSpaces(request, options)))),
    dropSpace: (request, options) => next().dropSpace(request, options),
    explain: async (request, options) => {
      const answers = await Promise.all(replicas.map((replica) => replica.explain(request, options)));
      const waiterCount = answers.reduce((sum, answer) => sum + answer.waiterCount, 0);
      return { ...(answers[0] ?? (await first.explain(request))), waiterCount };
    },
    getInfo: (options) => first.getInfo(options),
    readAudit: (request, options) => next().readAudit(request, options),
    enrol: (request, options) => next().enrol(request, options),
    putToken: (request, options) => next().putToken(request, options),
    revokeToken: (request, options) => next().revokeToken(request, options),
  };
}

function summed(answers: readonly ListSpacesAnswer[]): ListSpacesAnswer {
  const [one = { spaces: [] }] = answers;
  const total = (index: number, count: 'waiterCount' | 'watchCount') =>
    answers.reduce((sum, { spaces }) => sum + (spaces[index]?.[count] ?? 0), 0);
  const spaces = one.spaces.map((space, i) => ({
    ...space,
    waiterCount: total(i, 'waiterCount'),
    watchCount: total(i, 'watchCount'),
  }));
  return { ...one, spaces };
}
