/**
 * One service in this process: from settings to a running service, until a signal.
 */
import { dashboardKeys } from '../dashboard/index.js';
import { GeneralNodeMetrics, generalNodeKeys, startGeneralNode } from '../general-node/index.js';
import {
  boundCheck,
  OrchestratorMetrics,
  orchestratorKeys,
  roundDefaults,
  roundKeys,
  startOrchestrator,
} from '../orchestrator/index.js';
import type { Log, SettingCheck, Settings, Stoppable, Tls } from '../runtime/index.js';
import {
  connectionKeys,
  createLog,
  logKeys,
  readSecretFile,
  readVersion,
  runUntilSignal,
  systemClock,
  tlsCheck,
} from '../runtime/index.js';
import {
  backendKeys,
  connectService,
  createStore,
  observedStore,
  Replicas,
  startTupleSpace,
  storeChecks,
  tupleSpaceKeys,
} from '../tuplespace/index.js';
import type { ServiceOptions } from './commands/services.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { observed } from './observed.js';
import { serveDashboard } from './serve-dashboard.js';
import { flagValues, loadCommandSettings, storeFlags } from './settings.js';
import type { GlobalOptions, Shell } from './shell.js';
import { checkClear, tlsOf } from './tls.js';

type Options = ServiceOptions & GlobalOptions;

export function runTupleSpace(shell: Shell, options: Options): Promise<ExitCode> {
  const { address, enrolSecretFile, metricsAddress } = tupleSpaceKeys;
  const own = { address, enrolSecretFile, metricsAddress };
  return runService(shell, options, { name: 'tuplespace', own, checks: storeChecks }, (settings, log) => {
    const space = settings.values(tupleSpaceKeys);
    const secret = secretIn(space.enrolSecretFile, tupleSpaceKeys.enrolSecretFile.path);
    const [clock, version, tls] = [systemClock, readVersion(), tlsOf(settings, log)];
    const plain = createStore({ backend: settings.values(backendKeys), space }, { clock, version, secret });
    const { address, messageBytesMax } = space;
    const { metricsAddress } = space;
    return observed({ service: 'tuplespace', settings, metricsAddress, log }, (observers) => {
      const store = observedStore(plain, { ...observers, clock, version });
      const connections = settings.values(connectionKeys);
      return startTupleSpace({ address, messageBytesMax, store, log, clock, tls, connections });
    });
  });
}

export function runGeneralNode(shell: Shell, options: Options): Promise<ExitCode> {
  const { address, tuplespace, nodeId, generals, chaos, enrolSecretFile, metricsAddress } = generalNodeKeys;
  const own = { address, tuplespace, nodeId, generals, chaos, enrolSecretFile, metricsAddress };
  return runService(shell, options, { name: 'general-node', own }, (settings, log) => {
    const {
      nodeId: node,
      enrolSecretFile: path,
      tuplespace: target,
      ...keys
    } = settings.values(generalNodeKeys);
    const secret = secretIn(path, generalNodeKeys.enrolSecretFile.path);
    const tls = tlsOf(settings, log);
    const connections = settings.values(connectionKeys);
    const common = { ...keys, node, secret, log, tls, connections, clock: systemClock };
    const { metricsAddress } = keys;
    return observed({ service: 'general-node', settings, metricsAddress, log }, ({ metrics, tracer }) =>
      overSpace({ target, tls, settings }, (connect) =>
        startGeneralNode({ ...common, connect, tracer, metrics: metrics && new GeneralNodeMetrics(metrics) }),
      ),
    );
  });
}

export function runOrchestrator(shell: Shell, options: Options): Promise<ExitCode> {
  const { address, tuplespace, enrolSecretFile, metricsAddress } = orchestratorKeys;
  const service = {
    name: 'orchestrator',
    own: {
      address,
      tuplespace,
      enrolSecretFile,
      metricsAddress,
      dashboard: dashboardKeys.address,
      dashboardKeyFile: dashboardKeys.keyFile,
    },
    checks: [boundCheck],
  };
  return runService(shell, options, service, (settings, log) => {
    const { enrolSecretFile: path, tuplespace: target, ...keys } = settings.values(orchestratorKeys);
    const secret = secretIn(path, orchestratorKeys.enrolSecretFile.path);
    const defaults = roundDefaults(settings.values(roundKeys));
    const [clock, tls] = [systemClock, tlsOf(settings, log)];
    const connections = settings.values(connectionKeys);
    const common = { ...keys, defaults, secret, log, clock, tls, connections };
    const place = `in the tuple space at ${target}`;
    const { metricsAddress } = keys;
    return observed({ service: 'orchestrator', settings, metricsAddress, log }, ({ metrics, tracer }) =>
      overSpace({ target, tls, settings }, async (connect) => {
        const counted = metrics && new OrchestratorMetrics(metrics);
        const running = await startOrchestrator({ ...common, connect, tracer, metrics: counted });
        try {
          const { orchestrator } = running;
          const dashboard = await serveDashboard({
            orchestrator,
            settings,
            place,
            hasFaults: true,
            log,
            clock,
          });
          return { stop: () => stopBoth(dashboard, running) };
        } catch (error) {
          await running.stop();
          throw error;
        }
      }),
    );
  });
}

/** The page first: it asks the other. */
async function stopBoth(dashboard: Stoppable | undefined, orchestrator: Stoppable): Promise<void> {
  await dashboard?.stop();
  await orchestrator.stop();
}

interface Service {
  readonly name: string;
  /** The keys that its flags stand for. */
  readonly own: Readonly<Partial<Record<keyof ServiceOptions, { readonly path: string }>>>;
  readonly checks?: readonly SettingCheck[];
}

async function runService(
  shell: Shell,
  options: Options,
  { name, own, checks = [] }: Service,
  start: (settings: Settings, log: Log) => Promise<Stoppable>,
): Promise<ExitCode> {
  const paths = Object.fromEntries(Object.entries(own).map(([flag, key]) => [flag, key.path]));
  const flags = [
    ...flagValues<ServiceOptions>(options, { ...paths, logLevel: logKeys.level.path }),
    ...storeFlags(options),
  ];
  const settings = loadCommandSettings(shell, options, { flags, checks: [...checks, tlsCheck] });
  const log = createLog({ service: name, level: settings.values(logKeys).level });
  const code = await runUntilSignal({
    start: () => start(settings, log),
    log,
    clock: systemClock,
    process: shell.process,
  });
  return code === 0 ? exitCodes.ok : exitCodes.internal;
}

function secretIn(path: string, field: string): string {
  return path === '' ? '' : readSecretFile(path, field);
}

/** Starts something over connections of its own, which are closed after it. */
async function overSpace(
  { target, tls, settings }: { readonly target: string; readonly tls: Tls | undefined; settings: Settings },
  start: (connect: ReturnType<typeof connectService>) => Promise<Stoppable>,
): Promise<Stoppable> {
  checkClear(settings, target);
  const replicas = new Replicas(target, { tls });
  try {
    const running = await start(connectService(replicas));
    return {
      async stop() {
        await running.stop();
        replicas.close();
      },
    };
  } catch (error) {
    replicas.close();
    throw error;
  }
}
