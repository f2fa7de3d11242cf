/**
 * Requests that cannot be read. Where a codec throws, grpc-js answers INTERNAL, as if the service were at fault; bytes that are no message
 * are the caller's mistake, so the error takes the place of the request, and what hands it to a handler throws it.
 */
import type { ServiceDefinition } from '@grpc/grpc-js';
import { invalidArgument, ServiceError } from './errors.js';

/** The same methods for a server, whose requests are either read or the error that kept them from it. */
export function readable(methods: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => {
      const requestDeserialize = (bytes: Buffer): unknown => {
        try {
          return method.requestDeserialize(bytes);
        } catch (error) {
          return invalidArgument('message', `cannot be read: ${String(error)}`);
        }
      };
      return [name, { ...method, requestDeserialize }];
    }),
  );
}

/** The request of such a method. Errors: invalid_argument. */
export function requestOf<I>(read: I | ServiceError): I {
  if (read instanceof ServiceError) throw read;
  return read;
}
