/**
 * The metrics of real processes in a real Prometheus: the expressions of the dashboards have data there, after rounds with lies, with
 * forbidden acts, and with a node that hangs until its general is elsewhere.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrchestratorClient } from '../services/orchestrator/index.js';
import { GrpcChannel } from '../services/runtime/index.js';
import { eventually } from './drivers/deployment.js';
import { endAll, type ProcessDeployment, startProcesses } from './drivers/processes.js';
import { configProblems, hasPrometheus, type Prometheus, startPrometheus } from './drivers/prometheus.js';

if (hasPrometheus) describe('Prometheus', suite);
else test.skip('Prometheus: SKIPPED, it is not there; on Debian apt-get install prometheus', () => {});

const folder = 'deploy/observability/grafana/dashboards';

interface Board {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const expressions = readdirSync(folder)
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Board)
  .flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)));

/** Series that only a bug or an outage makes: Prometheus takes the expression, and has nothing. */
const ofFailures = expressions.filter((expression) => expression.includes('byz_general_failures_total'));

function suite(): void {
  let deployment: ProcessDeployment;
  let channel: GrpcChannel;
  let prometheus: Prometheus;

  beforeAll(async () => {
    const any = '127.0.0.1:0';
    const services = ['TUPLESPACE', 'GENERAL_NODE', 'ORCHESTRATOR'];
    const env = Object.fromEntries(services.map((name) => [`BYZANTINE_${name}_METRICS_ADDRESS`, any]));
    deployment = await startProcesses({ nodeCount: 2, env });
    const { tuplespaces, orchestrator, nodes } = deployment.services;
    const targets = [...tuplespaces, orchestrator, ...nodes].map((service) => {
      const [, address = ''] = /"address":"([^"]+)","event":"metrics.listening"/.exec(service.log()) ?? [];
      return address;
    });
    prometheus = await startPrometheus(targets);
    channel = new GrpcChannel(deployment.orchestrator);
  }, 60_000);

  afterAll(async () => {
    channel?.close();
    await prometheus?.stop();
    await deployment?.stop();
    await endAll();
  });

  test('takes the settings of the overlay', () => {
    expect(configProblems('deploy/observability/prometheus.yml')).toBe('');
  });

  test('finds every service', async () => {
    await eventually('all are up', async () => {
      const up = await prometheus.query('up');
      return (up.length === 4 && up.every((value) => value === 1)) || undefined;
    });
  });

  test('takes every expression of the dashboards, and has data for what went on', async () => {
    const client = new OrchestratorClient(channel);
    const finished = async (number: number): Promise<void> => {
      for await (const event of client.watchRound({ number })) if (event.kind === 'ended') return;
    };
    const run = async (request: Parameters<typeof client.startRound>[0]): Promise<number> =>
      (await client.startRound(request)).number;
    for (const strategy of ['two-faced', 'wrong-recipient', 'forge-path'] as const) {
      await finished(await run({ traitors: [{ general: 'general-1', strategy }] }));
    }
    // A silent traitor keeps the round waiting, until the node that hangs has lost its generals and is awake again.
    const number = await run({ traitors: [{ general: 'general-1', strategy: 'silent' }], phaseMs: 8_000 });
    const { seats } = await client.getRound({ number });
    const hung = deployment.services.nodes.find(
      ({ name }) => name === seats.find(({ general }) => general === 'general-3')?.node,
    );
    hung?.pause();
    await eventually('its general is elsewhere', async () => {
      const now = await client.getRound({ number });
      return now.seats.some(({ general, epoch }) => general === 'general-3' && epoch > 1) || undefined;
    });
    hung?.resume();
    await finished(number);
    for (const expression of ofFailures) await prometheus.query(expression);
    let lacking = expressions.filter((expression) => !ofFailures.includes(expression));
    await eventually('every expression has data', async () => {
      const answers = await Promise.all(
        lacking.map(async (expression) => [expression, await prometheus.query(expression)] as const),
      );
      lacking = answers.flatMap(([expression, values]) => (values.length === 0 ? [expression] : []));
      return lacking.length === 0 || undefined;
    }).catch(() => expect(lacking).toEqual([]));
    const [failovers = 0] = await prometheus.query('sum(byz_general_failovers_total)');
    expect(failovers).toBeGreaterThanOrEqual(1);
  }, 120_000);
}
