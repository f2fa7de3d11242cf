/**
 * Whether anything listens at an address, whatever it is.
 */
import { connect } from 'node:net';
import { parseAddress } from '../runtime/index.js';

/** `free`: connections are refused; `silent`: no answer within a second, or no such host. */
export type PortState = 'taken' | 'free' | 'silent';

export function probePort(address: string): Promise<PortState> {
  const { host, port } = parseAddress(address);
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port, timeout: 1_000 });
    const end = (state: PortState) => {
      socket.destroy();
      resolve(state);
    };
    socket.once('connect', () => end('taken'));
    socket.once('timeout', () => end('silent'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' ? 'free' : 'silent'),
    );
  });
}
