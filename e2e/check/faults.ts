/**
 * The faults that a cell of the matrix goes through, again and again.
 */
import type { HistoryRecorder } from '../../services/tuplespace/index.js';
import type { Backend, Cluster, Replica } from './cluster.js';
import { pauseFor } from './pause.js';

export interface Fault {
  readonly name: string;
  /** Only where the service has a store of its own to reach. */
  readonly needsStore?: true;
  /** By how much it steps the clock of the machine, in ms, which the cluster then has. */
  readonly clockStepMs?: number;
  /** Does harm, waits, and mends it. `turn` counts from 0. */
  strike(cluster: Cluster, about: { turn: number; history: HistoryRecorder }): Promise<void>;
}

export const noFault = 'none';

const faults: readonly Fault[] = [
  {
    name: 'kill -9 service',
    async strike(cluster, { turn, history }) {
      const replica = replicaOf(cluster, turn);
      await killed(cluster, replica, history);
      await pauseFor(500);
      await cluster.restart(replica);
    },
  },
  {
    name: 'kill -9 store',
    needsStore: true,
    async strike({ store }) {
      await store?.kill();
      await pauseFor(300);
      await store?.restart();
    },
  },
  {
    name: 'stop service 5 s',
    async strike(cluster, { turn }) {
      const replica = replicaOf(cluster, turn);
      cluster.signal(replica, 'SIGSTOP');
      await pauseFor(5_000);
      cluster.signal(replica, 'SIGCONT');
    },
  },
  {
    name: 'stop store 5 s',
    needsStore: true,
    async strike({ store }) {
      store?.pause();
      await pauseFor(5_000);
      store?.resume();
    },
  },
  {
    name: 'cut clients',
    strike: (cluster) => onLinks(cluster.replicas, 'link', { forMs: 2_000, harm: (link) => link.cut() }),
  },
  {
    name: 'cut store',
    needsStore: true,
    strike: (cluster) => onLinks(cluster.replicas, 'storeLink', { forMs: 2_000, harm: (link) => link.cut() }),
  },
  {
    name: 'lose answers',
    strike: (cluster, { turn }) =>
      onLinks(cluster.replicas, 'link', {
        forMs: 2_500,
        harm: (link) => link.breakAnswers(bytesMax(turn, 20_000)),
      }),
  },
  {
    name: 'lose store answers',
    needsStore: true,
    strike: (cluster, { turn }) =>
      onLinks(cluster.replicas, 'storeLink', {
        forMs: 2_500,
        harm: (link) => link.breakAnswers(bytesMax(turn, 60_000)),
      }),
  },
  {
    name: 'latency 200 ms',
    strike: (cluster) => onLinks(cluster.replicas, 'link', { forMs: 2_500, harm: (link) => link.delay(100) }),
  },
  {
    name: 'restart all',
    async strike(cluster, { history }) {
      for (const replica of cluster.replicas) await killed(cluster, replica, history);
      await cluster.store?.kill();
      await cluster.store?.restart();
      for (const replica of cluster.replicas) await cluster.restart(replica);
    },
  },
  {
    name: 'step clock 5 s',
    clockStepMs: 5_000,
    async strike({ clock }, { turn }) {
      const seconds = turn % 2 === 0 ? 5 : -5;
      clock?.setAhead(seconds);
      // Behind: until the store's time goes on again.
      await pauseFor(seconds < 0 ? 6_000 : 2_000);
      clock?.setAhead(0);
      await pauseFor(seconds < 0 ? 2_000 : 6_000);
    },
  },
];

/** The faults of a backend, after the run without any. */
export function faultsOf(backend: Backend): readonly (Fault | undefined)[] {
  return [undefined, ...faults.filter(({ needsStore }) => backend !== 'memory' || needsStore !== true)];
}

type LinkName = 'link' | 'storeLink';

async function onLinks(
  replicas: readonly Replica[],
  name: LinkName,
  { forMs, harm }: { forMs: number; harm: (link: NonNullable<Replica[LinkName]>) => void },
): Promise<void> {
  const links = replicas.flatMap((replica) => replica[name] ?? []);
  for (const link of links) harm(link);
  await pauseFor(forMs);
  for (const link of links) link.heal();
}

/** A process that keeps the space takes it with it; the mark comes when it is dead for sure. */
async function killed(cluster: Cluster, replica: Replica, history: HistoryRecorder): Promise<void> {
  await cluster.kill(replica);
  if (cluster.backend === 'memory') history.mark('space-lost');
}

function replicaOf({ replicas }: Cluster, turn: number): Replica {
  const replica = replicas[turn % replicas.length];
  if (replica === undefined) throw new Error('the cluster has no replicas');
  return replica;
}

/** Of each connection another number of bytes, so that it breaks in another place. */
function bytesMax(turn: number, most: number): () => number {
  let count = turn * 7;
  return () => {
    count += 1;
    return 500 + ((count * 7_919) % most);
  };
}
