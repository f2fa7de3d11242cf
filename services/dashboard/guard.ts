/**
 * Who may ask for what. The dashboard is on this machine's loopback, where every web page that its user has open can reach it too; so a
 * request is served only if it names this machine, if no other site caused it, and, where it changes something, if it shows the key.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../runtime/index.js';

export interface Guard {
  /** Names without port that the server may be called by. */
  readonly hosts: readonly string[];
  /** Undefined: nobody may change anything. */
  readonly key: string | undefined;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** The names that this machine has for itself. */
export const ownHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Errors: permission_denied (a foreign host or site, or nothing may be changed here), unauthenticated (the key). */
export function checkAsked(asked: Asked, guard: Guard): void {
  checkHost(asked.headers.host, guard);
  checkSite(asked);
  if (asked.method !== 'GET' && asked.method !== 'HEAD') checkKey(asked.headers.authorization, guard.key);
}

/** A name of somebody else that resolves to this machine would make the page of somebody else same-origin. */
function checkHost(host: string | undefined, { hosts }: Guard): void {
  const name = host?.replace(/:\d+$/, '').toLowerCase();
  if (name !== undefined && hosts.includes(name)) return;
  throw refused(
    `the host ${JSON.stringify(host ?? '')} is not known here; names are added by dashboard.hosts`,
  );
}

/** Browsers say which site caused a request. A link to the page itself may stand anywhere. */
function checkSite({ headers, path }: Asked): void {
  const { origin, host } = headers;
  if (origin !== undefined && !isOrigin(origin, host)) {
    throw refused(`the origin ${JSON.stringify(origin)} is another site's`);
  }
  const site = headers['sec-fetch-site'];
  const isOwn = site === undefined || site === 'same-origin' || site === 'none';
  if (!isOwn && path.startsWith('/api/')) throw refused('another site asked for this');
}

function isOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

function checkKey(authorization: string | undefined, key: string | undefined): void {
  if (key === undefined) throw refused('this dashboard only shows; dashboard.key_file makes it take orders');
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  if (given === undefined) {
    throw new ServiceError('unauthenticated', 'the page has no key; open it by the link that has one');
  }
  if (!timingSafeEqual(digest(given), digest(key))) {
    throw new ServiceError('unauthenticated', 'the key of the page is wrong; open it by the newest link');
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function refused(message: string): ServiceError {
  return new ServiceError('permission_denied', message);
}
