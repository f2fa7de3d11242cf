/**
 * Mutual TLS between processes: a round, who is kept out, certificates that are renewed meanwhile, and faults on request.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeCertificates } from '../services/cli/certificates.js';
import { silentLog, systemClock, Tls, waitUntilServing } from '../services/runtime/index.js';
import { freePort } from '../services/tuplespace/testing/free-port.js';
import { eventually } from './drivers/deployment.js';
import { endAll, type ServiceProcess, startService } from './drivers/processes.js';

const testMsMax = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'byz-secure-'));
const services: ServiceProcess[] = [];

function filesOf(role: string) {
  const own = join(folder, role, 'service.pem');
  return { caFile: join(folder, role, 'ca.crt'), certificateFile: own, keyFile: own };
}

function variablesOf(role: string) {
  const { caFile, certificateFile, keyFile } = filesOf(role);
  return {
    BYZANTINE_TLS_CA_FILE: caFile,
    BYZANTINE_TLS_CERTIFICATE_FILE: certificateFile,
    BYZANTINE_TLS_KEY_FILE: keyFile,
  };
}

function make(days: number) {
  return makeCertificates({ folder, days, nowMs: systemClock.wallMs(), isShared: false });
}

async function start(role: string, ...args: string[]): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  const env = { ...variablesOf(role), BYZANTINE_GENERAL_NODE_CHAOS: 'true', address };
  const service = startService(role, [role, ...args, '--address', address], env);
  services.push(service);
  const tls = new Tls(filesOf('client'), { clock: systemClock, log: silentLog });
  const signal = AbortSignal.timeout(testMsMax);
  await waitUntilServing({ address, tls }, { clock: systemClock, signal }).catch((cause: unknown) => {
    throw new Error(`${role} did not start; its log:\n${service.log()}`, { cause });
  });
  return address;
}

let orchestrator: string;

/** Runs a line of byz as the role; gives its exit code and what it printed. */
async function byz(line: string, env: Readonly<Record<string, string>> = variablesOf('client')) {
  const args = [resolve('dist/services/cli/main.js'), ...line.split(' '), '--orchestrator', orchestrator];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

beforeAll(async () => {
  await make(30);
  const tuplespace = await start('tuplespace');
  await start('general-node', '--node-id', 'node1', '--tuplespace', tuplespace);
  orchestrator = await start('orchestrator', '--tuplespace', tuplespace, '--dashboard', 'off');
}, testMsMax);

afterAll(async () => {
  await Promise.all(services.toReversed().map((service) => service.end('SIGTERM')));
  await endAll();
  rmSync(folder, { recursive: true });
});

test(
  'a round runs with a certificate, and without one nobody is let in',
  async () => {
    expect(await byz('round start --watch')).toMatchObject({
      code: 0,
      said: expect.stringContaining('PASS'),
    });
    expect(await byz('nodes', {})).toMatchObject({ code: 69 });
  },
  testMsMax,
);

test(
  'certificates are renewed while rounds run, no round fails, and no process is started anew',
  async () => {
    let isRenewed = false;
    const rounds = async (): Promise<void> => {
      for (let isLast = false; !isLast; ) {
        isLast = isRenewed;
        expect(await byz('round start --watch')).toMatchObject({ code: 0 });
      }
    };
    const renewal = async (): Promise<void> => {
      await make(60);
      for (const service of services) {
        await eventually(`${service.name} has its new certificate`, async () =>
          service.log().includes('tls.certificate_renewed') ? true : undefined,
        );
      }
      isRenewed = true;
    };
    await Promise.all([rounds(), renewal()]);
  },
  testMsMax,
);

test(
  'a node that hangs by request is silent, and is woken, over TLS too',
  async () => {
    expect(await byz('fault hang node1 --for 10m')).toMatchObject({ code: 0 });
    expect(await byz('fault recover node1', {})).toMatchObject({ code: 69 });
    expect(await byz('fault recover node1')).toMatchObject({ code: 0 });
    await eventually('it takes seats again', async () =>
      (await byz('round start --watch')).code === 0 ? true : undefined,
    );
  },
  testMsMax,
);
