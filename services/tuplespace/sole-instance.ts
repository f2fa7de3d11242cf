/**
 * Tuples in memory live in one process. A second one with tuples of its own, behind the same addresses, would be another space under the
 * same name: a client that sees it refuses to go on.
 */
import { ServiceError } from '../runtime/index.js';

/** What must be known of a replica. */
interface Seen {
  readonly address: string;
  readonly soleInstanceId: string | undefined;
}

export class SoleInstance {
  #pinned: { readonly address: string; readonly instanceId: string } | undefined;
  #conflict: ServiceError | undefined;

  get isPinned(): boolean {
    return this.#pinned !== undefined;
  }

  /** failed_precondition, while replicas answer that keep their tuples apart. */
  get conflict(): ServiceError | undefined {
    return this.#conflict;
  }

  /**
   * Judges the replicas that answer now. A new instance at the pinned address is a restart; one at another address is a second
   * replica, for as long as the pinned address belongs to the service.
   */
  update(ready: readonly Seen[], belongs: (address: string) => boolean): void {
    if (this.#pinned !== undefined && !belongs(this.#pinned.address)) this.#pinned = undefined;
    for (const { address, soleInstanceId: instanceId } of ready) {
      if (instanceId !== undefined && address === this.#pinned?.address)
        this.#pinned = { address, instanceId };
    }
    this.#conflict = undefined;
    for (const { address, soleInstanceId: instanceId } of ready) {
      if (instanceId === undefined) continue;
      this.#pinned ??= { address, instanceId };
      if (this.#pinned.instanceId !== instanceId) this.#conflict = apart(this.#pinned.address, address);
    }
  }
}

function apart(first: string, second: string): ServiceError {
  const problem = `${first} and ${second} each keep tuples of their own: tuples in memory allow one replica`;
  return new ServiceError('failed_precondition', `${problem}, choose redis or postgres for several`);
}
