/**
 * For tests: nodes and orchestrators that reach a served tuple space over connections of their own, so that each may crash: its connection
 * breaks, and nothing of it is heard any more.
 */
import { controlSpace, type Returned, returnedTuple } from '../../general-node/index.js';
import { silentLog, systemClock } from '../../runtime/index.js';
import type { TupleSpace } from '../../tuplespace/index.js';
import { connectService, MemoryStore, Replicas, startTupleSpace } from '../../tuplespace/index.js';
import type { Orchestrator, Round } from '../orchestrator.js';
import { type EmbeddedNode, seatToken, startNode, startOne } from './embedded-system.js';
import { failing, type PlantedFailures } from './planted-failures.js';

export interface FailingSystem {
  /** The spaces as an orchestrator sees them. */
  readonly space: TupleSpace;
  startNode(node: EmbeddedNode): Promise<void>;
  startOrchestrator(name: string, options?: FailingOptions): Promise<Orchestrator>;
  /** As kill -9 does. */
  crash(name: string): void;
  /** In an orderly way. */
  end(name: string): Promise<void>;
  /** The spaces as whoever has this general's seat now sees them, and goes on seeing them when the seat has moved. */
  asGeneral(round: number, general: string): Promise<TupleSpace>;
  /** What a node says of a seat that it cannot hold. */
  giveBack(seat: Omit<Returned, 'because'>): Promise<void>;
  stop(): Promise<void>;
}

export type FailingOptions = Parameters<typeof startOne>[1] & { readonly planted?: PlantedFailures };

interface Part {
  readonly replicas: Replicas;
  readonly running: { stop(): Promise<void> };
}

export async function startFailingSystem(): Promise<FailingSystem> {
  const store = new MemoryStore({ clock: systemClock, version: 'test' });
  const service = await startTupleSpace({ address: '127.0.0.1:0', store, log: silentLog });
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  const space = store.session(token);
  const parts = new Map<string, Part>();
  const own = () => {
    const replicas = new Replicas(service.address);
    return { replicas, connect: connectService(replicas) };
  };
  return {
    space,
    async startNode(node) {
      const { replicas, connect } = own();
      const running = await startNode(connect, node);
      parts.set(node.node, { replicas, running });
    },
    async startOrchestrator(name, { planted, ...options } = {}) {
      const { replicas, connect } = own();
      const running = await startOne(planted === undefined ? connect : failing(connect, planted), options);
      parts.set(name, { replicas, running });
      return running.orchestrator;
    },
    crash: (name) => parts.get(name)?.replicas.close(),
    end: async (name) => parts.get(name)?.running.stop(),
    asGeneral: async (round, general) => store.session(await seatToken(space, { round, general })),
    async giveBack(seat) {
      const node = await store.session('').enrol({ kind: 'node', id: seat.node, secret: '' });
      const tuples = [returnedTuple({ ...seat, because: 'the test says so' })];
      await store.session(node.token).write({ space: controlSpace, tuples });
    },
    async stop() {
      for (const part of parts.values()) {
        await part.running.stop();
        part.replicas.close();
      }
      await service.stop();
    },
  };
}

/** The round once it has ended. */
export async function ended(orchestrator: Orchestrator, number: number): Promise<Round> {
  for await (const event of orchestrator.watchRound({ number })) {
    if (event.kind === 'ended') return event.round;
  }
  throw new Error(`round ${number} did not end`);
}
