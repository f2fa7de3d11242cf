/**
 * The faults that a stage can suffer. Each strikes, and mends what it broke.
 */
import type { Stage } from './stage.js';

export interface StageFault {
  readonly name: string;
  /** What it strikes: a node, whose generals may be late or lost by it, or a service, which costs time and never a fault. */
  readonly target: 'node' | 'service';
  /** Strikes; of a node, the one that is named. */
  readonly strike: (stage: Stage, node: string) => Promise<void>;
  /** Starts what the strike has ended. */
  readonly mend: (stage: Stage, node: string) => Promise<void>;
}

const nothing = async (): Promise<void> => {};

export const stageFaults: readonly StageFault[] = [
  {
    name: 'kill -9 a node',
    target: 'node',
    strike: async (stage, node) => void (await stage.node(node).end('SIGKILL')),
    mend: (stage, node) => stage.node(node).restart(),
  },
  {
    name: 'pause a node past its lease and wake it',
    target: 'node',
    async strike(stage, node) {
      stage.node(node).pause();
      await stage.isGone(node);
      stage.node(node).resume();
    },
    mend: nothing,
  },
  {
    name: 'cut a node from the space past its lease',
    target: 'node',
    async strike(stage, node) {
      const { links } = stage.node(node);
      for (const link of links) link.cut();
      await stage.isGone(node);
      for (const link of links) link.heal();
    },
    mend: nothing,
  },
  {
    name: 'kill -9 a replica of the tuple space',
    target: 'service',
    strike: async ({ deployment }) => void (await deployment.services.tuplespaces[0]?.end('SIGKILL')),
    mend: async ({ deployment }) => deployment.services.tuplespaces[0]?.restart(),
  },
  {
    name: 'kill and restart the store',
    target: 'service',
    async strike({ store }) {
      await store.server.kill();
      await store.server.restart();
    },
    mend: nothing,
  },
  {
    name: 'kill and restart the orchestrator',
    target: 'service',
    async strike({ deployment }) {
      await deployment.services.orchestrator.end('SIGKILL');
      await deployment.services.orchestrator.restart();
    },
    mend: nothing,
  },
];
