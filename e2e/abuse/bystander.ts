/**
 * A client that behaves, while others do not: what its calls take.
 */
import { type TupleSpaceClient, template } from '../../services/tuplespace/index.js';

/** Writes a tuple and takes it again, one call after the other, until the time is over. Gives what each call took, in ms. */
export async function behave(client: TupleSpaceClient, goesOn: () => boolean): Promise<number[]> {
  const tookMs: number[] = [];
  for (let i = 0; goesOn(); i += 1) {
    for (const call of [
      () => client.write({ space: 'default', tuples: [['bystander', i]] }),
      () => client.take({ space: 'default', templates: [template('bystander', i)] }),
    ]) {
      const startedMs = performance.now();
      await call();
      tookMs.push(performance.now() - startedMs);
    }
  }
  return tookMs;
}
