/**
 * Whatever bytes arrive, a request is read or refused with invalid_argument; nothing else is thrown.
 */
import fc from 'fast-check';
import { protobuf, ServiceError } from '../../runtime/index.js';
import * as admin from './admin.js';
import { anyTemplate, anyTuple } from './arbitrary.suite.js';
import { leaseCall, readCall, settleCall, takeCall, writeCall } from './calls.js';
import { pipeCallsCodec } from './pipe.js';
import { watchRequestCodec } from './watch.js';

const codecs: Record<string, protobuf.MessageCodec<unknown>> = {
  WriteRequest: writeCall.request,
  ReadRequest: readCall.request,
  TakeRequest: takeCall.request,
  SettleRequest: settleCall.request,
  LeaseRequest: leaseCall.request,
  WatchRequest: watchRequestCodec,
  PipeCalls: pipeCallsCodec,
  PutSpaceRequest: admin.putSpaceCall.request,
  ListSpacesRequest: admin.listSpacesCall.request,
  ExplainRequest: admin.explainCall.request,
  ReadAuditRequest: admin.readAuditCall.request,
  EnrolRequest: admin.enrolCall.request,
  PutTokenRequest: admin.putTokenCall.request,
};

/** A request that is well formed, to be damaged. */
const sound = fc
  .record({ tuples: fc.array(anyTuple, { maxLength: 3 }), unless: anyTemplate })
  .map((request) => protobuf.encodeMessage(writeCall.request, { space: 'camp', ...request }));

/** Bytes of which some were replaced. */
const damaged = fc
  .tuple(sound, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }))
  .map(([bytes, changes]) => {
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    return bytes;
  });

const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

test.each(Object.entries(codecs))('%s', (_, codec) => {
  const isReadOrRefused = (bytes: Buffer): void => {
    try {
      protobuf.decodeMessage(codec, bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(ServiceError);
      expect(error).toMatchObject({ code: 'invalid_argument' });
    }
  };
  fc.assert(fc.property(fc.oneof(damaged, random), isReadOrRefused), { numRuns: 500 });
});
