/**
 * The rules that the compose file keeps in each of its forms, read from what compose makes of it. Where compose is not there it says
 * SKIPPED and why.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { brokenRules, type ComposedService, type Composition } from './drivers/compose-rules.js';

const compose = spawnSync('docker', ['compose', 'version'], { encoding: 'utf8', timeout: 20_000 });
const whyNot = compose.status === 0 ? undefined : (compose.error?.message ?? compose.stderr.trim());

function composition(profile?: string, overlays: readonly string[] = []): Composition {
  const files = ['docker-compose.yml', ...overlays].flatMap((file) => ['--file', resolve(file)]);
  const chosen = profile === undefined ? [] : ['--profile', profile];
  const args = ['compose', ...files, ...chosen, 'config', '--format', 'json'];
  const { COMPOSE_PROFILES: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Composition;
}

/** A service that keeps every rule, to be spoilt. */
const sound: ComposedService = {
  image: 'redis:8-alpine',
  user: 'redis',
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  pids_limit: 128,
  mem_limit: '2147483648',
  cpus: 1,
  logging: { options: { 'max-size': '10m' } },
};
const mount = { type: 'bind', target: '/work' };

describe('the rules of hardening', () => {
  test('let a sound service be', () => expect(brokenRules({ services: { sound } })).toEqual([]));

  test.each<[string, ComposedService]>([
    ['is not privileged', { privileged: true }],
    ['drops every capability and adds none', { cap_drop: ['NET_RAW'] }],
    ['drops every capability and adds none', { cap_add: ['SYS_ADMIN'] }],
    ['gains no privileges', { security_opt: [] }],
    ['keeps seccomp and AppArmor', { security_opt: ['no-new-privileges:true', 'seccomp:unconfined'] }],
    ['has a read-only root', { read_only: false }],
    ['runs as a user that is not root', { user: '' }],
    ['runs as a user that is not root', { user: 'root' }],
    ['runs as a user that is not root', { user: '0:0' }],
    ['shares no namespace with the machine', { pid: 'host' }],
    ['shares no namespace with the machine', { ipc: 'host' }],
    ['shares no namespace with the machine', { network_mode: 'host' }],
    ['sees no device', { devices: ['/dev/kmsg'] }],
    [
      'has no socket of an engine',
      { volumes: [{ ...mount, source: '/var/run/docker.sock', read_only: true }] },
    ],
    ['writes to no folder of the machine', { volumes: [{ ...mount, source: '/etc' }] }],
    ['has a bounded number of processes', { pids_limit: -1 }],
    ['has bounded memory', { mem_limit: '0' }],
    ['has bounded processors', { cpus: 0 }],
    ['has a bounded log', { logging: { options: {} } }],
    ['publishes on loopback only', { ports: [{}] }],
    ['publishes on loopback only', { ports: [{ host_ip: '127.0.0.1' }, { host_ip: '0.0.0.0' }] }],
    ['has an image of a named version, or one that is built here', { image: 'redis' }],
    ['has an image of a named version, or one that is built here', { image: 'redis:latest' }],
    ['has its secrets in files', { environment: { POSTGRES_PASSWORD: 'hunter2' } }],
  ])('%s: %j is caught, and by that rule alone', (rule, spoilt) => {
    expect(brokenRules({ services: { bad: { ...sound, ...spoilt } } })).toEqual([`bad: ${rule}`]);
  });
});

if (whyNot === undefined) {
  const stores = ['redis', 'postgres'];
  const overlays = ['deploy/secure/compose.yml', 'deploy/observability/compose.yml'];

  test.each([
    [undefined, ['general-node', 'redis', 'store-secret', 'tuplespace']],
    ['redis', ['general-node', 'redis', 'store-secret', 'tuplespace']],
    ['postgres', ['general-node', 'postgres', 'store-secret', 'tuplespace-postgres']],
    ['memory', ['general-node', 'tuplespace-memory']],
    ['chaos', ['chaos-node', 'redis', 'store-secret', 'tuplespace']],
  ])('the profile %s has one tuple space, its store, and one kind of node', (profile, own) => {
    const always = ['orchestrator', 'secrets'];
    expect(Object.keys(composition(profile).services).sort()).toEqual([...always, ...own].sort());
  });

  describe.each(['redis', 'postgres', 'memory', 'chaos'])('in the profile %s', (profile) => {
    const { services, networks } = composition(profile);
    const each = Object.entries(services);

    test.each([[[]], ...overlays.map((overlay) => [[overlay]]), [overlays]])(
      'every service keeps the rules of hardening, with the overlays %j',
      (chosen) => expect(brokenRules(composition(profile, chosen))).toEqual([]),
    );

    test('no port of a store or a node is published', () => {
      const published = each.filter(([, { ports = [] }]) => ports.length > 0);
      expect(published.map(([name]) => name).every((name) => /^(orchestrator|tuplespace)/.test(name))).toBe(
        true,
      );
    });

    test('only nodes of the profile chaos may be crashed', () => {
      const variable = 'BYZANTINE_GENERAL_NODE_CHAOS';
      const allowing = each.filter(([, { environment = {} }]) => variable in environment);
      expect(allowing.map(([name]) => name)).toEqual(profile === 'chaos' ? ['chaos-node'] : []);
    });

    test('a store is on a network that leads nowhere, with the tuple space alone', () => {
      if (stores.includes(profile)) expect(networks).toMatchObject({ store: { internal: true } });
      for (const [name, { networks: own = {} }] of each) {
        const isAllowed = stores.includes(name) || name.startsWith('tuplespace');
        if ('store' in own) expect(isAllowed).toBe(true);
        if (stores.includes(name)) expect(Object.keys(own)).toEqual(['store']);
      }
    });

    test("the store's password is where the store and the tuple space are, read-only, and in no environment", () => {
      for (const [name, { volumes = [], environment = {} }] of each) {
        const volume = volumes.find(({ source }) => source === 'store-secret');
        const mayRead = stores.includes(name) || name.startsWith('tuplespace');
        if (volume !== undefined && name !== 'store-secret') {
          expect([name, mayRead, volume.read_only]).toEqual([name, true, true]);
        }
        for (const [variable, value] of Object.entries(environment)) {
          if (/PASSWORD|SECRET/.test(variable))
            expect([variable, value]).toEqual([variable, expect.stringMatching(/^\//)]);
        }
      }
    });
  });
} else {
  test.skip(`compose file: SKIPPED, docker compose does not answer: ${whyNot}`, () => {});
}
