/**
 * Mutual TLS between containers, on a real engine: deploy/secure as its own remarks say. Where no engine answers it says SKIPPED and why.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodesDocument } from '../services/cli/nodes.js';
import { Compose, whyNoEngine } from './drivers/compose.js';
import { eventually } from './drivers/deployment.js';

/** Image build included. */
const buildMsMax = 600_000;
const testMsMax = 120_000;

if (whyNoEngine === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'byz-secure-'));
  let compose: Compose;

  beforeAll(async () => {
    compose = await Compose.open('secure', { overlay: 'deploy/secure/compose.yml' });
    await compose.run('docker compose up --scale general-node=4 --wait');
    await compose.run(`docker compose cp orchestrator:/run/byzantine-tls/client ${folder}/client`);
  }, buildMsMax);

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await compose.close();
  }, testMsMax);

  const own = join(folder, 'client', 'service.pem');
  const certificate = [
    `BYZANTINE_TLS_CA_FILE=${join(folder, 'client', 'ca.crt')}`,
    `BYZANTINE_TLS_CERTIFICATE_FILE=${own} BYZANTINE_TLS_KEY_FILE=${own}`,
  ].join(' ');
  const byz = (line: string, variables = certificate) =>
    compose.run(`${variables} ./scripts/byz ${line} --orchestrator ${compose.address}`);

  test(
    'a round runs with a certificate, and without one nobody is let in',
    async () => {
      expect(await byz('round start --watch')).toContain('PASS');
      await expect(byz('nodes', '')).rejects.toThrow(/ended with 69/);
    },
    testMsMax,
  );

  test(
    'certificates are renewed while rounds run: all hold, and no container is restarted',
    async () => {
      const containers = () => compose.run('docker compose ps --quiet');
      const standing = await containers();
      let isRenewed = false;
      const rounds = async (): Promise<number> => {
        for (let count = 1; ; count += 1) {
          const isLast = isRenewed;
          expect(await byz('round start --watch')).toContain('PASS');
          if (isLast) return count;
        }
      };
      const renewal = async (): Promise<void> => {
        await compose.run('docker compose run --rm certificates');
        await eventually('every service has its new certificate', async () => {
          const log = await compose.run('docker compose logs --no-log-prefix');
          return log.split('tls.certificate_renewed').length > 6 ? true : undefined;
        });
        isRenewed = true;
      };
      const [count] = await Promise.all([rounds(), renewal()]);
      expect(count).toBeGreaterThanOrEqual(2);
      expect(await containers()).toBe(standing);
    },
    testMsMax,
  );

  test(
    'a node that hangs by request is silent, and is woken, over TLS too',
    async () => {
      await compose.run('docker compose --profile chaos up --scale chaos-node=1 --wait chaos-node');
      // A container's name on its networks is what its id begins with.
      const host = (await compose.run('docker compose ps --quiet chaos-node')).slice(0, 12);
      const node = await eventually('the node is there', async () => {
        const { nodes } = JSON.parse(await byz('nodes --json')) as NodesDocument;
        return nodes.find(({ address }) => address?.startsWith(host))?.node;
      });
      await byz(`fault hang ${node} --for 5m`);
      await byz(`fault recover ${node}`);
    },
    testMsMax,
  );
} else {
  test.skip(`mutual TLS between containers: SKIPPED, no container engine answers: ${whyNoEngine}`, () => {});
}
