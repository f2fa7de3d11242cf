/**
 * The forms of all JSON documents of the command line, without leeway: a key more or less is a change of the
 * contract.
 */
import { z } from 'zod';

const time = z.iso.datetime();
const decimal = z.string().regex(/^\d+$/);
const general = z.string().regex(/^general-\d+$/);
const vote = z.enum(['Attack', 'Retreat']);
const count = z.int().min(0);
const status = z.enum(['holds', 'violated', 'not_promised', 'unknown']);
const ofProperties = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ agreement: value, validity: value, termination: value });

const spent = { spaceCallMs: z.number(), waitingMs: z.number(), computeMs: z.number() };

const generalMetrics = z.strictObject({
  general,
  coordinationMs: z.number(),
  ...spent,
  sentCount: count,
  receivedCount: count,
  phases: z.array(z.strictObject(spent)),
});

const message = z.strictObject({
  phase: count,
  from: general,
  to: general,
  entries: z.array(z.strictObject({ path: z.array(general), vote, isFalse: z.boolean() })),
  counts: z.boolean(),
});

const roundFacts = {
  number: count,
  space: z.string(),
  status: z.enum(['running', 'finished', 'cancelled']),
  cancelledBecause: z.string().optional(),
  protocol: z.string(),
  mode: z.string(),
  generals: count,
  faultCount: count,
  commander: general,
  traitors: z.array(general),
  strategies: z.record(general, z.string()),
  seed: count,
  order: vote,
  council: z.boolean(),
  inputs: z.record(z.string(), vote),
  phaseMs: count,
  nodes: z.record(general, z.string()),
  decisions: z.record(general, vote),
  verdict: ofProperties(status).nullable(),
  reasons: ofProperties(z.string()).nullable(),
  withinBound: z.boolean().nullable(),
  bound: z.strictObject({ rule: z.string(), numbers: z.string() }).nullable(),
  faults: count.nullable(),
  lost: z.array(general),
  messageCount: count,
  expectedMessageCount: count,
  phaseCount: count,
  ignored: z.record(z.string(), count),
  refusals: z.array(z.strictObject({ callerId: z.string(), rule: z.string(), count })),
  messages: z.array(message).optional(),
  coordinationMs: z.number().nullable(),
  computeMs: z.number().nullable(),
  granularityRatio: z.number().nullable(),
  wallMs: z.number().nullable(),
  metrics: z
    .strictObject({
      coordinationSumMs: z.number(),
      computeSumMs: z.number(),
      generals: z.array(generalMetrics),
    })
    .nullable(),
  startedAt: time,
  endedAt: time.nullable(),
};

const slot = z.strictObject({ phase: count, from: z.string(), to: z.string() });
const path = z.array(z.string());

const signedOrder = z.strictObject({ vote, bytes: z.base64(), signature: z.base64() });

const evidence = z.strictObject({
  proofs: z.array(
    z.strictObject({
      schema: z.literal('byzantine.proof/1'),
      rule: z.literal('two-orders'),
      instance: z.string(),
      signer: z.string(),
      publicKey: z.base64(),
      orders: z.array(signedOrder).length(2),
    }),
  ),
  attested: z.array(
    z.strictObject({
      general: z.string(),
      count,
      first: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('false_value'), slot, path, said: vote, loyal: vote }),
        z.strictObject({ kind: z.literal('left_out'), slot, path, loyal: vote }),
        z.strictObject({ kind: z.literal('not_owed'), slot, path, said: vote }),
      ]),
    }),
  ),
  inferred: z.array(
    z.strictObject({
      by: z.string(),
      accusations: z.array(z.array(z.string()).length(2)),
      explanations: z.array(z.array(z.string())),
      known: z.array(z.string()),
    }),
  ),
  absent: z.array(z.strictObject({ general: z.string(), count, first: slot })),
});

const value: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ int64: z.string() }),
    z.strictObject({ double: z.number() }),
    z.strictObject({ string: z.string() }),
    z.strictObject({ bool: z.boolean() }),
    z.strictObject({ bytes: z.base64() }),
    z.strictObject({ null: z.literal('NULL') }),
    z.strictObject({ list: z.strictObject({ values: z.array(value) }) }),
  ]),
);

const tuple = z.strictObject({
  id: decimal,
  values: z.array(value),
  literal: z.string(),
  writer: z.string(),
  writerEpoch: count,
  revision: decimal,
  writtenAt: time,
  expiresAt: time.nullable(),
  deliveryCount: count,
});

const spaceFacts = {
  space: z.string(),
  incarnation: z.string(),
  creator: z.string(),
  revision: decimal,
  oldestRevision: decimal,
  tupleCount: count,
  heldCount: count,
  tupleBytes: count,
  leaseCount: count,
  waiterCount: count,
  watchCount: count,
};

const planFacts = z.strictObject({
  protocol: z.string(),
  mode: z.string(),
  council: z.boolean(),
  generals: count,
  faults: count,
  order: vote,
  inputs: z.record(general, vote),
  seed: count,
  traitors: z.array(
    z.strictObject({
      general,
      strategy: z.string(),
      acts: z.array(
        z.strictObject({
          phase: count,
          from: general,
          to: z.string(),
          path: z.array(general),
          act: z.string(),
        }),
      ),
    }),
  ),
  decisions: z.record(general, vote),
});

const documents = {
  'byzantine.version/1': { version: z.string(), commit: z.string(), node: z.string() },
  'byzantine.config/1': {
    settings: z.array(
      z.strictObject({
        path: z.string(),
        value: z.unknown(),
        origin: z.string(),
        variable: z.string(),
        unit: z.string().nullable(),
      }),
    ),
  },
  'byzantine.round/1': {
    ...roundFacts,
    evidence: evidence.nullable(),
    ownStrategies: z
      .array(z.strictObject({ general, file: z.string(), failure: z.string().nullable() }))
      .optional(),
  },
  'byzantine.rounds/1': { rounds: z.array(z.strictObject(roundFacts)) },
  'byzantine.replay/1': {
    record: z.string(),
    number: count,
    isWhole: z.boolean(),
    follows: z.boolean().nullable(),
    unproved: z.string().nullable(),
    messageCount: count,
    decisions: z.array(z.strictObject({ general, recorded: vote.nullable(), computed: vote.nullable() })),
    mismatches: z.array(
      z.strictObject({
        line: count,
        what: z.enum(['message', 'decision', 'verdict']),
        because: z.string(),
      }),
    ),
  },
  'byzantine.views/1': {
    observer: z.string(),
    areEqual: z.boolean(),
    rounds: z
      .array(
        z.strictObject({
          what: z.string(),
          told: z.array(
            z.strictObject({
              phase: count,
              from: z.string(),
              entries: z.array(z.strictObject({ path, vote })),
            }),
          ),
          decision: vote.nullable(),
          must: z.string(),
        }),
      )
      .length(2),
  },
  'byzantine.prove/1': {
    claims: z.array(
      z.strictObject({
        title: z.string(),
        generals: count,
        faults: count,
        traitors: count,
        withinBound: z.boolean(),
        expected: z.enum(['holds', 'breaks']),
        behaviours: decimal,
        evaluations: count,
        violations: decimal,
        convictedLoyal: z.array(z.string()),
        witness: planFacts.nullable(),
        elapsedMs: z.number(),
      }),
    ),
    behaviours: decimal,
    evaluations: count,
    violations: decimal,
    elapsedMs: z.number(),
    notCovered: z.array(z.string()),
  },
  'byzantine.search/1': {
    withinBound: z.boolean(),
    isFound: z.boolean(),
    isProof: z.boolean(),
    because: z.string().nullable(),
    rung: z.string().nullable(),
    tried: z.array(z.strictObject({ rung: z.string(), runs: count })),
    plan: planFacts.nullable(),
    elapsedMs: z.number(),
  },
  'byzantine.shrink/1': { liesBefore: count, lies: count, runs: count, plan: planFacts },
  'byzantine.nodes/1': {
    nodes: z.array(
      z.strictObject({
        node: z.string(),
        address: z.string().nullable(),
        seats: z.array(z.strictObject({ round: count, general, epoch: count })),
        generals: z.array(general),
        state: z.enum(['live', 'lapsing', 'draining', 'gone']),
        lastSeen: time.nullable(),
        seatsMax: count,
        enrolledAt: time.nullable(),
        losses: z.array(
          z.strictObject({ round: count, generalCount: count, faultCount: count, faultsMax: count }),
        ),
      }),
    ),
  },
  'byzantine.check/1': {
    file: z.string(),
    verdict: z.enum(['valid', 'violated', 'unknown']),
    backend: z.enum(['memory', 'redis', 'postgres']),
    durability: z.enum(['process', 'store-process', 'power-loss']),
    replicaCount: count,
    labels: z.record(z.string(), z.string()),
    operationCount: count,
    okCount: count,
    failCount: count,
    unknownCount: count,
    acknowledgedCount: count,
    p50Ms: z.number().nullable(),
    p99Ms: z.number().nullable(),
    worstGapMs: z.number(),
    rules: z.array(
      z.strictObject({
        rule: z.string().regex(/^T\d+$/),
        name: z.string(),
        verdict: z.enum(['valid', 'violated', 'unknown', 'nothing']),
        judgedCount: count,
        unknownCount: count,
        unknownBecause: z.string().nullable(),
        violationCount: count,
        violations: z.array(z.strictObject({ what: z.string(), lines: z.array(count) })),
        figures: z.record(z.string(), z.number()),
      }),
    ),
  },
  'byzantine.write/1': {
    space: z.string(),
    isWritten: z.boolean(),
    ids: z.array(decimal),
    blockedBy: tuple.nullable(),
    revision: decimal,
  },
  'byzantine.tuples/1': {
    space: z.string(),
    isSatisfied: z.boolean(),
    tuples: z.array(tuple),
    nextAfterId: decimal.nullable(),
    revision: decimal,
  },
  'byzantine.count/1': { space: z.string(), count, revision: decimal },
  'byzantine.space-event/1': {
    space: z.string(),
    incarnation: z.string(),
    revision: decimal,
    kind: z.enum(['stands', 'written', 'taken', 'held', 'released', 'expired']),
    tuple,
  },
  'byzantine.spaces/1': {
    spaces: z.array(z.strictObject(spaceFacts)),
    nextAfterSpace: z.string().nullable(),
  },
  'byzantine.space/1': spaceFacts,
  'byzantine.space-service/1': {
    backend: z.enum(['memory', 'redis', 'postgres']),
    durability: z.enum(['process', 'store-process', 'power-loss']),
    findings: z.array(
      z.strictObject({ setting: z.string(), found: z.string(), needed: z.string(), isMet: z.boolean() }),
    ),
    instanceId: z.string(),
    version: z.string(),
    storeTimeMs: z.number(),
    spaceCount: count,
    limits: z.record(z.string(), count),
  },
  'byzantine.doctor/1': {
    version: z.string(),
    node: z.string(),
    checks: z.array(
      z.strictObject({
        what: z.string(),
        status: z.enum(['ok', 'warning', 'failed']),
        found: z.string(),
        advice: z.string().nullable(),
      }),
    ),
  },
  'byzantine.space-put/1': {
    space: z.string(),
    incarnation: z.string(),
    isNew: z.boolean(),
    revision: decimal,
  },
  'byzantine.space-drop/1': { space: z.string() },
};

export type SchemaName = keyof typeof documents;

/** A document of a schema. */
export type DocumentOf<Name extends SchemaName> = z.infer<z.ZodObject<(typeof documents)[Name]>> & {
  readonly schema: Name;
};

/** Parses the text of one document and checks it against its schema; throws with the path of what is wrong. */
export function parseDocument<Name extends SchemaName>(name: Name, text: string): DocumentOf<Name> {
  const schema = z.strictObject({ schema: z.literal(name), ...documents[name] });
  return schema.parse(JSON.parse(text)) as unknown as DocumentOf<Name>;
}
