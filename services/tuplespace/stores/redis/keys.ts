/**
 * The keys of a log. The hash tag keeps them in one slot of a cluster.
 */
export interface RedisKeys {
  readonly entries: string;
  readonly head: string;
  /** Held by the replica that writes a snapshot. */
  readonly lock: string;
  /** Name of the snapshot that was begun last, to be cleared away if it was not ended. */
  readonly draft: string;
  /** Where the position of a new entry is announced. */
  readonly channel: string;
  /** The parts of the snapshot of this name. */
  snapshot(name: string): string;
}

export function keysOf(prefix: string): RedisKeys {
  const key = (name: string) => `{${prefix}}:${name}`;
  return {
    entries: key('log'),
    head: key('head'),
    lock: key('snapshot-lock'),
    draft: key('snapshot-draft'),
    channel: key('grown'),
    snapshot: (name) => key(`snapshot:${name}`),
  };
}
