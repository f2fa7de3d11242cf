/**
 * A quorum: of n voters up to f may be silent, so who counts waits for n − f votes and no longer. The space holds one vote of each
 * voter, whatever a voter tries; a repeated one is the same vote.
 *
 *   node dist/examples/recipes/quorum.js 127.0.0.1:7000 vote anna yes
 *   node dist/examples/recipes/quorum.js 127.0.0.1:7000 count 4 1
 */
import { any, ServiceError, TupleSpaceClient, template } from 'byzantine-generals/tuplespace';

const [service = '127.0.0.1:7000', role = 'count', first = '4', second = '1'] = process.argv.slice(2);

const client = new TupleSpaceClient({ service });
const space = 'recipes/quorum';
const votes = template('vote', any, any);
// One tuple for each value of field 1, the voter; with tokens, `isPerWriter` would bind it to who really wrote.
const uniqueRules = [{ name: 'one-vote', template: votes, fields: [1], isPerWriter: false }];
await client.putSpace({ space, settings: { uniqueRules } });
process.exitCode = role === 'vote' ? await vote(first, second) : await count(Number(first), Number(second));
await client.close();

async function vote(voter: string, choice: string): Promise<number> {
  try {
    await client.write({ space, tuples: [['vote', voter, choice]] });
    console.log(`${voter} votes ${choice}`);
    return 0;
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === 'already_exists')) throw error;
    console.log(`${voter} has voted otherwise already`);
    return 1;
  }
}

async function count(n: number, f: number): Promise<number> {
  const { tuples, isSatisfied } = await client.read({
    space,
    templates: [votes],
    min: n - f,
    waitMs: 30_000,
  });
  const yes = tuples.filter(({ values }) => values[2] === 'yes').length;
  if (isSatisfied) console.log(`${yes} of ${tuples.length} said yes`);
  else console.log(`no quorum: ${tuples.length} of ${n - f} votes`);
  return isSatisfied ? 0 : 1;
}
