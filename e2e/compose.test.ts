/**
 * The rules that the compose file keeps in each of its forms, read from what compose makes of it. Where compose is not there it says
 * SKIPPED and why.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly pids_limit?: number;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly ports?: readonly { readonly host_ip?: string }[];
  readonly volumes?: readonly {
    readonly type: string;
    readonly source: string;
    readonly read_only?: boolean;
  }[];
}

interface Composition {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

const compose = spawnSync('docker', ['compose', 'version'], { encoding: 'utf8', timeout: 20_000 });
const whyNot = compose.status === 0 ? undefined : (compose.error?.message ?? compose.stderr.trim());

function composition(profile?: string): Composition {
  const chosen = profile === undefined ? [] : ['--profile', profile];
  const args = ['compose', '--file', resolve('docker-compose.yml'), ...chosen, 'config', '--format', 'json'];
  const { COMPOSE_PROFILES: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Composition;
}

if (whyNot === undefined) {
  const stores = ['redis', 'postgres'];

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

    test.each(each)(
      '%s has a read-only disk, no capability, no root and a bounded number of processes',
      (_, service) => {
        expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
        expect(service.security_opt).toContain('no-new-privileges:true');
        expect(service.user).toMatch(/^(node|redis|postgres)$/);
        expect(service.pids_limit).toBeGreaterThan(0);
      },
    );

    test('ports are published on loopback only, and none of a store or a node', () => {
      const published = each.filter(([, { ports = [] }]) => ports.length > 0);
      expect(published.map(([name]) => name).every((name) => /^(orchestrator|tuplespace)/.test(name))).toBe(
        true,
      );
      for (const [, { ports = [] }] of published) {
        for (const { host_ip } of ports) expect(host_ip).toBe('127.0.0.1');
      }
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
