/**
 * The simulated system: the memory store, the orchestrator and the nodes that production runs, each process on a host of its own, in
 * one thread on a virtual clock.
 */
import { createKeyPair, type RunningNode, startGeneralNode } from '../general-node/index.js';
import { type RoundDefaults, type RunningOrchestrator, startOrchestrator } from '../orchestrator/index.js';
import { ServiceError, silentLog } from '../runtime/index.js';
import { type Connect, MemoryStore, type TupleSpace } from '../tuplespace/index.js';
import { Chance } from './chance.js';
import type { Fault } from './faults.js';
import { Host } from './host.js';
import { Network } from './network.js';
import type { Scenario } from './scenario.js';
import { SimulatedSpace } from './simulated-space.js';
import type { Trace } from './trace.js';
import { VirtualClock } from './virtual-clock.js';

/** Pause before a process that could not start is started again, in ms. */
const restartPauseMs = 200;

/** A process, and what runs on it; undefined while it starts. */
interface Process<Running> {
  readonly host: Host;
  running: Running | undefined;
}

export class System {
  readonly clock = new VirtualClock();
  readonly #scenario: Scenario;
  readonly #network: Network;
  readonly #store: MemoryStore;
  readonly #texts: Chance;
  readonly #keys: Chance;
  readonly #nodes = new Map<string, Process<RunningNode>>();
  readonly #orchestrators = new Map<string, Process<RunningOrchestrator>>();
  #sessionCount = 0;
  /** Of a process that could not start again: a bug. */
  #failure: { readonly error: unknown } | undefined;

  constructor(scenario: Scenario, { seed, trace }: { readonly seed: number; readonly trace: Trace }) {
    this.#scenario = scenario;
    this.#texts = new Chance(seed, 'texts');
    this.#keys = new Chance(seed, 'keys');
    this.#network = new Network({
      options: scenario.network,
      clock: this.clock,
      trace,
      chance: new Chance(seed, 'network'),
    });
    this.#store = new MemoryStore({
      clock: this.clock,
      version: 'simulated',
      instanceId: 'simulated',
      randomText: this.#randomText,
    });
  }

  /** Starts every process, and resolves when all of them are up. */
  async start(): Promise<void> {
    await this.#store.start();
    const { orchestratorCount, nodes } = this.#scenario;
    const orchestrators = numbered('orchestrator', orchestratorCount);
    await Promise.all([
      ...orchestrators.map((name) => this.#startOrchestrator(name)),
      ...numbered('node', nodes.count).map((name) => this.#startNode(name)),
    ]);
  }

  /** An orchestrator that runs now, and the signal of its crash; undefined while there is none. */
  get orchestrator(): { readonly running: RunningOrchestrator; readonly crashed: AbortSignal } | undefined {
    for (const { host, running } of this.#orchestrators.values()) {
      if (running !== undefined) return { running, crashed: host.crashed };
    }
    return undefined;
  }

  /** The spaces as an orchestrator sees them, without a network in between: for who looks on. */
  async observer(): Promise<TupleSpace> {
    const { token } = await this.#store
      .session('')
      .enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
    return this.#store.session(token);
  }

  /** Makes a fault happen now. */
  strike({ kind, of, forMs }: Fault): void {
    this.#network.note(of, kind, { forMs });
    if (of === 'space') this.#network.outageFor(forMs);
    else this.#strikeProcess(of, kind, forMs);
  }

  /** Does what is due, moment by moment, until the promise has settled. Errors: the promise's; none within `limitMs`. */
  async drive<T>(promise: Promise<T>, limitMs: number): Promise<T> {
    const result: { value?: Promise<T> } = {};
    const settle = (): void => {
      result.value = promise;
    };
    promise.then(settle, settle);
    const endMs = this.clock.elapsedMs + limitMs;
    for (;;) {
      await this.clock.quiet();
      if (this.#failure !== undefined) throw this.#failure.error;
      if (result.value !== undefined) return result.value;
      if (this.clock.elapsedMs > endMs) throw new OverdueError(`not within ${limitMs.toFixed(0)} ms`);
      if (!this.clock.step()) throw new OverdueError('nothing is left to do, and it has not happened');
    }
  }

  /** Ends every process in an orderly way; what still waits afterwards is a leak. */
  async stop(): Promise<void> {
    await Promise.all([...this.#orchestrators.values()].map(async ({ running }) => running?.stop()));
    await Promise.all([...this.#nodes.values()].map(async ({ running }) => running?.stop()));
    await this.#store.stop();
  }

  #strikeProcess(of: string, kind: Fault['kind'], forMs: number): void {
    const process = this.#orchestrators.get(of) ?? this.#nodes.get(of);
    // A process that crashed before has nothing left to lose until it is back.
    if (process === undefined || process.host.isCrashed) return;
    switch (kind) {
      case 'pause':
        process.host.pauseFor(forMs);
        break;
      case 'cut':
        process.host.cutFor(forMs);
        break;
      case 'crash':
        this.#crash(process, of, forMs);
        break;
    }
  }

  #crash(process: Process<unknown>, name: string, forMs: number): void {
    process.host.crash();
    process.running = undefined;
    this.#network.leave(process.host);
    this.clock.after(forMs, () => {
      this.#network.note(name, 'restart');
      const start = this.#nodes.has(name) ? this.#startNode(name) : this.#startOrchestrator(name);
      start.catch((error: unknown) => {
        this.#failure ??= { error };
      });
    });
  }

  async #startNode(name: string): Promise<void> {
    const process: Process<RunningNode> = { host: this.#newHost(name), running: undefined };
    this.#nodes.set(name, process);
    process.running = await this.#persistently(process.host, () =>
      startGeneralNode({
        node: name,
        generals: [],
        connect: this.#connectFrom(process.host),
        secret: '',
        clock: process.host.clock,
        log: silentLog,
        leaseMs: this.#scenario.nodes.leaseMs,
        leaseGraceMs: this.#scenario.nodes.leaseGraceMs,
        seatsMax: 1_000,
        drainMs: 0,
        randomText: this.#randomText,
        createKeyPair: () => createKeyPair(this.#keys.bytes(32)),
        restartMax: 5,
        restartWindowMs: 10_000,
        endedMax: 100,
      }),
    );
  }

  async #startOrchestrator(name: string): Promise<void> {
    const process: Process<RunningOrchestrator> = { host: this.#newHost(name), running: undefined };
    this.#orchestrators.set(name, process);
    process.running = await this.#persistently(process.host, () =>
      startOrchestrator({
        connect: this.#connectFrom(process.host),
        secret: '',
        clock: process.host.clock,
        log: silentLog,
        randomText: this.#randomText,
        defaults: roundDefaultsOf(this.#scenario),
        // A round that was taken over may be asked for again at that moment, and counts twice.
        roundsMax: this.#scenario.round.count * 2,
        roundRetentionMs: 30 * 24 * 3_600_000,
        placementWaitMs: 0,
        leaseMs: this.#scenario.nodes.leaseMs,
        leaseGraceMs: this.#scenario.nodes.leaseGraceMs,
        returnMs: 0,
      }),
    );
  }

  /** As the supervisor of a machine would: what fails to start is started again. */
  async #persistently<T>(host: Host, start: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await start();
      } catch (error) {
        if (!(error instanceof ServiceError && error.code === 'unavailable')) throw error;
        await new Promise<void>((resolve) => void host.after(restartPauseMs, resolve));
      }
    }
  }

  #newHost(name: string): Host {
    const host = new Host(name, this.clock);
    this.#network.join(host);
    return host;
  }

  #connectFrom(host: Host): Connect {
    return (token) => {
      this.#sessionCount += 1;
      const session = `session-${this.#sessionCount}`;
      const store = this.#store.session(token);
      const space = new SimulatedSpace({ host, network: this.#network, space: store, session });
      return { space, close: async () => space.close() };
    };
  }

  readonly #randomText = (): string => this.#texts.text();
}

/** What the simulated orchestrator takes where a request says nothing. */
export function roundDefaultsOf({ round }: Scenario): RoundDefaults {
  const { protocol, generalCount, faultCount, phaseMs } = round;
  return { protocol, generalCount, faultCount, strategy: 'random', phaseMs, messagesMax: 20_000 };
}

/** `node-1` and so on. */
function numbered(kind: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${kind}-${i + 1}`);
}

/** What should have happened has not. */
export class OverdueError extends Error {}
