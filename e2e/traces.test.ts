/**
 * Traces of real processes, as a collector gets them: OTLP over HTTP.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OrchestratorClient } from '../services/orchestrator/index.js';
import { GrpcChannel } from '../services/runtime/index.js';
import { endAll, startProcesses } from './drivers/processes.js';

interface SentSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly { traceId: string; name: string }[] }[];
  }[];
}

let collector: Server;
const received: SentSpan[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(...spansOf(JSON.parse(Buffer.concat(chunks).toString())));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await endAll();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

function spansOf({ resourceSpans }: Export): SentSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const named = resource.attributes.find(({ key }) => key === 'service.name');
    const service = named?.value.stringValue ?? '';
    return scopeSpans.flatMap(({ spans }) => spans.map(({ traceId, name }) => ({ service, traceId, name })));
  });
}

test('a round on processes arrives as one trace of three services', async () => {
  const { port } = collector.address() as AddressInfo;
  const env = { BYZANTINE_TRACE_URL: `http://127.0.0.1:${port}/v1/traces` };
  const deployment = await startProcesses({ nodeCount: 2, env });
  const channel = new GrpcChannel(deployment.orchestrator);
  const client = new OrchestratorClient(channel);
  const { number } = await client.startRound({ seed: 1 });
  for await (const event of client.watchRound({ number })) if (event.kind === 'ended') break;
  channel.close();
  // What has not been sent yet is sent by who stops.
  await deployment.stop();
  const [round] = received.filter(({ name }) => name === 'round');
  const ofRound = received.filter(({ traceId }) => traceId === round?.traceId);
  const services = new Set(ofRound.map(({ service }) => service));
  expect(services).toEqual(new Set(['orchestrator', 'general-node', 'tuplespace']));
  expect(ofRound.filter(({ name }) => name === 'general')).toHaveLength(4);
  expect(received.filter(({ traceId }) => traceId !== round?.traceId)).toEqual([]);
});
