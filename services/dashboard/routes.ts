/**
 * What the dashboard answers to which request. Everything that it knows it asks the orchestrator for, as the command line does.
 */
import type { ServerResponse } from 'node:http';
import type { Orchestrator, RoundEvent } from '../orchestrator/index.js';
import { traceEvent } from '../orchestrator/index.js';
import type { Clock } from '../runtime/index.js';
import { invalidArgument, ServiceError } from '../runtime/index.js';
import { evidenceFacts, roundFacts, roundRequest } from './facts.js';
import { sendLines } from './line-stream.js';
import { parseFault, parseStartRound } from './request-forms.js';
import type { SystemFeed } from './system-feed.js';

/** What answers are made from. */
export interface Sources {
  readonly orchestrator: Orchestrator;
  readonly feed: SystemFeed;
  readonly clock: Clock;
}

/** One request, as far as a route needs it. */
export interface Call {
  /** What stands in the place of the route's `*`; empty for a route without. */
  readonly subject: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Aborted when the reader is gone, or the server stops. */
  readonly signal: AbortSignal;
  readonly response: ServerResponse;
}

/** Gives the document to answer with, or sends lines itself and gives undefined. */
export type Route = (call: Call, sources: Sources) => Promise<unknown>;

/** By method and path; `*` is the number of a round, or the name of a node. */
export const routes: Readonly<Record<string, Route>> = {
  'GET /api/system': async ({ response, signal }, { feed, clock }) => {
    beginLines(response, 200);
    await sendLines(response, feed.lines(signal), { clock, signal });
  },
  'POST /api/rounds': async ({ body, signal }, { orchestrator }) =>
    roundFacts(await orchestrator.startRound(roundRequest(parseStartRound(body)), { signal })),
  'POST /api/rounds/trace.jsonl': startAndWatch,
  'POST /api/rounds/*/cancel': async ({ subject, signal }, { orchestrator }) => {
    const request = { number: roundNumber(subject), because: 'cancelled from the dashboard' };
    return roundFacts(await orchestrator.cancelRound(request, { signal }));
  },
  'GET /api/rounds/*/evidence': async ({ subject, signal }, { orchestrator }) =>
    evidenceFacts(await orchestrator.getEvidence({ number: roundNumber(subject) }, { signal })),
  'GET /api/rounds/*/trace.jsonl': watch,
  'POST /api/nodes/*/fault': async ({ subject: node, body, signal }, { orchestrator }) => {
    await orchestrator.faultNode({ node, ...parseFault(body) }, { signal });
    return {};
  },
};

/** The record of a round as far as it is, then live; after `from`, as `<incarnation>:<revision>`. */
async function watch(call: Call, sources: Sources): Promise<void> {
  const from = call.query.get('from');
  const cursor = from === null ? {} : { from: parseCursor(from) };
  await sendRecord(call, sources, { request: { number: roundNumber(call.subject), ...cursor }, status: 200 });
}

/**
 * Starts a round and answers with its record, live: a reader that asked for it only once it had the number would miss the beginning of a
 * short round by a trip there and back.
 */
async function startAndWatch(call: Call, sources: Sources): Promise<void> {
  const { body, signal } = call;
  const { number } = await sources.orchestrator.startRound(roundRequest(parseStartRound(body)), { signal });
  call.response.setHeader('location', `/api/rounds/${number}/trace.jsonl`);
  await sendRecord(call, sources, { request: { number }, status: 201 });
}

async function sendRecord(
  { response, signal }: Call,
  { orchestrator, clock }: Sources,
  { request, status }: { request: Parameters<Orchestrator['watchRound']>[0]; status: number },
): Promise<void> {
  const { number } = request;
  // The answer begins when it is known that there is such a round.
  const iterator = orchestrator.watchRound(request, { signal })[Symbol.asyncIterator]();
  const first = await iterator.next();
  response.setHeader('content-disposition', `inline; filename="round-${number}.trace.jsonl"`);
  beginLines(response, status);
  await sendLines(response, linesOf(number, first, iterator), { clock, signal });
}

async function* linesOf(
  number: number,
  first: IteratorResult<RoundEvent>,
  iterator: AsyncIterator<RoundEvent>,
): AsyncGenerator<string> {
  for (let next = first; next.done !== true; next = await iterator.next()) {
    yield JSON.stringify(traceEvent(number, next.value));
  }
}

function beginLines(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/x-ndjson; charset=utf-8' });
  response.flushHeaders();
}

function roundNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new ServiceError('not_found', `there is no round "${text}"; rounds are numbered from 1`);
}

function parseCursor(text: string): { readonly incarnation: string; readonly revision: bigint } {
  const [, incarnation = '', revision] = /^([^:]{0,200}):(\d{1,19})$/.exec(text) ?? [];
  if (revision === undefined) throw invalidArgument('from', 'want <incarnation>:<revision> of an event');
  return { incarnation, revision: BigInt(revision) };
}
