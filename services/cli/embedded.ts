/**
 * The whole system in one process: the store is passed where a client of the service would be, and everything
 * above it runs the same lines as in processes of their own.
 */
import { GeneralNodeMetrics, generalNodeKeys, startGeneralNode } from '../general-node/index.js';
import type { Orchestrator } from '../orchestrator/index.js';
import {
  OrchestratorMetrics,
  orchestratorKeys,
  roundDefaults,
  roundKeys,
  startOrchestrator,
} from '../orchestrator/index.js';
import type { Clock, Log, Settings } from '../runtime/index.js';
import {
  connectionKeys,
  formatAddress,
  parseAddress,
  readSecretFile,
  readVersion,
  resolveSettings,
  silentLog,
  systemClock,
} from '../runtime/index.js';
import type { Connect, Store, StoreFacts, TupleSpace } from '../tuplespace/index.js';
import {
  backendKeys,
  connectStore,
  createStore,
  observedStore,
  startTupleSpace,
  tupleSpaceKeys,
} from '../tuplespace/index.js';
import type { Observers } from './observed.js';
import { serveDashboard } from './serve-dashboard.js';
import { settingTables } from './settings.js';
import { placeOf } from './store-place.js';

export interface EmbeddedOptions {
  /** General-nodes; generals spread over them. */
  readonly nodeCount: number;
  /** Default: the defaults of every key. */
  readonly settings?: Settings;
  /**
   * Also serve the three gRPC services and the dashboard, at the addresses of the settings; node i listens i ports above the
   * first.
   */
  readonly isServed?: boolean;
  /** What watches the system; default: nobody. */
  readonly observers?: Observers;
  /** What a page of the dashboard must have to start anything; default: it can only look. */
  readonly dashboardKey?: string;
  /** Default: none. */
  readonly log?: Log;
  readonly clock?: Clock;
}

export interface Embedded {
  readonly orchestrator: Orchestrator;
  /** The spaces as an orchestrator sees them. */
  readonly space: TupleSpace;
  /** What the tuples are kept in. */
  readonly store: StoreFacts;
  /** Where the services listen; empty where they are not served. */
  readonly addresses: readonly { readonly service: string; readonly address: string }[];
  /** Where the dashboard listens; undefined where it is not served. */
  readonly dashboard: string | undefined;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Errors: failed_precondition (a port is in use), invalid_argument (a secret file), and those of the store's start. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const stops: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= stopAll(stops);
    return stopping;
  };
  try {
    const system = compose(options);
    const addresses = [...(await startSpace(system, stops)), ...(await startNodes(system, stops))];
    const { orchestrator, address } = await startRounds(system, stops);
    const { space } = await enrolled(system);
    const dashboard = system.isServed ? await startPage(system, orchestrator, stops) : undefined;
    return {
      orchestrator,
      space,
      store: system.store.facts(),
      addresses: [...address, ...addresses],
      dashboard,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface System extends Required<Omit<EmbeddedOptions, 'dashboardKey'>> {
  readonly dashboardKey: string | undefined;
  readonly secret: string;
  readonly store: Store;
  readonly connect: Connect;
}

/** A log of its own: a system in one process would else take part in the rounds of a deployment on the same store. */
const embeddedSuffix = '_embedded';

type Stops = (() => Promise<void>)[];
type Addresses = Embedded['addresses'];

function compose(options: EmbeddedOptions): System {
  const settings = options.settings ?? resolveSettings(settingTables, { environment: {} });
  const { isServed = false, dashboardKey, log = silentLog, clock = systemClock } = options;
  const space = settings.values(tupleSpaceKeys);
  const secretPath = tupleSpaceKeys.enrolSecretFile.path;
  const secret = space.enrolSecretFile === '' ? '' : readSecretFile(space.enrolSecretFile, secretPath);
  const logName = `${space.logName}${embeddedSuffix}`;
  const [backend, version] = [settings.values(backendKeys), readVersion()];
  const plain = createStore({ backend, space: { ...space, logName } }, { clock, version, secret });
  const observers = options.observers ?? { metrics: undefined, tracer: undefined };
  const store = observedStore(plain, { ...observers, clock, version });
  return {
    ...options,
    settings,
    isServed,
    observers,
    dashboardKey,
    log,
    clock,
    secret,
    store,
    connect: connectStore(store),
  };
}

async function startSpace(
  { settings, isServed, store, log, clock }: System,
  stops: Stops,
): Promise<Addresses> {
  stops.push(() => store.stop());
  if (!isServed) {
    await store.start();
    return [];
  }
  const { address, messageBytesMax } = settings.values(tupleSpaceKeys);
  const service = await startTupleSpace({
    address,
    messageBytesMax,
    store,
    log: log.with({ service: 'tuplespace' }),
    clock,
    connections: settings.values(connectionKeys),
  });
  stops.push(() => service.stop());
  return [{ service: 'TupleSpace', address: service.address }];
}

async function startNodes(system: System, stops: Stops): Promise<Addresses> {
  const { nodeCount, settings, isServed, connect, secret, log, clock } = system;
  const { metrics: counts, tracer } = system.observers;
  const metrics = counts && new GeneralNodeMetrics(counts);
  const { address, leaseMs, leaseGraceMs, seatsMax, restartMax, restartWindowMs, endedMax } =
    settings.values(generalNodeKeys);
  const starts = Array.from({ length: nodeCount }, async (_, i) => {
    const node = await startGeneralNode({
      node: `node-${i + 1}`,
      generals: [],
      ...(isServed ? { address: portAbove(address, i) } : {}),
      leaseMs,
      leaseGraceMs,
      seatsMax,
      // The nodes of one process go together.
      drainMs: 0,
      restartMax,
      restartWindowMs,
      endedMax,
      connect,
      secret,
      metrics,
      tracer,
      log: log.with({ service: 'general-node' }),
      clock,
      connections: settings.values(connectionKeys),
    });
    stops.push(() => node.stop());
    return node.address === undefined ? [] : [{ service: `GeneralNode ${node.node}`, address: node.address }];
  });
  const settled = await Promise.allSettled(starts);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

async function startRounds(
  { settings, isServed, connect, secret, observers: { metrics, tracer }, log, clock }: System,
  stops: Stops,
): Promise<{ orchestrator: Orchestrator; address: Addresses }> {
  const { address, ...keys } = settings.values(orchestratorKeys);
  const running = await startOrchestrator({
    connect,
    secret,
    defaults: roundDefaults(settings.values(roundKeys)),
    ...keys,
    ...(isServed ? { address } : {}),
    metrics: metrics && new OrchestratorMetrics(metrics),
    tracer,
    log: log.with({ service: 'orchestrator' }),
    clock,
    connections: settings.values(connectionKeys),
  });
  stops.push(() => running.stop());
  const served = running.address === undefined ? [] : [{ service: 'Orchestrator', address: running.address }];
  return { orchestrator: running.orchestrator, address: served };
}

async function startPage(
  { settings, dashboardKey: key, store, log, clock }: System,
  orchestrator: Orchestrator,
  stops: Stops,
): Promise<string | undefined> {
  const running = await serveDashboard({
    orchestrator,
    settings,
    key,
    place: placeOf(store.facts()),
    hasFaults: false,
    log: log.with({ service: 'dashboard' }),
    clock,
  });
  if (running !== undefined) stops.push(() => running.stop());
  return running?.address;
}

/** A second token of the orchestrator, for whoever looks into the spaces. */
async function enrolled({ connect, secret }: System): Promise<{ space: TupleSpace }> {
  const { token } = await connect('').space.enrol({ kind: 'orchestrator', id: 'orchestrator', secret });
  return connect(token);
}

/** Last started, first stopped. */
async function stopAll(stops: Stops): Promise<void> {
  for (const stop of stops.toReversed()) await stop();
}

function portAbove(address: string, by: number): string {
  const { host, port } = parseAddress(address);
  return formatAddress({ host, port: port === 0 ? 0 : port + by });
}
