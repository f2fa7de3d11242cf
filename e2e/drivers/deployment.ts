/**
 * A running system as the end-to-end tests see it: the same three services, however they were started.
 */
import { createServer } from 'node:net';

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

/** A TCP port on loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port was free');
  return address.port;
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
