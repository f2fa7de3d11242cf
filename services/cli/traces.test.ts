/**
 * A round over three services, each with a tracer of its own: what they send comes together as one tree.
 */
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { generalNodeKeys, startGeneralNode } from '../general-node/index.js';
import {
  OrchestratorClient,
  orchestratorKeys,
  roundDefaults,
  roundKeys,
  startOrchestrator,
} from '../orchestrator/index.js';
import { createTracer, GrpcChannel, resolveSettings, silentLog, systemClock } from '../runtime/index.js';
import {
  connectService,
  MemoryStore,
  observedStore,
  Replicas,
  startTupleSpace,
} from '../tuplespace/index.js';
import { settingTables } from './settings.js';

const [version, log, clock] = ['test', silentLog, systemClock];
const asker = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

/** Runs one round and gives the spans of all services. */
async function spansOfRound(options: {
  isTraced: boolean;
  trace?: string;
}): Promise<readonly ReadableSpan[]> {
  const exporter = new InMemorySpanExporter();
  const services = ['tuplespace', 'general-node', 'orchestrator'] as const;
  const tracers = await Promise.all(services.map((service) => createTracer({ service, version, exporter })));
  const [ofSpace, ofNode, ofOrchestrator] = options.isTraced ? tracers : [];
  const plain = new MemoryStore({ clock, version });
  const store = observedStore(plain, { metrics: undefined, tracer: ofSpace, clock, version });
  const space = await startTupleSpace({ address: '127.0.0.1:0', store, log });
  const replicas = new Replicas(space.address);
  const common = { connect: connectService(replicas), secret: '', log, clock, address: '127.0.0.1:0' };
  const settings = resolveSettings(settingTables, { environment: {} });
  const node = await startGeneralNode({
    ...settings.values(generalNodeKeys),
    ...common,
    node: 'node-1',
    tracer: ofNode,
  });
  const defaults = roundDefaults(settings.values(roundKeys));
  const orchestrator = await startOrchestrator({
    ...settings.values(orchestratorKeys),
    ...common,
    defaults,
    tracer: ofOrchestrator,
  });
  const channel = new GrpcChannel(orchestrator.address ?? '');
  try {
    const client = new OrchestratorClient(channel);
    const { number } = await client.startRound({ seed: 7 }, { trace: options.trace });
    for await (const event of client.watchRound({ number })) if (event.kind === 'ended') break;
  } finally {
    channel.close();
    for (const service of [orchestrator, node, space]) await service.stop();
    replicas.close();
  }
  await Promise.all(tracers.map((tracer) => tracer.flush()));
  const spans = exporter.getFinishedSpans();
  await Promise.all(tracers.map((tracer) => tracer.stop()));
  return spans;
}

function serviceOf(span: ReadableSpan): unknown {
  return span.resource.attributes['service.name'];
}

test('one trace spans orchestrator, nodes and space, below what asked for the round', async () => {
  const spans = await spansOfRound({ isTraced: true, trace: `00-${asker.traceId}-${asker.spanId}-01` });
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([asker.traceId]));

  const [round, ...others] = spans.filter(({ name }) => name === 'round');
  expect(others).toEqual([]);
  expect(round && serviceOf(round)).toBe('orchestrator');
  expect(round?.parentSpanContext?.spanId).toBe(asker.spanId);
  expect(round?.attributes).toMatchObject({ 'byzantine.round': 1, 'byzantine.protocol': 'om' });

  const generals = spans.filter(({ name }) => name === 'general');
  expect(generals.map(serviceOf)).toEqual(Array(4).fill('general-node'));
  const ids = generals.map(({ attributes }) => attributes['byzantine.general']);
  expect(new Set(ids)).toEqual(new Set([0, 1, 2, 3].map((index) => `general-${index}`)));
  for (const general of generals) {
    expect(general.parentSpanContext?.spanId).toBe(round?.spanContext().spanId);
  }

  const calls = spans.filter(({ name }) => name.startsWith('tuplespace.'));
  expect(new Set(calls.map(serviceOf))).toEqual(new Set(['tuplespace']));
  const parents = new Set([round, ...generals].map((span) => span?.spanContext().spanId));
  expect(new Set(calls.map(({ parentSpanContext }) => parentSpanContext?.spanId))).toEqual(parents);
  // Each general says its votes and its decision; the orchestrator opens, closes and ends the round.
  const writesBelow = (parent: ReadableSpan | undefined) =>
    calls.filter(
      ({ name, parentSpanContext }) =>
        name === 'tuplespace.write' && parentSpanContext?.spanId === parent?.spanContext().spanId,
    ).length;
  for (const general of generals) expect(writesBelow(general)).toBe(2);
  expect(writesBelow(round)).toBeGreaterThanOrEqual(3);
});

test('a round that nobody traces before begins a trace of its own', async () => {
  const spans = await spansOfRound({ isTraced: true, trace: 'not a traceparent' });
  const round = spans.find(({ name }) => name === 'round');
  expect(round?.parentSpanContext).toBeUndefined();
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
});

test('a trace that its beginner did not keep is kept by no service', async () => {
  expect(await spansOfRound({ isTraced: true, trace: `00-${asker.traceId}-${asker.spanId}-00` })).toEqual([]);
});

test('services without a tracer make no spans, whatever the caller sends', async () => {
  const trace = `00-${asker.traceId}-${asker.spanId}-01`;
  expect(await spansOfRound({ isTraced: false, trace })).toEqual([]);
});
