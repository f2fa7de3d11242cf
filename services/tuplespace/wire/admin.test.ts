import fc from 'fast-check';
import type { Caller } from '../caller.js';
import { defaultLimits, type SpaceLimits } from '../limits.js';
import { policyOperations } from '../policy/policy.js';
import type * as space from '../space.js';
import * as admin from './admin.js';
import {
  anyCount,
  anyMs,
  anyPolicy,
  anyTemplate,
  anyText,
  anyTuple,
  anyUint32,
  anyUint64,
  some,
  someMs,
  someText,
  someUint32,
} from './arbitrary.suite.js';
import { checkCodec } from './codec-check.suite.js';
import { protoEnum, toProto } from './proto-shape.suite.js';

type LimitArbitraries = { readonly [K in keyof SpaceLimits]: fc.Arbitrary<number> };

const eachLimit = Object.fromEntries(
  Object.keys(defaultLimits).map((name) => [name, someUint32]),
) as LimitArbitraries;
const rule = some<space.UniqueRule>({
  name: anyText,
  template: anyTemplate,
  fields: fc.array(anyUint32, { maxLength: 4 }),
  isPerWriter: fc.boolean(),
});
const settings = some<space.SpaceSettings>(
  {},
  {
    limits: some<Partial<SpaceLimits>>({}, eachLimit),
    historyMax: someUint32,
    uniqueRules: fc.array(rule, { minLength: 1, maxLength: 2 }),
    policy: anyPolicy,
  },
);
const kinds: readonly Exclude<Caller['kind'], 'general'>[] = ['orchestrator', 'node', 'viewer', 'client'];
const caller = some<Caller>(
  { kind: fc.constantFrom(...kinds, 'general' as const), id: someText, epoch: anyUint32 },
  { space: someText, expiresAtMs: someMs, node: someText },
);

checkCodec({
  type: 'PutSpaceRequest',
  codec: admin.putSpaceCall.request,
  any: some<space.PutSpaceRequest>({ space: someText, settings }),
});
checkCodec({
  type: 'PutSpaceResponse',
  codec: admin.putSpaceCall.answer,
  any: some<space.PutSpaceAnswer>({ incarnation: someText, isNew: fc.boolean(), revision: anyUint64 }),
});
checkCodec({
  type: 'ListSpacesRequest',
  codec: admin.listSpacesCall.request,
  any: some<space.ListSpacesRequest>({}, { prefix: someText, afterSpace: someText, limit: someUint32 }),
});

const info = some<space.SpaceInfo>({
  space: someText,
  incarnation: someText,
  creator: anyText,
  revision: anyUint64,
  oldestRevision: anyUint64,
  tupleCount: anyCount,
  heldCount: anyCount,
  tupleBytes: anyCount,
  leaseCount: anyUint32,
  waiterCount: anyUint32,
  watchCount: anyUint32,
  settings,
});

checkCodec({
  type: 'ListSpacesResponse',
  codec: admin.listSpacesCall.answer,
  any: some<space.ListSpacesAnswer>(
    { spaces: fc.array(info, { maxLength: 2 }) },
    { nextAfterSpace: someText },
  ),
});
checkCodec({
  type: 'DropSpaceRequest',
  codec: admin.dropSpaceCall.request,
  any: some<{ readonly space: string }>({ space: anyText }),
});
checkCodec({
  type: 'ExplainRequest',
  codec: admin.explainCall.request,
  any: some<space.ExplainRequest>({ space: someText, template: anyTemplate }),
});
checkCodec({
  type: 'ExplainResponse',
  codec: admin.explainCall.answer,
  any: some<space.ExplainAnswer>({
    index: anyText,
    examinedCount: anyCount,
    examinedMax: anyCount,
    waiterCount: anyUint32,
  }),
});
checkCodec({
  type: 'GetInfoResponse',
  codec: admin.getInfoCall.answer,
  any: some<space.SpaceServiceInfo>({
    backend: fc.constantFrom<space.SpaceServiceInfo['backend']>('memory', 'redis', 'postgres'),
    durability: fc.constantFrom<space.SpaceServiceInfo['durability']>('process', 'power-loss'),
    instanceId: someText,
    version: someText,
    storeTimeMs: anyMs,
    spaceCount: anyUint32,
    limits: some<SpaceLimits>(eachLimit),
    findings: fc.array(
      some<space.Finding>({ setting: someText, found: someText, needed: someText, isMet: fc.boolean() }),
      { maxLength: 3 },
    ),
  }),
});
checkCodec({
  type: 'ReadAuditRequest',
  codec: admin.readAuditCall.request,
  any: some<space.ReadAuditRequest>(
    { space: someText },
    { afterSequence: fc.integer({ min: 1, max: 2 ** 53 - 1 }), limit: someUint32 },
  ),
});

const entry = some<space.AuditEntry>(
  {
    sequence: anyCount,
    atMs: anyMs,
    callerId: anyText,
    callerEpoch: anyUint32,
    operation: fc.constantFrom<space.AuditEntry['operation']>(...policyOperations, 'manage'),
    rule: anyText,
    tuple: anyTuple,
    standingId: anyUint64,
  },
  { template: anyTemplate, callerNode: someText },
);

checkCodec({
  type: 'ReadAuditResponse',
  codec: admin.readAuditCall.answer,
  any: some<space.ReadAuditAnswer>({
    entries: fc.array(entry, { maxLength: 3 }),
    droppedCount: anyCount,
    refusals: fc.array(some<space.RefusalCount>({ callerId: anyText, rule: anyText, count: anyCount }), {
      maxLength: 3,
    }),
  }),
});
checkCodec({
  type: 'EnrolRequest',
  codec: admin.enrolCall.request,
  any: some<space.EnrolRequest>({ kind: fc.constantFrom(...kinds), id: anyText, secret: anyText }),
  shape: ({ kind, ...rest }) => ({ kind: protoEnum('CALLER_KIND', kind), ...toProto(rest) }),
});
checkCodec({
  type: 'EnrolResponse',
  codec: admin.enrolCall.answer,
  any: some<space.EnrolAnswer>({ token: anyText, caller }),
});
checkCodec({
  type: 'PutTokenRequest',
  codec: admin.putTokenCall.request,
  any: some<space.PutTokenRequest>({ tokenHash: anyText, caller }, { ttlMs: someMs }),
});
checkCodec({
  type: 'RevokeTokenRequest',
  codec: admin.revokeTokenCall.request,
  any: some<{ readonly tokenHash: string }>({ tokenHash: anyText }),
});
