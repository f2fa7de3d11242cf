/**
 * Answers one HTTP request: looks who asks, finds the file or the route, and turns whatever goes wrong into a status.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { Asset } from './assets.js';
import { checkAsked, type Guard } from './guard.js';
import { type Route, routes, type Sources } from './routes.js';
import type { Refusal } from './wire.js';

export interface Site extends Sources {
  /** By path. */
  readonly assets: ReadonlyMap<string, Asset>;
  readonly guard: Guard;
  readonly log: Log;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

/** Longest body of a request, in bytes: a round whose traitors follow a table of some thousand lines. */
const bodyBytesMax = 1_048_576;

/** Never rejects. */
export async function answer(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  for (const [name, value] of Object.entries(safeHeaders)) response.setHeader(name, value);
  try {
    const { method = '', headers } = request;
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://dashboard');
    checkAsked({ method, path, headers }, site.guard);
    const asset = site.assets.get(path);
    if (asset !== undefined && method === 'GET')
      return sendAsset(response, asset, headers['accept-encoding']);
    const found = findRoute(method, path);
    if (found === undefined) throw new ServiceError('not_found', `there is nothing at ${method} ${path}`);
    const body = await readBody(request);
    const signal = AbortSignal.any([site.signal, goneSignal(response)]);
    const document = await found.route({ subject: found.subject, query, body, signal, response }, site);
    if (document === undefined) response.end();
    else sendJson(response, 200, document);
  } catch (error) {
    sendError(response, error, site);
  }
}

/** Nothing is fetched from elsewhere, nothing runs that is not a file of ours, and nobody frames the page. */
const safeHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

function findRoute(method: string, path: string): { route: Route; subject: string } | undefined {
  const [, collection = '', subject = '', rest = ''] =
    /^(\/api\/(?:rounds|nodes)\/)([A-Za-z0-9._-]{1,64})(\/.*)$/.exec(path) ?? [];
  const name = `${method} ${subject === '' ? path : `${collection}*${rest}`}`;
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  return route === undefined ? undefined : { route, subject };
}

function sendAsset(response: ServerResponse, { type, body, gzipped }: Asset, accepted = ''): void {
  const isZipped = /\bgzip\b/.test(String(accepted));
  response.writeHead(200, { 'content-type': type, ...(isZipped ? { 'content-encoding': 'gzip' } : {}) });
  response.end(isZipped ? gzipped : body);
}

function sendJson(response: ServerResponse, status: number, document: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(document));
}

/** An answer that has begun can only be broken off; the page then asks again and hears why. */
function sendError(response: ServerResponse, error: unknown, { log }: Site): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (!(error instanceof ServiceError) || error.code === 'internal') {
    log.error('dashboard.request_failed', { error });
    sendJson(response, 500, {
      code: 'internal',
      message: 'a bug of ours; the log has more',
    } satisfies Refusal);
    return;
  }
  const { code, message } = error;
  sendJson(response, statuses[code], { code, message } satisfies Refusal);
}

const statuses: Readonly<Record<ErrorCode, number>> = {
  invalid_argument: 400,
  not_found: 404,
  already_exists: 409,
  failed_precondition: 409,
  aborted: 409,
  out_of_range: 410,
  resource_exhausted: 429,
  unauthenticated: 401,
  permission_denied: 403,
  unavailable: 503,
  deadline_exceeded: 504,
  cancelled: 499,
  unimplemented: 501,
  internal: 500,
};

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > bodyBytesMax) {
      throw new ServiceError('resource_exhausted', `the body is longer than ${bodyBytesMax} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Aborted when the reader is gone. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort(new ServiceError('cancelled', 'the reader is gone')));
  return gone.signal;
}
