/**
 * The metrics endpoint of a process beside what it counts: up before it, and down after it.
 */
import { createMetrics, type Log, type Metrics, type Stoppable, serveMetrics } from '../runtime/index.js';

/** Starts something whose metrics are served at `address`; an empty address is none, and then nothing is counted. */
export async function withMetrics(
  { address, log }: { readonly address: string; readonly log: Log },
  start: (metrics: Metrics | undefined) => Promise<Stoppable>,
): Promise<Stoppable> {
  if (address === '') return start(undefined);
  const metrics = await createMetrics();
  const server = await serveMetrics(metrics, { address, log });
  try {
    const running = await start(metrics);
    return {
      async stop() {
        await running.stop();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
