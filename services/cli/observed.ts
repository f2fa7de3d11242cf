/**
 * What watches a process: the endpoint of its metrics, and where its traces go. Up before what is watched, and down after it.
 */
import {
  createMetrics,
  createTracer,
  type Log,
  type Metrics,
  otlpExporter,
  readVersion,
  type Settings,
  type Stoppable,
  serveMetrics,
  type Tracer,
  traceKeys,
} from '../runtime/index.js';

/** Undefined where it is off. */
export interface Observers {
  readonly metrics: Metrics | undefined;
  readonly tracer: Tracer | undefined;
}

export interface ObservedProcess {
  readonly service: string;
  readonly settings: Settings;
  /** Of its metrics; empty: none. */
  readonly metricsAddress: string;
  readonly log: Log;
}

/** Starts something that is watched as the settings say. Errors: those of `start`; failed_precondition (the port of the metrics). */
export async function observed(
  { service, settings, metricsAddress, log }: ObservedProcess,
  start: (observers: Observers) => Promise<Stoppable>,
): Promise<Stoppable> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.toReversed()) await each();
  };
  try {
    const tracer = await startTracer(settings, service);
    if (tracer !== undefined) stops.push(() => tracer.stop());
    const metrics = metricsAddress === '' ? undefined : await createMetrics();
    if (metrics !== undefined) {
      const server = await serveMetrics(metrics, { address: metricsAddress, log });
      stops.push(() => server.stop());
    }
    const running = await start({ metrics, tracer });
    stops.push(() => running.stop());
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startTracer(settings: Settings, service: string): Promise<Tracer | undefined> {
  const { url, percent } = settings.values(traceKeys);
  if (url === '') return undefined;
  const exporter = await otlpExporter(url);
  return createTracer({ service, version: readVersion(), exporter, keptShare: percent / 100 });
}
