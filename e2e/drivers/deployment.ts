/**
 * A running system as the end-to-end tests see it: the same three services, however they were started.
 */
export interface Deployment {
  /** `host:port` of the Orchestrator service. */
  readonly orchestrator: string;
  /** `host:port` of the TupleSpace service; of several replicas, with commas between. */
  readonly tuplespace: string;
  /** How many general-nodes were started. */
  readonly nodeCount: number;
  /** Ends everything that was started, and waits for it. Idempotent. */
  stop(): Promise<void>;
}

/** Repeats a look every 20 ms until it finds something; fails after `withinMs` with what was awaited. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { withinMs = 20_000 }: { withinMs?: number } = {},
): Promise<T> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > untilMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
