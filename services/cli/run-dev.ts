/**
 * `byz dev`: the whole system in this process, served, until a signal.
 */
import { randomBytes } from 'node:crypto';
import { dashboardKeys } from '../dashboard/index.js';
import { generalNodeKeys } from '../general-node/index.js';
import { boundCheck, orchestratorKeys } from '../orchestrator/index.js';
import type { Settings } from '../runtime/index.js';
import {
  createLog,
  logKeys,
  readSecretFile,
  readVersion,
  runUntilSignal,
  systemClock,
} from '../runtime/index.js';
import { storeChecks, tupleSpaceKeys } from '../tuplespace/index.js';
import type { DevOptions } from './commands/dev.js';
import type { Embedded } from './embedded.js';
import { startEmbedded } from './embedded.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { observed } from './observed.js';
import { alignedTable } from './output/table.js';
import { nodeCountOf } from './round-request.js';
import { flagValues, loadCommandSettings, storeFlags } from './settings.js';
import type { GlobalOptions, Shell } from './shell.js';
import { placeOf } from './store-place.js';

export async function runDev(shell: Shell, options: DevOptions & GlobalOptions): Promise<ExitCode> {
  const flags = flagValues<DevOptions>(options, {
    tuplespace: tupleSpaceKeys.address.path,
    orchestrator: orchestratorKeys.address.path,
    generalNode: generalNodeKeys.address.path,
    metricsAddress: orchestratorKeys.metricsAddress.path,
    dashboard: dashboardKeys.address.path,
    logLevel: logKeys.level.path,
  });
  const settings = loadCommandSettings(shell, options, {
    flags: [...flags, ...storeFlags(options)],
    checks: [boundCheck, ...storeChecks],
  });
  const nodeCount = nodeCountOf(options.nodes);
  // A person watches this one: what goes well is not worth a line unless somebody asked for it.
  const { source } = settings.get(logKeys.level.path);
  const isAsked = source === 'flag' || source === 'environment';
  const level = isAsked ? settings.values(logKeys).level : 'warn';
  const log = createLog({ service: 'dev', level });
  const { metricsAddress } = settings.values(orchestratorKeys);
  const code = await runUntilSignal({
    start: () =>
      observed({ service: 'dev', settings, metricsAddress, log }, async (observers) => {
        const dashboardKey = keyOf(settings);
        const own = { nodeCount, settings, isServed: true, dashboardKey, log, observers };
        const embedded = await startEmbedded(own);
        shell.terminal.report(banner(embedded, { nodeCount, metricsAddress, dashboardKey }));
        return embedded;
      }),
    log,
    clock: systemClock,
    process: shell.process,
  });
  return code === 0 ? exitCodes.ok : exitCodes.internal;
}

/** Of the file that the settings name, or made for this run: whoever sees this terminal may start rounds. */
function keyOf(settings: Settings): string {
  const { path } = dashboardKeys.keyFile;
  const { keyFile } = settings.values(dashboardKeys);
  return keyFile === '' ? randomBytes(16).toString('base64url') : readSecretFile(keyFile, path);
}

function banner(
  { addresses, dashboard, store }: Embedded,
  own: { readonly nodeCount: number; readonly metricsAddress: string; readonly dashboardKey: string },
): string {
  const { nodeCount, metricsAddress, dashboardKey } = own;
  const rows = addresses.map(({ service, address }) => [`  ${service}`, `${address}  gRPC`]);
  const metrics = metricsAddress === '' ? [] : [['  Metrics', `http://${metricsAddress}/metrics`]];
  // What follows # never leaves the browser.
  const page = dashboard === undefined ? [] : [['  Dashboard', `http://${dashboard}/#key=${dashboardKey}`]];
  const facts = [
    ...page,
    ...metrics,
    ['  Tuples', placeOf(store)],
    ['  Nodes', `${nodeCount}, in this process`],
  ];
  const table = alignedTable({ head: [`byz ${readVersion()}`, ''], rows: [...rows, ...facts] });
  return `${table}\nbyz round start --watch starts a round; Ctrl-C stops.`;
}
