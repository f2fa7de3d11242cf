/**
 * Everything but the calls on tuples on the wire: spaces, tokens, the audit.
 */
import { protobuf } from '../../runtime/index.js';
import { type Caller, callerKinds } from '../caller.js';
import type { SpaceLimits } from '../limits.js';
import { policyOperations } from '../policy/policy.js';
import type {
  AuditEntry,
  EnrolAnswer,
  EnrolRequest,
  ExplainAnswer,
  ExplainRequest,
  Finding,
  ListSpacesAnswer,
  ListSpacesRequest,
  PutSpaceAnswer,
  PutSpaceRequest,
  PutTokenRequest,
  ReadAuditAnswer,
  ReadAuditRequest,
  RefusalCount,
  SpaceInfo,
  SpaceServiceInfo,
  SpaceSettings,
  UniqueRule,
} from '../space.js';
import { policyCodec } from './policy.js';
import { templateCodec } from './template.js';
import { tupleCodec } from './value.js';

const { bool, count64, enumOf, field, listOrAbsent, message, ms64, nested, nonZero } = protobuf;
const { optional, packed, present, repeated, required, text, uint32, uint64, withDefault } = protobuf;

/** Of calls that answer nothing, or ask nothing. */
const nothing = message<object>({});

type Limits<Of> = { readonly [K in keyof SpaceLimits]: Of };

const limitFields = <V>(of: (number: number, scalar: protobuf.Scalar<number>) => V): Limits<V> => ({
  tuplesMax: of(1, count64),
  bytesMax: of(2, count64),
  arityMax: of(3, uint32),
  tupleBytesMax: of(4, count64),
  valueBytesMax: of(5, count64),
  depthMax: of(6, uint32),
  writeTuplesMax: of(7, uint32),
  readTuplesMax: of(8, uint32),
  templatesMax: of(9, uint32),
  examinedMax: of(10, count64),
  waitersMax: of(11, uint32),
  leasesMax: of(12, uint32),
  ttlMsMin: of(13, ms64),
  ttlMsMax: of(14, ms64),
  waitMsMax: of(15, ms64),
  callerTuplesMax: of(16, count64),
  callerBytesMax: of(17, count64),
  callerWritesPerSecondMax: of(18, uint32),
  callerWaitersMax: of(19, uint32),
  callerWatchesMax: of(20, uint32),
});

const uniqueRuleCodec = message<UniqueRule>({
  name: field(1, text),
  template: required(nested(2, templateCodec)),
  fields: packed(3, uint32),
  isPerWriter: field(4, bool),
});

const settingsCodec = message<SpaceSettings>({
  limits: nested(1, message<Partial<SpaceLimits>>(limitFields((number, scalar) => nonZero(number, scalar)))),
  historyMax: nonZero(2, uint32),
  uniqueRules: listOrAbsent(repeated(3, uniqueRuleCodec)),
  policy: nested(4, policyCodec),
});

function settingsField(number: number): protobuf.Field<SpaceSettings> {
  return withDefault(nested(number, settingsCodec), {});
}

/** Text that is one of a few names; the service is trusted to send one of them. */
function nameOf<V extends string>(): protobuf.Scalar<V> {
  return text as protobuf.Scalar<string> as protobuf.Scalar<V>;
}

export const putSpaceCall = {
  request: message<PutSpaceRequest>({ space: field(1, text), settings: settingsField(2) }),
  answer: message<PutSpaceAnswer>({
    incarnation: field(1, text),
    isNew: field(2, bool),
    revision: field(3, uint64),
  }),
};

export const listSpacesCall = {
  request: message<ListSpacesRequest>({
    prefix: optional(1, text),
    afterSpace: optional(2, text),
    limit: nonZero(3, uint32),
  }),
  answer: message<ListSpacesAnswer>({
    spaces: repeated(
      1,
      message<SpaceInfo>({
        space: field(1, text),
        incarnation: field(2, text),
        creator: field(3, text),
        revision: field(4, uint64),
        oldestRevision: field(5, uint64),
        tupleCount: field(6, count64),
        heldCount: field(7, count64),
        tupleBytes: field(8, count64),
        leaseCount: field(9, uint32),
        waiterCount: field(10, uint32),
        watchCount: field(11, uint32),
        settings: settingsField(12),
      }),
    ),
    nextAfterSpace: optional(2, text),
  }),
};

export const dropSpaceCall = {
  request: message<{ readonly space: string }>({ space: field(1, text) }),
  answer: nothing,
};

export const explainCall = {
  request: message<ExplainRequest>({ space: field(1, text), template: required(nested(2, templateCodec)) }),
  answer: message<ExplainAnswer>({
    index: field(1, text),
    examinedCount: field(2, count64),
    examinedMax: field(3, count64),
    waiterCount: field(4, uint32),
  }),
};

export const getInfoCall = {
  request: nothing,
  answer: message<SpaceServiceInfo>({
    backend: field(1, nameOf<SpaceServiceInfo['backend']>()),
    durability: field(2, nameOf<SpaceServiceInfo['durability']>()),
    instanceId: field(3, text),
    version: field(4, text),
    storeTimeMs: field(5, ms64),
    spaceCount: field(6, uint32),
    limits: required(nested(7, message<SpaceLimits>(limitFields(field)))),
    findings: repeated(
      8,
      message<Finding>({
        setting: field(1, text),
        found: field(2, text),
        needed: field(3, text),
        isMet: field(4, bool),
      }),
    ),
  }),
};

const callerCodec = message<Caller>({
  kind: required(present(1, enumOf(callerKinds))),
  id: field(2, text),
  epoch: field(3, uint32),
  space: optional(4, text),
  expiresAtMs: optional(5, ms64),
  node: optional(6, text),
});

export const refusalCountCodec = message<RefusalCount>({
  callerId: field(1, text),
  rule: field(2, text),
  count: field(3, count64),
});

export const readAuditCall = {
  request: message<ReadAuditRequest>({
    space: field(1, text),
    afterSequence: optional(2, count64),
    limit: nonZero(3, uint32),
  }),
  answer: message<ReadAuditAnswer>({
    entries: repeated(
      1,
      message<AuditEntry>({
        sequence: field(1, count64),
        atMs: field(2, ms64),
        callerId: field(3, text),
        callerEpoch: field(4, uint32),
        rule: field(5, text),
        tuple: withDefault(nested(6, tupleCodec), []),
        standingId: field(7, uint64),
        operation: required(present(8, enumOf<AuditEntry['operation']>([...policyOperations, 'manage']))),
        template: nested(9, templateCodec),
        callerNode: optional(10, text),
      }),
    ),
    droppedCount: field(2, count64),
    refusals: repeated(3, refusalCountCodec),
  }),
};

export const enrolCall = {
  request: message<EnrolRequest>({
    kind: required(present(1, enumOf(callerKinds) as protobuf.Scalar<EnrolRequest['kind']>)),
    id: field(2, text),
    secret: field(3, text),
  }),
  answer: message<EnrolAnswer>({ token: field(1, text), caller: required(nested(2, callerCodec)) }),
};

export const putTokenCall = {
  request: message<PutTokenRequest>({
    tokenHash: field(1, text),
    caller: required(nested(2, callerCodec)),
    ttlMs: optional(3, ms64),
  }),
  answer: nothing,
};

export const revokeTokenCall = {
  request: message<{ readonly tokenHash: string }>({ tokenHash: field(1, text) }),
  answer: nothing,
};
