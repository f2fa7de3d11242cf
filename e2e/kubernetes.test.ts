/**
 * The manifests of deploy/kubernetes: each is of its kind's form, by the types of Kubernetes, and keeps the rules of this project. They
 * were not run on a cluster here (docs/operations.md).
 */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Deployment, StatefulSet } from 'kubernetes-types/apps/v1.js';
import type { Container, Probe } from 'kubernetes-types/core/v1.js';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import { parseAllDocuments } from 'yaml';
import { generalNodeKeys } from '../services/general-node/index.js';
import { orchestratorKeys } from '../services/orchestrator/index.js';
import { variableOf } from '../services/runtime/index.js';
import { backendKeys, tupleSpaceKeys } from '../services/tuplespace/index.js';

interface Manifest {
  readonly file: string;
  readonly content: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata?: { name?: string };
  };
}

const root = resolve('deploy/kubernetes');

/** Where the type of each kind is; kustomize's own files have none. */
const typesOf: Readonly<Record<string, string>> = {
  Namespace: 'core/v1',
  Service: 'core/v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  PodDisruptionBudget: 'policy/v1',
  NetworkPolicy: 'networking/v1',
};

const all = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => read(file));
const manifests = all.filter(({ content }) => content.kind !== 'Kustomization');

function read(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(join(root, file), 'utf8')).map((document) => {
    expect([file, document.errors, document.warnings]).toEqual([file, [], []]);
    return { file, content: document.toJS() as Manifest['content'] };
  });
}

/** The complaints of the compiler about manifests as values of their types; a field that a type does not know is one. */
function complaints(given: readonly Manifest[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'byzantine-manifests-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(resolve('node_modules/kubernetes-types'), join(folder, 'node_modules/kubernetes-types'));
    const lines = given.map(({ file, content }, i) => {
      const { kind } = content;
      const type = `import('kubernetes-types/${typesOf[kind]}').${kind}`;
      return `// ${file}\nexport const manifest${i}: ${type} = ${JSON.stringify(content, null, 2)};`;
    });
    writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--types', ''];
    const args = [resolve('node_modules/typescript/bin/tsc'), ...flags, 'manifests.ts'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('form', () => {
  test('every manifest is of a kind that is checked', () => {
    expect(manifests.length).toBeGreaterThan(10);
    for (const { file, content } of manifests)
      expect([file, Object.keys(typesOf)]).toEqual([file, expect.arrayContaining([content.kind])]);
  });

  test('every manifest has the fields of its kind, and no others', () => {
    expect(complaints(manifests)).toBe('');
  });

  test('a misspelt field and a wrong type are noticed', () => {
    const deployment = manifests.find(({ content: { kind } }) => kind === 'Deployment')
      ?.content as Deployment;
    const planted = [{ replicaz: 3 }, { replicas: '4' }].map((wrong) => ({
      file: 'planted',
      content: { ...deployment, spec: { ...deployment.spec, ...wrong } } as unknown as Manifest['content'],
    }));
    const found = complaints(planted);
    expect(found).toContain('"replicaz"');
    expect(found).toContain("Type 'string' is not assignable to type 'number'");
  });
});

const workloads = manifests
  .filter(({ content }) => content.kind === 'Deployment' || content.kind === 'StatefulSet')
  .map(({ content }) => content as Manifest['content'] & (Deployment | StatefulSet));
const pods = workloads.map((workload) => {
  const pod = workload.spec?.template.spec;
  if (pod === undefined) throw new Error('a workload has no pod');
  return [workload.metadata?.name ?? '', pod] as const;
});
const containers = pods.flatMap(([name, { containers: own }]) =>
  own.map((container): [string, Container] => [name, container]),
);

test('the three services and the store are there', () => {
  expect(pods.map(([name]) => name).toSorted()).toEqual([
    'general-node',
    'orchestrator',
    'redis',
    'tuplespace',
  ]);
});

describe.each(containers)('%s', (name, container) => {
  test('its image is of one version', () => {
    expect(container.image).toMatch(/:\d+\.\d+/);
  });

  test('it is asked whether it has started, serves and lives', () => {
    const { startupProbe, readinessProbe, livenessProbe } = container;
    const ports = (container.ports ?? []).map(({ containerPort }) => containerPort);
    for (const probe of [startupProbe, readinessProbe, livenessProbe] as (Probe | undefined)[]) {
      if (name === 'redis') expect(probe?.exec ?? probe?.tcpSocket).toBeDefined();
      // Our own health service, which kubelet speaks.
      else expect(ports).toContain(probe?.grpc?.port);
    }
  });

  test('it is told how much it may use', () => {
    expect(container.resources).toMatchObject({
      requests: { cpu: expect.any(String), memory: expect.any(String) },
      limits: { cpu: expect.any(String), memory: expect.any(String) },
    });
  });

  test('it can write nothing but its volumes, and gains no rights', () => {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('its variables are settings that there are, and secrets are files', () => {
    const tables = [backendKeys, tupleSpaceKeys, generalNodeKeys, orchestratorKeys];
    const known = new Set(tables.flatMap((keys) => Object.values(keys).map(({ path }) => variableOf(path))));
    for (const { name: variable, value } of container.env ?? []) {
      if (variable === 'POD_IP') continue;
      expect([...known]).toContain(variable);
      if (/SECRET|PASSWORD/.test(variable)) expect(value).toMatch(/^\//);
    }
  });
});

test.each(pods)('%s is not root, knows nothing of the cluster, and has time to end', (_, pod) => {
  expect(pod).toMatchObject({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  });
  // A service of ours ends within 5 s of SIGTERM.
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(5);
});

test.each(workloads.map((workload) => [workload.metadata?.name ?? '', workload] as const))(
  '%s selects its own pods, and a policy says who may reach them',
  (name, { spec }) => {
    const labels = { 'app.kubernetes.io/name': name };
    expect(spec?.selector.matchLabels).toEqual(labels);
    expect(spec?.template.metadata?.labels).toEqual(labels);
    const policies = manifests
      .filter(({ content }) => content.kind === 'NetworkPolicy')
      .map(({ content }) => (content as NetworkPolicy).spec?.podSelector.matchLabels);
    expect(policies).toContainEqual(labels);
  },
);
