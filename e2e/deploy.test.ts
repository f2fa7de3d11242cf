/**
 * What stands in deploy/ beside the compose file: read as YAML and JSON, so that it is checked where no container engine answers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { settingTables } from '../services/cli/settings.js';
import { GeneralNodeMetrics } from '../services/general-node/index.js';
import { OrchestratorMetrics } from '../services/orchestrator/index.js';
import { createMetrics, systemClock } from '../services/runtime/index.js';
import { variableOf } from '../services/runtime/settings-table.js';
import { MemoryStore, observedStore } from '../services/tuplespace/index.js';

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly user?: string;
  readonly image?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

interface Board {
  readonly panels: readonly {
    readonly id: number;
    readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

const readYaml = <T>(path: string): T => parse(readFileSync(path, 'utf8'), { merge: true }) as T;
const overlays = ['deploy/secure/compose.yml', 'deploy/observability/compose.yml'] as const;
const base = readYaml<Compose>('docker-compose.yml');

describe.each(overlays)('%s', (path) => {
  const { services } = readYaml<Compose>(path);
  const each = Object.entries(services);
  const own = each.filter(([name]) => !(name in base.services));

  test('changes services that are there, and names variables that settings have', () => {
    const variables = settingTables.flatMap((table) =>
      Object.values(table).map((key) => variableOf(key.path)),
    );
    for (const [, { environment = {} }] of each) {
      const ours = Object.keys(environment).filter((name) => name.startsWith('BYZANTINE_'));
      expect(ours.filter((name) => !variables.includes(name))).toEqual([]);
    }
    const changed = each.filter(([name]) => name in base.services).map(([name]) => name);
    const running = Object.keys(base.services).filter((name) =>
      /^(tuplespace|general|chaos|orch)/.test(name),
    );
    expect(changed.sort()).toEqual(running.sort());
  });

  test('what it adds has a read-only disk, no capability, no root and bounds', () => {
    for (const [, service] of own) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        pids_limit: expect.any(Number),
        mem_limit: expect.any(String),
        cpus: expect.any(Number),
      });
      expect(service.user).toMatch(/^(node|nobody|472)$/);
    }
  });

  test('publishes on loopback only, and mounts no socket of an engine', () => {
    for (const [, { ports = [], volumes = [] }] of each) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
      expect(volumes.filter((volume) => volume.includes('docker.sock'))).toEqual([]);
    }
  });
});

test('each service sees its own certificates, read-only, and the CA’s key is nobody’s', () => {
  const { services } = readYaml<Compose>('deploy/secure/compose.yml');
  const sees = Object.entries(services).map(([name, { volumes = [] }]) => [name, volumes] as const);
  for (const [name, volumes] of sees) {
    if (name === 'certificates') continue;
    expect(volumes.every((volume) => volume.endsWith(':ro'))).toBe(true);
    const sources = volumes.map((volume) => volume.split(':')[0]);
    const role = name.replace(/^tuplespace-.*/, 'tuplespace').replace('chaos-node', 'general-node');
    const also = name === 'orchestrator' ? ['tls-client'] : [];
    expect(sources).toEqual([`tls-${role}`, ...also]);
  }
});

test('dashboards ask for metrics that there are, of the data source that is provisioned; the docs name them all', async () => {
  const metrics = await createMetrics();
  const clock = systemClock;
  const store = new MemoryStore({ clock, version: 'test' });
  observedStore(store, { metrics, tracer: undefined, clock, version: 'test' });
  new OrchestratorMetrics(metrics);
  new GeneralNodeMetrics(metrics);
  const names = [...(await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  const folder = 'deploy/observability/grafana/dashboards';
  const boards = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  expect(boards.map(({ uid }) => uid)).toEqual(['rounds', 'tuplespace']);
  const asked = boards.flatMap(({ panels }) =>
    panels.flatMap((panel: { targets: { expr: string }[]; datasource: { uid: string } }) => {
      expect(panel.datasource.uid).toBe('prometheus');
      return panel.targets.flatMap(({ expr }) => expr.match(/\b(byz|tuplespace)_[a-z_]+/g) ?? []);
    }),
  );
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((name) => !names.includes(name))).toEqual([]);
  const documented = readFileSync('docs/observability.md', 'utf8').match(/`(byz|tuplespace)_[a-z_]+/g) ?? [];
  const own = names.filter((name) => /^(byz|tuplespace)_/.test(name ?? ''));
  const plain = own.map((name) => name?.replace(/_(bucket|sum|count)$/, ''));
  expect(new Set(documented.map((name) => name.slice(1)))).toEqual(new Set(plain));
});

test('dashboards group and filter by labels that their metrics have; every panel has a place and an id of its own', () => {
  const documented = readFileSync('docs/observability.md', 'utf8').matchAll(
    /`((?:byz|tuplespace)_\w+)\{(.+?)\}/g,
  );
  const labelsOf = new Map([...documented].map(([, name = '', labels = '']) => [name, labels.split(',')]));
  const folder = 'deploy/observability/grafana/dashboards';
  for (const file of readdirSync(folder)) {
    const { panels } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Board;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
    for (const { expr, legendFormat } of panels.flatMap(({ targets }) => targets)) {
      const [name = ''] = /\b(?:byz|tuplespace)_\w+?(?=_bucket|_sum|_count|\b)/.exec(expr) ?? [];
      const has = [...(labelsOf.get(name) ?? []), 'le', 'instance'];
      const grouped = [...expr.matchAll(/by \((.+?)\)/g)].flatMap(([, names = '']) => names.split(', '));
      const filtered = [...expr.matchAll(/[{,](\w+)!?=/g)].map(([, label]) => label);
      expect({
        expr,
        unknown: [...grouped, ...filtered].filter((label) => !has.includes(label ?? '')),
      }).toEqual({
        expr,
        unknown: [],
      });
      const told = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      expect(new Set(grouped.filter((label) => label !== 'le'))).toEqual(new Set(told));
    }
  }
});

test('Prometheus asks each service where the overlay lets it answer', () => {
  const { scrape_configs: jobs } = readYaml<{
    scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[];
  }>('deploy/observability/prometheus.yml');
  expect(jobs.map(({ dns_sd_configs: [found] }) => [found?.names, found?.port])).toEqual(
    ['tuplespace', 'general-node', 'orchestrator'].map((name) => [[name], 9464]),
  );
  const { services, networks } = readYaml<Compose>('deploy/observability/compose.yml');
  for (const [name, { environment = {} }] of Object.entries(services)) {
    if (name in base.services) expect(Object.values(environment)).toEqual(['0.0.0.0:9464']);
  }
  expect(networks).toMatchObject({ metrics: { internal: true } });
});
