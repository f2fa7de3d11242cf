/**
 * The one place where an error becomes a gRPC status, and the one where a status becomes the same error again.
 */
import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { type ErrorDetails, fromGrpcStatus, ServiceError, toGrpcStatus } from './errors.js';
import type { Log } from './log.js';

/** Trailer with the error's details: a JSON object of strings. Part of the wire contract. */
const detailsTrailer = 'byzantine-error-details-bin';

/** Longest message and details that go over the wire; HTTP/2 peers refuse large trailers. */
const messageLengthMax = 2_000;
const detailsBytesMax = 4_000;

/** A `ServiceError` as it is; an abort is `cancelled`; anything else is a bug: `internal`, with the detail in the log alone. */
export function toServiceError(error: unknown, { log, path }: { log: Log; path: string }): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new ServiceError('cancelled', 'the call was given up', { cause: error });
  }
  log.error('grpc.internal_error', { path, error });
  return new ServiceError('internal', 'internal error, see the log of the service', { cause: error });
}

/** The status that carries an error to the caller. */
export function toStatus(error: ServiceError): StatusObject {
  const metadata = new Metadata();
  const details = Buffer.from(JSON.stringify(error.details));
  if (Object.keys(error.details).length > 0 && details.length <= detailsBytesMax) {
    metadata.set(detailsTrailer, details);
  }
  return { code: toGrpcStatus(error.code), details: wireText(error.message), metadata };
}

/** The error that a status carries. */
export function fromStatus(status: { code: number; details: string; metadata?: Metadata }): ServiceError {
  const details = readDetails(status.metadata?.get(detailsTrailer)[0]);
  return new ServiceError(fromGrpcStatus(status.code), plainText(status.details), { details });
}

/** Of a connection that cannot be made grpc-js says what it tried and how; a person wants to know what went wrong. */
function plainText(text: string): string {
  const pattern = /No connection established\..*Last error: (?:Error: )?(.+?)\.? ?(?:Resolution note:.*)?$/s;
  const cause = pattern.exec(text)?.[1];
  return cause === undefined ? text : `no connection: ${cause}`;
}

/** The message as text that can be sent: cut to a length, without lone surrogates (grpc-js throws on them). */
export function wireText(message: string): string {
  const cut = message.length > messageLengthMax ? `${message.slice(0, messageLengthMax)} …` : message;
  return Buffer.from(cut).toString();
}

function readDetails(trailer: string | Buffer | undefined): ErrorDetails {
  if (trailer === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(trailer.toString());
    const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
    return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
  } catch {
    // A peer that is not ours: the code and the message still say what happened.
    return {};
  }
}
