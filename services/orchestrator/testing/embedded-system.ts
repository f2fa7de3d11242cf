/**
 * For tests: orchestrator, nodes and generals in one process over the memory store, started and stopped as a whole or part by part.
 */
import {
  assignmentTemplate,
  controlSpace,
  readAssignment,
  startGeneralNode,
} from '../../general-node/index.js';
import { createLog, systemClock, type Tracer } from '../../runtime/index.js';
import type { Connect, TupleSpace } from '../../tuplespace/index.js';
import { connectStore, MemoryStore } from '../../tuplespace/index.js';
import type { OrchestratorMetrics } from '../metrics.js';
import type { Orchestrator, Round, RoundRequest } from '../orchestrator.js';
import { startOrchestrator } from '../start.js';

export interface EmbeddedSystem {
  readonly orchestrator: Orchestrator;
  /** The spaces as an orchestrator sees them. */
  readonly space: TupleSpace;
  /** The spaces as a general of a running round sees them: its token is its node's to know. */
  asGeneral(round: number, general: string): Promise<TupleSpace>;
  run(request: RoundRequest): Promise<Round>;
  finished(number: number): Promise<Round>;
  /** Takes a node away at once, with everything that it hosts. */
  stopNode(node: string): Promise<void>;
  /** Ends the orchestrator and starts another one over the same space. */
  restartOrchestrator(): Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddedNode {
  readonly node: string;
  readonly generals?: readonly string[];
  readonly seatsMax?: number;
  readonly drainMs?: number;
}

export interface EmbeddedOptions {
  readonly nodes: readonly EmbeddedNode[];
  /** Default 5,000. */
  readonly placementWaitMs?: number;
  readonly metrics?: OrchestratorMetrics;
  readonly tracer?: Tracer;
  readonly roundsMax?: number;
  readonly roundRetentionMs?: number;
}

export async function startEmbeddedSystem({ nodes, ...options }: EmbeddedOptions): Promise<EmbeddedSystem> {
  const store = new MemoryStore({ clock: systemClock, version: 'test' });
  await store.start();
  const connect = connectStore(store);
  const started = new Map<string, { stop(): Promise<void> }>();
  for (const node of nodes) started.set(node.node, await startNode(connect, node));
  let running = await startOne(connect, options);
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  const space = store.session(token);
  const finished = async (number: number): Promise<Round> => {
    for await (const event of running.orchestrator.watchRound({ number })) {
      if (event.kind === 'ended') return event.round;
    }
    throw new Error(`round ${number} did not end`);
  };
  return {
    get orchestrator() {
      return running.orchestrator;
    },
    space,
    finished,
    asGeneral: async (round, general) => store.session(await seatToken(space, { round, general })),
    run: async (request) => finished((await running.orchestrator.startRound(request)).number),
    stopNode: async (node) => started.get(node)?.stop(),
    async restartOrchestrator() {
      await running.stop();
      running = await startOne(connect, options);
    },
    async stop() {
      await running.stop();
      await Promise.all([...started.values()].map((node) => node.stop()));
      await store.stop();
    },
  };
}

/** Of the seat that a general has now; only its node should know it. */
export async function seatToken(
  space: TupleSpace,
  seat: { readonly round: number; readonly general: string },
): Promise<string> {
  const { tuples } = await space.read({ space: controlSpace, templates: [assignmentTemplate(seat)] });
  const [own] = tuples.flatMap((tuple) => readAssignment(tuple) ?? []);
  if (own === undefined) throw new Error(`${seat.general} has no seat in round ${seat.round}`);
  return own.token;
}

export function startNode(
  connect: Connect,
  { node, generals = [], seatsMax = 100, drainMs = 0 }: EmbeddedNode,
) {
  return startGeneralNode({
    node,
    generals,
    connect,
    secret: '',
    clock: systemClock,
    log: createLog({ service: 'test', level: 'warn' }),
    leaseMs: 3_000,
    leaseGraceMs: 500,
    seatsMax,
    drainMs,
    restartMax: 3,
    restartWindowMs: 10_000,
    endedMax: 100,
  });
}

export function startOne(
  connect: Connect,
  {
    roundsMax = 16,
    roundRetentionMs = 3_600_000,
    placementWaitMs = 5_000,
    metrics,
    tracer,
  }: Omit<EmbeddedOptions, 'nodes'>,
) {
  return startOrchestrator({
    connect,
    secret: '',
    clock: systemClock,
    log: createLog({ service: 'test', level: 'warn' }),
    defaults: {
      protocol: 'om',
      generalCount: 4,
      faultCount: 1,
      strategy: 'two-faced',
      phaseMs: 1_000,
      messagesMax: 20_000,
    },
    roundsMax,
    roundRetentionMs,
    placementWaitMs,
    metrics,
    tracer,
    leaseMs: 3_000,
    leaseGraceMs: 500,
    returnMs: 0,
  });
}
