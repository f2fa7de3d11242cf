/**
 * A deployment of processes over a store, for faults: two replicas of the tuple space, an orchestrator, nodes whose way to the space can
 * be cut, and the spaces as an orchestrator sees them, so that what happened can be read where it stands.
 */
import {
  controlSpace,
  messageTemplates,
  nodeTemplate,
  orchestratorId,
  readMessage,
  readNode,
  roundSpace,
} from '../../services/general-node/index.js';
import { OrchestratorClient } from '../../services/orchestrator/index.js';
import { GrpcChannel } from '../../services/runtime/index.js';
import type {
  AuditEntry,
  Connection,
  StoredTuple,
  Template,
  TupleSpace,
} from '../../services/tuplespace/index.js';
import { connectService, Replicas, readAll, template } from '../../services/tuplespace/index.js';
import { eventually } from './deployment.js';
import type { NodeProcess, ProcessDeployment, ProcessOptions } from './processes.js';
import { startProcesses } from './processes.js';
import type { Voices } from './round-stream.js';
import { type DeployedStore, type StoreName, startStore } from './stores.js';

export interface StageOptions extends Omit<ProcessOptions, 'hasLinks'> {
  readonly store: StoreName;
}

/** Longest wait for what must come, in ms. */
const waitMs = 60_000;

export class Stage {
  readonly store: DeployedStore;
  readonly deployment: ProcessDeployment;
  readonly orchestrator: OrchestratorClient;
  readonly #connection: Connection;
  readonly #close: () => void;

  private constructor(
    store: DeployedStore,
    deployment: ProcessDeployment,
    connection: Connection,
    close: () => void,
  ) {
    this.store = store;
    this.deployment = deployment;
    this.#connection = connection;
    const channel = new GrpcChannel(deployment.orchestrator);
    this.orchestrator = new OrchestratorClient(channel);
    this.#close = () => {
      channel.close();
      close();
    };
  }

  /** Starts all of it and waits until every node is enrolled. */
  static async start({ store: name, ...options }: StageOptions): Promise<Stage> {
    const store = await startStore(name);
    const env = { ...store.env, ...options.env };
    try {
      const deployment = await startProcesses({ ...options, env, hasLinks: true });
      const replicas = new Replicas(deployment.tuplespace);
      const connect = connectService(replicas);
      const door = connect('');
      const { token } = await door.space.enrol({ kind: 'orchestrator', id: orchestratorId, secret: '' });
      await door.close();
      const stage = new Stage(store, deployment, connect(token), () => replicas.close());
      await stage.allEnrolled();
      return stage;
    } catch (error) {
      await store.stop();
      throw error;
    }
  }

  /** Every space; all its tuples, and the audit. */
  get space(): TupleSpace {
    return this.#connection.space;
  }

  node(name: string): NodeProcess {
    const node = this.deployment.services.nodes.find((one) => one.name === name);
    if (node === undefined) throw new Error(`there is no ${name}`);
    return node;
  }

  /** Resolves when the space of a round has the phase running: its commander has spoken, or the phase before is closed. */
  async phaseRuns(number: number, phase: number): Promise<void> {
    const templates = phase === 0 ? messageTemplates : [template('close', BigInt(phase - 1))];
    await this.#stands(roundSpace(number), templates);
  }

  /** Resolves when the node is not enrolled any more. */
  async isGone(name: string): Promise<void> {
    await eventually(
      `${name} is gone`,
      async () => ((await this.#enrolled()).includes(name) ? undefined : true),
      {
        withinMs: waitMs,
      },
    );
  }

  async allEnrolled(): Promise<void> {
    const names = this.deployment.services.nodes.map(({ name }) => name);
    await eventually('all nodes are enrolled', async () => {
      const enrolled = await this.#enrolled();
      return names.every((name) => enrolled.includes(name)) ? true : undefined;
    });
  }

  /** The messages that stand in a round's space, as `phase from → to`; one slot, one message, so none may be there twice. */
  async slots(number: number): Promise<readonly string[]> {
    const slots: string[] = [];
    for (const tuple of await this.#all(roundSpace(number), messageTemplates)) {
      const reading = readMessage(tuple);
      if (reading.kind === 'message') {
        const { phase, from, to } = reading.message;
        slots.push(`${phase} ${from} → ${to}`);
      }
    }
    return slots;
  }

  /** Refused writes of a round's space, oldest first. */
  async refusals(number: number): Promise<readonly AuditEntry[]> {
    const { entries } = await this.space.readAudit({ space: roundSpace(number), limit: 1_000 });
    return entries;
  }

  /** What was said twice in a round, and what was refused of those whose seat had moved. */
  async voices(number: number): Promise<Voices> {
    const slots = await this.slots(number);
    const refusals = await this.refusals(number);
    const refused = (rule: string) => refusals.filter((entry) => entry.rule === rule).length;
    return { doubled: slots.length - new Set(slots).size + refused('slot'), fenced: refused('epoch') };
  }

  /** Ends all of it. */
  async stop(): Promise<void> {
    await this.#connection.close();
    this.#close();
    await this.deployment.stop();
    await this.store.stop();
  }

  async #enrolled(): Promise<readonly string[]> {
    const nodes = (await this.#all(controlSpace, [nodeTemplate()])).map(readNode);
    return nodes.flatMap((node) => node?.node ?? []);
  }

  async #stands(space: string, templates: readonly Template[]): Promise<void> {
    const { tuples } = await this.space.read({ space, templates, limit: 1, min: 1, waitMs });
    if (tuples.length === 0) throw new Error(`nothing came within ${waitMs} ms`);
  }

  async #all(space: string, templates: readonly Template[]): Promise<readonly StoredTuple[]> {
    const tuples: StoredTuple[] = [];
    for await (const tuple of readAll(this.space, { space, templates })) tuples.push(tuple);
    return tuples;
  }
}
