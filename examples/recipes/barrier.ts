/**
 * A barrier: nobody goes on before all have come. Each party writes that it is there and waits until as many are; the tuples expire by
 * themselves when the barrier is long past.
 *
 *   node dist/examples/recipes/barrier.js 127.0.0.1:7000 anna 3
 */
import { anyOf, TupleSpaceClient, template } from 'byzantine-generals/tuplespace';

const [service = '127.0.0.1:7000', party = 'anna', parties = '3', barrier = 'harvest'] =
  process.argv.slice(2);

const client = new TupleSpaceClient({ service });
const space = 'recipes/barrier';
const min = Number(parties);
await client.putSpace({ space, settings: {} });

// A party that crashed and came again is still one.
const mine = ['at', barrier, party] as const;
await client.write({ space, tuples: [mine], unless: template(...mine), ttlMs: 60_000 });
console.log(`${party} waits`);
const templates = [template('at', barrier, anyOf('string'))];
const { isSatisfied, count } = await client.read({ space, templates, min, waitMs: 30_000 });
console.log(isSatisfied ? `${party} goes on` : `${party} gives up: only ${count} of ${min} came`);
await client.close();
process.exitCode = isSatisfied ? 0 : 1;
