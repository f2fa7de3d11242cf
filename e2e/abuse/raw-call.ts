/**
 * One gRPC call by hand over HTTP/2, so that nothing on this side mends what is sent. Source:
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { parseAddress, systemClock } from '../../services/runtime/index.js';

export interface RawCall {
  /** Such as `/byzantine.v1.TupleSpace/Write`. */
  readonly path: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The five bytes before a message: whether it is compressed, and its length. */
export function framed(message: Buffer, { length = message.length, isCompressed = false } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(isCompressed ? 1 : 0, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

/** Opens a connection, from an address of this machine; what goes wrong on it is seen by its calls. */
export function openRaw(address: string, from = '127.0.0.1'): ClientHttp2Session {
  const socket = connectSocket({ ...parseAddress(address), localAddress: from });
  const session = connect(`http://${address}`, { createConnection: () => socket });
  session.on('error', () => {});
  return session;
}

/** What a call comes to: `grpc <status>`, `http <status>`, `reset <code>` or `no answer`, after at most `answerMs`. */
export function rawCall(session: ClientHttp2Session, call: RawCall, answerMs = 5_000): Promise<string> {
  const { path, body, headers = {} } = call;
  return new Promise((resolve) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      te: 'trailers',
      'content-type': 'application/grpc',
      ...headers,
    });
    let answer = 'no answer';
    const hear = (received: IncomingHttpHeaders & IncomingHttpStatusHeader): void => {
      const [http, grpc] = [received[':status'], received['grpc-status']];
      if (grpc !== undefined) answer = `grpc ${grpc.toString()}`;
      else if (http !== undefined && http !== 200) answer = `http ${http}`;
    };
    const stopTimer = systemClock.after(answerMs, () => stream.close(constants.NGHTTP2_CANCEL));
    stream
      .on('response', hear)
      .on('trailers', hear)
      .on('error', () => {});
    stream.on('data', () => {});
    stream.on('close', () => {
      stopTimer();
      if (answer === 'no answer' && stream.rstCode !== 0) answer = `reset ${stream.rstCode}`;
      resolve(answer);
    });
    stream.end(body);
  });
}
