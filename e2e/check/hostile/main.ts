/**
 * `npm run check:hostile`: a general with its own good token tries what it must not, over raw gRPC, on every store and on two replicas of the
 * service; each act is refused with the documented code, changes nothing and stands in the audit, and the round that runs meanwhile keeps
 * its verdict. `-- --backend redis` one store.
 */
import { parseArgs } from 'node:util';
import { type Backend, backends, runHostile } from './run-hostile.js';

const { values: flags } = parseArgs({ options: { backend: { type: 'string' } } });
const wanted = backends.filter((backend) => flags.backend === undefined || flags.backend === backend);

console.log('store      replicas   acts   refused as documented   audited   the round meanwhile');
const problems: string[] = [];
for (const backend of wanted) problems.push(...(await run(backend)));
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 && wanted.length > 0 ? 0 : 1;

async function run(backend: Backend): Promise<readonly string[]> {
  const result = await runHostile(backend, 2);
  const { replicaCount, actCount, auditedCount, verdict } = result;
  const good = actCount - new Set(result.problems.map((problem) => problem.split(': ')[0])).size;
  const cells = [backend.padEnd(8), replicaCount, actCount, good, auditedCount];
  console.log(`${cells.map((cell) => String(cell).padStart(8)).join('   ')}   ${verdict}`);
  return result.problems;
}
