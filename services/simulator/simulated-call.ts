/**
 * One call of a host to the space over the simulated network. It behaves as the gRPC client does: a call whose connection broke is
 * made again under the same request id, after pauses that grow, until it has been made too often.
 */
import { ServiceError } from '../runtime/index.js';
import type { RequestId } from '../tuplespace/index.js';
import type { Connected, Host } from './host.js';
import type { Network } from './network.js';

/** As the client's defaults. */
const attemptsMax = 10;
const firstPauseMs = 50;
const pauseMsMax = 1_000;

export interface CallOptions<Answer> {
  readonly host: Host;
  readonly network: Network;
  /** Such as `write`. */
  readonly kind: string;
  readonly request: unknown;
  readonly requestId: RequestId | undefined;
  /** Without a request id a mutating call is made once. */
  readonly isRepeatable: boolean;
  /** Makes the call at the space. */
  readonly perform: (signal: AbortSignal) => Promise<Answer>;
  readonly signal: AbortSignal | undefined;
}

/** The answer of the space, or its error. Never settles once the host has crashed. */
export function makeCall<Answer>(options: CallOptions<Answer>): Promise<Answer> {
  const { host, network, signal } = options;
  network.clock.touch();
  if (host.isCrashed) return new Promise(() => {});
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    new SimulatedCall(options, { resolve, reject }).begin();
  });
}

interface Settling<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** One sending of the request; a later one makes it stale. */
interface Attempt {
  readonly server: AbortController;
  /** Arrivals at the space that have not been answered. */
  pendingCount: number;
}

class SimulatedCall<Answer> implements Connected {
  readonly #options: CallOptions<Answer>;
  readonly #settling: Settling<Answer>;
  #attempt: Attempt | undefined;
  #attemptCount = 0;
  readonly #onAbort = (): void => this.#abandon();

  constructor(options: CallOptions<Answer>, settling: Settling<Answer>) {
    this.#options = options;
    this.#settling = settling;
  }

  begin(): void {
    const { host, signal } = this.#options;
    host.connected.add(this);
    signal?.addEventListener('abort', this.#onAbort);
    this.#send();
  }

  break(): void {
    this.#lose('connection');
  }

  #send(): void {
    const { host, network, requestId } = this.#options;
    const attempt: Attempt = { server: new AbortController(), pendingCount: 1 };
    this.#attempt = attempt;
    this.#attemptCount += 1;
    if (network.loses(host)) {
      this.#lose('request');
      return;
    }
    network.clock.after(network.delayMs(), () => this.#arrive(attempt));
    if (requestId === undefined || !network.duplicates()) return;
    attempt.pendingCount += 1;
    network.trace.count('duplicate');
    network.clock.after(network.delayMs(), () => this.#arrive(attempt));
  }

  /** The request is at the space. */
  #arrive(attempt: Attempt): void {
    const { host, network, kind, request, perform } = this.#options;
    // A connection that broke takes along what it carried.
    if (attempt.server.signal.aborted) return;
    network.note(host.name, 'call', { kind, request });
    perform(attempt.server.signal).then(
      (answer) => this.#answer(attempt, { answer }),
      (error: unknown) => this.#answer(attempt, { error }),
    );
  }

  #answer(attempt: Attempt, result: { readonly answer: Answer } | { readonly error: unknown }): void {
    const { host, network, kind } = this.#options;
    network.clock.touch();
    attempt.pendingCount -= 1;
    if (attempt !== this.#attempt || attempt.server.signal.aborted) return;
    // The other arrival of a request that came twice has taken this one's place.
    if ('error' in result && attempt.pendingCount > 0 && codeOf(result.error) === 'aborted') return;
    const shown = 'error' in result ? { kind, error: String(result.error) } : { kind, ...result };
    network.note('space', 'error' in result ? 'refusal' : 'answer', { to: host.name, ...shown });
    if (network.loses(host)) {
      this.#lose('answer');
      return;
    }
    host.after(network.delayMs(), () => {
      if (attempt !== this.#attempt) return;
      this.#end();
      if ('error' in result) this.#settling.reject(result.error);
      else this.#settling.resolve(result.answer);
    });
  }

  /** What was on its way is lost: the host notices after a while, and tries again. */
  #lose(what: 'request' | 'answer' | 'connection'): void {
    const { host, network, kind, isRepeatable } = this.#options;
    network.note(host.name, 'lost', { what, kind });
    this.#attempt?.server.abort();
    this.#attempt = undefined;
    const number = this.#attemptCount;
    const isLast = !isRepeatable || number >= attemptsMax;
    const pauseMs = isLast ? 0 : Math.min(pauseMsMax, firstPauseMs * 2 ** (number - 1));
    host.after(network.noticeMs() + pauseMs, () => {
      if (this.#attempt !== undefined || number !== this.#attemptCount || !host.connected.has(this)) return;
      if (!isLast) return this.#send();
      this.#end();
      this.#settling.reject(new ServiceError('unavailable', `the connection to the space broke (${kind})`));
    });
  }

  /** The caller wants no answer any more; the space learns it a little later. */
  #abandon(): void {
    const { signal, network } = this.#options;
    const server = this.#attempt?.server;
    this.#end();
    if (server !== undefined) network.clock.after(network.delayMs(), () => server.abort(signal?.reason));
    this.#settling.reject(signal?.reason);
  }

  #end(): void {
    this.#attempt = undefined;
    this.#options.host.connected.delete(this);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof ServiceError ? error.code : undefined;
}
