/**
 * What the three services say of themselves, asked as Prometheus asks, beside what was done to them.
 */
import { createMetrics, serveMetrics, silentLog } from '../runtime/index.js';
import { hashToken, TupleSpaceClient, template } from '../tuplespace/index.js';
import { freePort } from '../tuplespace/testing/free-port.js';
import { createTestShell, eventually, type TestShell } from './testing/test-shell.js';

interface Service {
  readonly address: string;
  readonly metricsAddress: string;
  stop(): Promise<number>;
}

const started: Service[] = [];

async function start(name: string, ...args: string[]): Promise<Service> {
  const address = `127.0.0.1:${await freePort()}`;
  const metricsAddress = `127.0.0.1:${await freePort()}`;
  const shell: TestShell = createTestShell({ environment: { BYZANTINE_LOG_LEVEL: 'silent' } });
  const own = ['--address', address, '--metrics-address', metricsAddress];
  const ended = shell.run(name, ...own, ...args);
  const refused = ended.then(({ stderr }) => {
    throw new Error(`${name} ended before it served: ${stderr}`);
  });
  const serves = eventually(async () => {
    const health = await createTestShell().run('health', address);
    return health.exitCode === 0;
  });
  await Promise.race([serves, refused]);
  refused.catch(() => undefined);
  const service = {
    address,
    metricsAddress,
    async stop() {
      shell.interrupt();
      return (await ended).exitCode;
    },
  };
  started.push(service);
  return service;
}

/** The samples of an endpoint: `name{label="value"}` to value. */
async function samples({ metricsAddress }: Service): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`http://${metricsAddress}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

let space: Service;
let node: Service;
let orchestrator: Service;

beforeAll(async () => {
  space = await start('tuplespace');
  node = await start('general-node', '--tuplespace', space.address);
  orchestrator = await start('orchestrator', '--tuplespace', space.address, '--dashboard', 'off');
});

afterAll(async () => {
  for (const service of started.reverse()) expect(await service.stop()).toBe(0);
});

test('the tuple space counts each call by kind and by what became of it', async () => {
  const alone = await start('tuplespace');
  const client = new TupleSpaceClient({ service: alone.address });
  const before = await samples(alone);
  const grown = async (name: string) => ((await samples(alone)).get(name) ?? 0) - (before.get(name) ?? 0);
  try {
    for (let i = 0; i < 5; i += 1) await client.write({ space: 'default', tuples: [['job', i]] });
    await client.read({ space: 'default', templates: [template('job', 3)] });
    const missing = client.read({ space: 'nowhere', templates: [template('job', 3)] });
    await expect(missing).rejects.toMatchObject({ code: 'not_found' });
    const held = await client.take({ space: 'default', templates: [template('job', 0)], holdMs: 20 });
    expect(held.tuples).toHaveLength(1);
    const waiting = client.read({ space: 'default', templates: [template('never')], waitMs: 60_000 });
    await eventually(async () => (await grown('tuplespace_waiters')) === 1);
    await client.write({ space: 'default', tuples: [['never']] });
    await waiting;
    await eventually(async () => (await grown('tuplespace_holds_expired_total')) === 1);
    const after = await samples(alone);
    const more = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(more('tuplespace_operations_total{op="write",code="ok"}')).toBe(6);
    expect(more('tuplespace_operations_total{op="take",code="ok"}')).toBe(1);
    expect(more('tuplespace_operations_total{op="read",code="ok"}')).toBe(2);
    expect(more('tuplespace_operations_total{op="read",code="not_found"}')).toBe(1);
    // The read that waited counts, and is not timed.
    expect(more('tuplespace_operation_duration_seconds_count{op="read",backend="memory"}')).toBe(2);
    expect(more('tuplespace_tuples')).toBe(6);
    expect(more('tuplespace_waiters')).toBe(0);
  } finally {
    await client.close();
    await alone.stop();
  }
});

test('a write of a general whose seat has moved on is counted as fenced', async () => {
  const door = new TupleSpaceClient({ service: space.address });
  const { token } = await door.enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  const owner = new TupleSpaceClient({ service: space.address, token });
  const old = new TupleSpaceClient({ service: space.address, token: 'first-epoch' });
  try {
    await owner.putSpace({ space: 'fenced', settings: {} });
    for (const epoch of [1, 2]) {
      const tokenHash = hashToken(epoch === 1 ? 'first-epoch' : 'second-epoch');
      await owner.putToken({
        tokenHash,
        caller: { kind: 'general', id: 'general-1', epoch, space: 'fenced' },
      });
    }
    const late = old.write({ space: 'fenced', tuples: [['vote']] });
    await expect(late).rejects.toMatchObject({ code: 'failed_precondition' });
    expect((await samples(space)).get('byz_fenced_writes_total')).toBe(1);
  } finally {
    for (const client of [door, owner, old]) await client.close();
  }
});

test('the orchestrator counts rounds, messages and lies; the node its generals', async () => {
  for (const seed of [1, 2, 3]) {
    const traitors = ['general-1=flip', '--seed', String(seed)];
    const { exitCode } = await createTestShell().run(
      ...['round', 'start', ...traitors, '--watch', '--orchestrator', orchestrator.address],
    );
    expect(exitCode).toBe(0);
  }
  const rounds = await samples(orchestrator);
  expect(rounds.get('byz_rounds_total{protocol="om",backend="memory",verdict="held"}')).toBe(3);
  expect(rounds.get('byz_round_duration_seconds_count{protocol="om"}')).toBe(3);
  expect(rounds.get('byz_round_compute_seconds_sum{protocol="om"}')).toBeGreaterThan(0);
  // OM(1) of four: 3 proposals, 6 votes, of which the traitor sends 2.
  expect(rounds.get('byz_messages_total{protocol="om",kind="proposal"}')).toBe(9);
  expect(rounds.get('byz_messages_total{protocol="om",kind="vote"}')).toBe(18);
  expect(rounds.get('byz_false_messages_total{protocol="om"}')).toBe(6);
  const generals = await samples(node);
  expect(generals.get('byz_generals{status="decided"}')).toBe(12);
});

describe('the endpoint', () => {
  test('has nothing but GET /metrics', async () => {
    const at = `http://${space.metricsAddress}`;
    expect((await fetch(at)).status).toBe(404);
    expect((await fetch(`${at}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  test('refuses an address that is in use', async () => {
    const second = serveMetrics(await createMetrics(), { address: space.metricsAddress, log: silentLog });
    await expect(second).rejects.toMatchObject({ code: 'failed_precondition' });
  });
});
