/**
 * `npm run check:abuse`: bad inputs, damaged bytes and abuse of HTTP/2 against real services on loopback, and what a client that behaves
 * feels of it. `-- --short` is what the tests run, and judges no times; `-- --seed 7` repeats the bytes of a run. It ends with 1 when an answer was not the
 * documented one, a service ended or grew beyond bounds, or the bystander waited too long.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { TupleSpaceClient } from '../../services/tuplespace/index.js';
import { median, percentile, table } from '../bench/statistics.js';
import { endAll, type ServiceProcess, startProcesses } from '../drivers/processes.js';
import { attacks } from './attacks.js';
import { badInputs } from './bad-inputs.js';
import { behave } from './bystander.js';
import { fuzz } from './fuzz.js';
import { methodsOf } from './methods.js';
import { soundMessages } from './sound-messages.js';

const { values: flags } = parseArgs({
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string' } },
});
const seed = Number(flags.seed ?? Date.now() % 2 ** 32);
const scale = flags.short
  ? { fuzzCalls: 100, attackMs: 500, repeats: 1 }
  : { fuzzCalls: 1_000, attackMs: 2_000, repeats: 5 };
/** How much slower the bystander's slowest calls in a hundred may be, and how much a service may have grown. */
const slowdownMax = 3;
const growthMiBMax = 256;

const problems: string[] = [];
const deployment = await startProcesses({
  nodeCount: 1,
  env: {
    BYZANTINE_LOG_LEVEL: 'error',
    BYZANTINE_ORCHESTRATOR_PLACEMENT_WAIT_MS: '100',
    // What the bystander writes is kept for watches; what grows here shall be what the abuse leaves.
    BYZANTINE_TUPLESPACE_HISTORY_MAX: '1000',
    // Left to itself, Node puts off collecting garbage for as long as the machine has memory; a leak does not fit into this, and ends it.
    NODE_OPTIONS: `--max-old-space-size=${growthMiBMax}`,
  },
});
const { services } = deployment;
const [space] = services.tuplespaces as [ServiceProcess];
const all = [space, services.orchestrator, ...services.nodes];
const residentBefore = all.map(residentMiB);

console.log(`seed ${seed}: the same bytes again with -- --seed ${seed}\n`);
await checkInputs();
await checkFuzz();
await checkBystander();
checkServices();
await deployment.stop();
await endAll();
for (const problem of problems) console.log(`WRONG ${problem}`);
console.log(problems.length === 0 ? '\nPASS' : '\nFAIL');
process.exitCode = problems.length === 0 ? 0 : 1;

async function checkInputs(): Promise<void> {
  const rows: string[][] = [];
  for (const input of badInputs) {
    const answer = await input.send(space.address);
    const isDocumented = input.allowed.includes(answer);
    rows.push([
      input.name,
      answer,
      isDocumented ? 'as documented' : `WRONG, want ${input.allowed.join(' or ')}`,
    ]);
    if (!isDocumented) problems.push(`${input.name}: ${answer}, want ${input.allowed.join(' or ')}`);
  }
  console.log(table(['bad input', 'answer', ''], rows));
  const rightCount = rows.filter(([, , word]) => word === 'as documented').length;
  console.log(`rows ${rows.length}, answers as documented ${rightCount}\n`);
}

async function checkFuzz(): Promise<void> {
  // Damaged bytes are a caller's mistake, and never an unknown or an internal error.
  const forbidden = ['grpc 2', 'grpc 13', 'no answer'];
  for (const [service, { address }] of [
    ['byzantine.v1.TupleSpace', space],
    ['byzantine.v1.Orchestrator', services.orchestrator],
    ['byzantine.v1.GeneralNode', services.nodes[0] as ServiceProcess],
  ] as const) {
    const methods = methodsOf(service);
    const callCount = scale.fuzzCalls;
    const answers = await fuzz({ address, service, methods, seed, callCount, sound: soundMessages });
    const words = [...answers].map(([answer, count]) => `${answer} × ${count}`).join(', ');
    console.log(`${service}: ${methods.length} methods × ${callCount} damaged messages: ${words}`);
    for (const answer of forbidden) if (answers.has(answer)) problems.push(`${service} answered ${answer}`);
  }
  console.log('');
}

/**
 * Quiet and abuse take turns, so that whatever else the machine does falls on both; the ratio is the median of those of all turns. Each
 * attack comes from an address that the service does not know yet, and from none that the bystander has.
 */
async function checkBystander(): Promise<void> {
  const rows: (string | number)[][] = [];
  const client = new TupleSpaceClient({ service: space.address });
  let attackCount = 0;
  const warmUntil = performance.now() + scale.attackMs;
  await behave(client, () => performance.now() < warmUntil);
  for (const name of Object.keys(attacks)) {
    const turns: { done: number; quiet: number; abused: number }[] = [];
    while (turns.length < scale.repeats) {
      const end = performance.now() + scale.attackMs;
      const quiet = await behave(client, () => performance.now() < end);
      attackCount += 1;
      const attack = await attacked(name, `127.0.1.${attackCount}`);
      const abused = await behave(client, () => !attack.isOver);
      const done = await attack.count;
      turns.push({ done, quiet: percentile(quiet, 0.99), abused: percentile(abused, 0.99) });
    }
    const ratios = turns.map(({ quiet, abused }) => abused / quiet);
    const ratio = median(ratios);
    const shown = [median(turns.map(({ quiet }) => quiet)), median(turns.map(({ abused }) => abused)), ratio];
    const done = turns.reduce((sum, turn) => sum + turn.done, 0);
    const grown = Math.round(residentMiB(space) - (residentBefore[0] ?? 0));
    rows.push([name, done, ...[...shown, Math.max(...ratios)].map((value) => value.toFixed(2)), grown]);
    // So short a look says that it goes on, not how fast.
    if (!flags.short && !(ratio <= slowdownMax))
      problems.push(`${name}: the bystander's p99 is ${ratio.toFixed(1)} times as long`);
  }
  const headings = ['abuse', 'times', 'p99 quiet, ms', 'p99 abused, ms', 'ratio', 'worst', 'grown, MiB'];
  console.log(table(headings, rows));
  console.log(
    `medians of ${scale.repeats} turns of ${scale.attackMs} ms, quiet and abused; the attacker has an address of its own and the lowest priority`,
  );
  await client.close();
}

/** Resolves when the attack begins. */
async function attacked(name: string, from: string): Promise<{ isOver: boolean; count: Promise<number> }> {
  const script = new URL('attacker.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, space.address, name, String(scale.attackMs), from], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const attack = {
    isOver: false,
    count: once(child, 'exit').then(() => {
      attack.isOver = true;
      return Number(text);
    }),
  };
  child.stdin.write('.');
  return attack;
}

function checkServices(): void {
  const rows = all.map((service, i) => {
    const [before, after] = [residentBefore[i] ?? 0, residentMiB(service)];
    if (Number.isNaN(after)) problems.push(`${service.name} has ended; its log: ${service.log()}`);
    if (after - before > growthMiBMax)
      problems.push(`${service.name} grew by ${Math.round(after - before)} MiB`);
    const bugs = service.log().match(/grpc\.internal_error/g)?.length ?? 0;
    if (bugs > 0) problems.push(`${service.name} logged ${bugs} internal errors`);
    return [service.name, Math.round(before), Math.round(after), Number.isNaN(after) ? 1 : 0, bugs];
  });
  console.log(`\n${table(['service', 'MiB before', 'MiB after', 'ended', 'internal errors'], rows)}`);
}

/** NaN once the process has ended. */
function residentMiB({ pid }: ServiceProcess): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
