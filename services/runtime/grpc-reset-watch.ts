/**
 * Sees the calls of a server, and those that come to nothing: reset soon and before an answer, without a message that can be read, or
 * with too much metadata. One costs its client a few bytes and the service far more, so whoever makes many is up to no good
 * (CVE-2023-44487). Calls of methods that the server does not have do not pass here.
 */
import * as grpc from '@grpc/grpc-js';
import type { Clock } from './clock.js';

export interface ResetWatchOptions {
  /** Longest metadata of a call, names and values, in bytes. A call with more is resource_exhausted. */
  readonly metadataBytesMax: number;
  readonly clock: Clock;
  /** Called for each, with where it comes from. */
  readonly onCall: (address: string, port: number) => void;
  /** Called for each that comes to nothing. */
  readonly onReset: (address: string, port: number) => void;
}

/** How soon: a call that waits longer and is given up then was meant to be one. */
const soonMs = 1_000;

export function watchResets({
  metadataBytesMax,
  clock,
  onCall,
  onReset,
}: ResetWatchOptions): grpc.ServerInterceptor {
  return (_, call) => {
    const { remoteAddress = '', remotePort = 0 } = call.getConnectionInfo();
    onCall(remoteAddress, remotePort);
    const startedMs = clock.monotonicMs();
    let [isTold, hasMessage, isAnswered] = [false, false, false];
    const tell = (): void => {
      if (!isTold) onReset(remoteAddress, remotePort);
      isTold = true;
    };
    return new grpc.ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, pass) {
            const bytes = bytesOf(metadata);
            if (bytes <= metadataBytesMax) return pass(metadata);
            tell();
            const details = `metadata of ${bytes} bytes, allowed are ${metadataBytesMax}`;
            call.sendStatus({ code: grpc.status.RESOURCE_EXHAUSTED, details });
          },
          onReceiveMessage(message, pass) {
            hasMessage = true;
            pass(message);
          },
          onReceiveHalfClose(pass) {
            if (!hasMessage) tell();
            pass();
          },
          onCancel() {
            if (!isAnswered && clock.monotonicMs() - startedMs < soonMs) tell();
          },
        });
      },
      sendStatus(status, pass) {
        isAnswered = true;
        pass(status);
      },
    });
  };
}

function bytesOf(metadata: grpc.Metadata): number {
  let bytes = 0;
  for (const [name, values] of Object.entries(metadata.toJSON())) {
    for (const value of values) bytes += name.length + value.length;
  }
  return bytes;
}
