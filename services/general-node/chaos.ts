/**
 * Faults of this node on request, to see what rounds make of them. A crash is that of kill -9. A hang stops the whole program: its one
 * thread sleeps, so that nothing is answered, no lease is renewed and no general goes on, while the kernel keeps its connections
 * open; meanwhile a thread of its own waits for the call that wakes it before its time.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Clock, Log, Tls, TlsFiles } from '../runtime/index.js';
import { formatAddress, invalidArgument, parseAddress, ServiceError } from '../runtime/index.js';
import type { FaultKind } from './fault-kind.js';

export interface ChaosOptions {
  readonly node: string;
  readonly isOn: boolean;
  /** Where the node listens; the call that wakes it comes to another port of the same host. */
  readonly listenHost: string;
  /** How others reach that host. */
  readonly host: string;
  /** Of the node's service; absent: in clear. */
  readonly tls?: Tls | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the waking thread needs. */
export interface WakerData {
  readonly node: string;
  readonly address: string;
  /** Undefined: in clear. */
  readonly tls: TlsFiles | undefined;
  /** Rung to wake the node. */
  readonly bell: Int32Array;
}

/** Lets an answer leave before whoever gave it falls silent, in ms. */
const answerMs = 50;
const hangMs = { min: 100, max: 600_000 };

export class Chaos {
  readonly #options: ChaosOptions;

  constructor(options: ChaosOptions) {
    this.#options = options;
  }

  /**
   * Strikes once the caller has its answer: `host:port` where a node that hangs can be woken, or an empty text. Errors:
   * failed_precondition (chaos is off, or a recovery where nothing hangs), invalid_argument.
   */
  async strike(kind: FaultKind, forMs: number): Promise<string> {
    const { node, isOn, log } = this.#options;
    if (!isOn) {
      throw new ServiceError(
        'failed_precondition',
        `chaos is off on ${node}: general_node.chaos must be true (--chaos, BYZANTINE_GENERAL_NODE_CHAOS=true)`,
      );
    }
    log.warn('chaos.strike', { node, kind, forMs });
    switch (kind) {
      case 'crash':
        this.#soon(() => process.kill(process.pid, 'SIGKILL'));
        return '';
      case 'hang':
        return this.#hang(forMs);
      case 'recover':
        throw new ServiceError('failed_precondition', `${node} does not hang`);
    }
  }

  async #hang(forMs: number): Promise<string> {
    if (!(forMs >= hangMs.min && forMs <= hangMs.max)) {
      throw invalidArgument('for_ms', `${forMs} ms is not ${hangMs.min} to ${hangMs.max}`);
    }
    const { node, listenHost, host, tls, log } = this.#options;
    const bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const address = formatAddress({ host: listenHost, port: 0 });
    const workerData: WakerData = { node, address, tls: tls?.files, bell };
    const waker = new Worker(new URL('./chaos-waker.js', import.meta.url), { workerData });
    const [wakeAddress] = (await once(waker, 'message')) as [string];
    this.#soon(() => {
      const end = Atomics.wait(bell, 0, 0, forMs);
      log.warn('chaos.over', { node, woken: end !== 'timed-out' });
      this.#soon(() => void waker.terminate());
    });
    return formatAddress({ host, port: parseAddress(wakeAddress).port });
  }

  #soon(act: () => void): void {
    this.#options.clock.after(answerMs, act);
  }
}
