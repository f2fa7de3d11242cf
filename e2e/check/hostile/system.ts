/**
 * The system whose round runs while somebody is hostile: an orchestrator and a node with all generals.
 */
import { readAssignment, startGeneralNode } from '../../../services/general-node/index.js';
import { startOrchestrator } from '../../../services/orchestrator/index.js';
import { silentLog, systemClock } from '../../../services/runtime/index.js';
import {
  any,
  connectStore,
  type Store,
  type TupleSpace,
  template,
} from '../../../services/tuplespace/index.js';

export interface Begun {
  readonly number: number;
  readonly space: string;
  /** Of general-1, the round's silent traitor. */
  readonly token: string;
}

export interface System {
  /** The spaces as an orchestrator sees them. */
  readonly space: TupleSpace;
  begin(): Promise<Begun>;
  /** What became of agreement, validity and termination. */
  verdict(number: number): Promise<string>;
  stop(): Promise<void>;
}

/** A silent traitor makes each phase last that long. */
const phaseMs = 1_500;

const leases = { leaseMs: 3_000, leaseGraceMs: 500 };
const common = { clock: systemClock, log: silentLog, ...leases };

export async function startSystem(store: Store, secret: string): Promise<System> {
  const connect = connectStore(store);
  const node = await startGeneralNode({
    ...common,
    node: 'node1',
    generals: [],
    connect,
    secret,
    seatsMax: 10,
    drainMs: 0,
    restartMax: 3,
    restartWindowMs: 10_000,
    endedMax: 10,
  });
  const running = await startOrchestrator({
    ...common,
    connect,
    secret,
    defaults: {
      protocol: 'om',
      generalCount: 4,
      faultCount: 1,
      strategy: 'silent',
      phaseMs,
      messagesMax: 20_000,
    },
    roundsMax: 4,
    roundRetentionMs: 3_600_000,
    placementWaitMs: 5_000,
    returnMs: 0,
  });
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret });
  const space = store.session(token);
  const { orchestrator } = running;
  return {
    space,
    async begin() {
      const traitors = [{ general: 'general-1', strategy: 'silent' as const }];
      const { number, space: name } = await orchestrator.startRound({ generalCount: 4, traitors });
      const seat = template('assignment', any, any, BigInt(number), 'general-1', any, any);
      const { tuples } = await space.read({ space: 'control', templates: [seat], min: 1, waitMs: 5_000 });
      const [own] = tuples.flatMap((tuple) => readAssignment(tuple) ?? []);
      if (own === undefined) throw new Error('general-1 has no seat');
      return { number, space: name, token: own.token };
    },
    async verdict(number) {
      for await (const event of orchestrator.watchRound({ number })) {
        if (event.kind !== 'ended') continue;
        const { verdict } = event.round;
        return [verdict?.agreement, verdict?.validity, verdict?.termination]
          .map((one) => one?.status)
          .join(' ');
      }
      return 'did not end';
    },
    async stop() {
      await running.stop();
      await node.stop();
    },
  };
}
