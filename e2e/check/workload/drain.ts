/**
 * The end of a run: everything that is left is taken out, however often a call must be made again.
 */
import { ServiceError } from '../../../services/runtime/index.js';
import { any, type RecordedClient, template } from '../../../services/tuplespace/index.js';
import { RequestIds } from '../../../services/tuplespace/request-ids.js';
import { pauseFor } from '../pause.js';
import { drained } from './families.js';

const pageMax = 500;
const attemptsMax = 60;

export async function drain(client: RecordedClient, space: string): Promise<void> {
  const ids = new RequestIds();
  for (const { kind, length } of drained) {
    const wanted = template(kind, ...Array.from({ length: length - 1 }, () => any));
    for (let foundCount = pageMax; foundCount === pageMax; ) {
      const requestId = ids.next();
      const answer = await patiently(() =>
        client.take({ space, templates: [wanted], max: pageMax, requestId }),
      );
      ids.done(requestId);
      foundCount = answer.tuples.length;
    }
  }
}

/** The same request until it has its answer. */
async function patiently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let count = 1; ; count += 1) {
    try {
      return await call();
    } catch (error) {
      const isPassing = error instanceof ServiceError && error.isIndefinite;
      if (!isPassing || count === attemptsMax) throw error;
      await pauseFor(200);
    }
  }
}
