/**
 * The one error class, the closed list of its codes, and the only table between those codes and gRPC statuses.
 * Callers test `code`, never the text of a message.
 */
import { status } from '@grpc/grpc-js';

/** gRPC status number of every code. The list is closed: a new code is a change of the wire contract. */
const grpcStatus = {
  /** A malformed tuple, template, id or setting; the message names the field. */
  invalid_argument: status.INVALID_ARGUMENT,
  /** An unknown space, round, node, lease or hold. */
  not_found: status.NOT_FOUND,
  /** A slot, space or round exists with different content. */
  already_exists: status.ALREADY_EXISTS,
  /** The state forbids it: outside the bound, a lease or hold that is over, a stale epoch. */
  failed_precondition: status.FAILED_PRECONDITION,
  /** Lost a race; start again from the beginning. */
  aborted: status.ABORTED,
  /** A watch cursor that the space no longer has, or never had. */
  out_of_range: status.OUT_OF_RANGE,
  /** A limit was reached; the message names the limit and its value. */
  resource_exhausted: status.RESOURCE_EXHAUSTED,
  /** No token, or one that is unknown, revoked or expired. */
  unauthenticated: status.UNAUTHENTICATED,
  /** The caller is known and may not do this. */
  permission_denied: status.PERMISSION_DENIED,
  /** The store or the service is down or shutting down; retry later. */
  unavailable: status.UNAVAILABLE,
  /** The caller's deadline passed. "Nothing matched in time" is an answer, not this. */
  deadline_exceeded: status.DEADLINE_EXCEEDED,
  /** The caller gave up. */
  cancelled: status.CANCELLED,
  /** The service does not know this call. */
  unimplemented: status.UNIMPLEMENTED,
  /** A bug of ours: the log has the detail, the caller does not. */
  internal: status.INTERNAL,
} as const;

/** One of the closed list of error codes. */
export type ErrorCode = keyof typeof grpcStatus;

/** Facts about an error that a program may read, such as `field` or `oldestRevision`; strings on the wire. */
export type ErrorDetails = Readonly<Record<string, string>>;

/** Every error that crosses a seam of this project. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /**
   * @param message what, which value, what is allowed; lower case, no full stop
   */
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.details = options.details ?? {};
  }

  /** True when the effect of the failed call may have happened all the same; retry only with the same request id. */
  get isIndefinite(): boolean {
    return this.code === 'deadline_exceeded' || this.code === 'cancelled' || this.code === 'unavailable';
  }
}

/** The error for a bad value: names the field, shows the value, says what is allowed. Code: invalid_argument. */
export function invalidArgument(field: string, problem: string): ServiceError {
  return new ServiceError('invalid_argument', `${field}: ${problem}`, { details: { field } });
}

/** The gRPC status number of a code. */
export function toGrpcStatus(code: ErrorCode): status {
  return grpcStatus[code];
}

/** The code of a gRPC status number; statuses that this project never sends become `internal`. */
export function fromGrpcStatus(grpcCode: number): ErrorCode {
  for (const [code, number] of Object.entries(grpcStatus)) {
    if (number === grpcCode) return code as ErrorCode;
  }
  return 'internal';
}
