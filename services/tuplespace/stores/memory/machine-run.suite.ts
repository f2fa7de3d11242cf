/**
 * Random runs of a state machine, for tests: acts of several callers in several spaces, with time, request ids, holds, leases and
 * epochs. What an act came to is a text, so that two machines can be compared.
 */
import * as fc from 'fast-check';
import { ManualClock, ServiceError } from '../../../runtime/index.js';
import { type Caller, hashToken } from '../../caller.js';
import { defaultLimits } from '../../limits.js';
import { policyOperations } from '../../policy/policy.js';
import { allow, deny, policyPrefix, policyTemplate } from '../../policy/presets.js';
import type {
  LeaseRequest,
  RequestId,
  SettleAction,
  SettleRequest,
  SpaceSettings,
  TakeRequest,
  WriteRequest,
} from '../../space.js';
import { any, anyOf, between, exact, type Matcher, type Template } from '../../template.js';
import type { Tuple, Value } from '../../tuple.js';
import { Machine } from './machine.js';
import { stringify } from './tagged-json.js';

interface Placed {
  readonly caller: number;
  readonly space: string;
  readonly requestId: RequestId | undefined;
}

/** Numbers of holds and leases count those that the run has been given so far, modulo their number. */
export type Act = Placed &
  (
    | {
        readonly kind: 'write';
        readonly tuples: readonly Tuple[];
        readonly ttlMs: number | undefined;
        readonly lease: number | undefined;
        readonly unless: Template | undefined;
      }
    | {
        readonly kind: 'take' | 'tryTake';
        readonly templates: readonly Template[];
        readonly max: number;
        readonly min: number;
        readonly holdMs: number;
        readonly lease: number | undefined;
      }
    | { readonly kind: 'settle'; readonly hold: number; readonly action: SettleAction }
    | { readonly kind: 'lease'; readonly lease: number | undefined; readonly ttlMs: number }
    | { readonly kind: 'putSpace'; readonly settings: SpaceSettings }
    | { readonly kind: 'dropSpace' | 'expire' | 'look' }
    | { readonly kind: 'putToken'; readonly epoch: number; readonly ttlMs: number | undefined }
    | { readonly kind: 'revokeToken' }
    | { readonly kind: 'elapse'; readonly ms: number }
  );

const value = fc.constantFrom<Value>('a', 'b', 0n, -(2n ** 63n), 1.5, true, null, new Uint8Array([0, 255]), [
  'ä',
  [1n],
]);
const field = fc.constantFrom<Matcher>(
  any,
  anyOf('int64'),
  exact('a'),
  exact(0n),
  between({ low: 0n }),
  exact(new Uint8Array([0, 255])),
);
const template = fc.tuple(field, field);
const count = fc.integer({ min: 1, max: 3 });
const ms = fc.integer({ min: 1, max: 40 });
const few = fc.nat(5);

const settings: readonly SpaceSettings[] = [
  {},
  { historyMax: 5, limits: { tuplesMax: 8, leasesMax: 2 } },
  { uniqueRules: [{ name: 'one', template: [any, any], fields: [0], isPerWriter: true }] },
  {
    policy: {
      rules: [
        allow('keeper', policyOperations, { kinds: ['orchestrator'] }),
        deny('never', ['take'], { template: policyPrefix('a') }),
        allow('own', ['write', 'lease'], { until: [policyTemplate(0n, 0n)] }),
        allow('low', ['read', 'take', 'watch'], { template: policyTemplate(between({ low: 0n }), any) }),
        allow('late', ['read'], { after: [policyTemplate(any, 'a')] }),
      ],
    },
  },
];

function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

const requestId = fc
  .record({ session: fc.constantFrom('s', 't'), sequence: fc.integer({ min: 1, max: 12 }), gap: fc.nat(6) })
  .map(({ session, sequence, gap }) => ({
    session,
    sequence,
    lowestUnanswered: Math.max(1, sequence - gap),
  }));

const placed = {
  caller: fc.nat(3),
  space: fc.constantFrom('default', 'default', 'left', 'right'),
  requestId: maybe(requestId),
};

const settleAction: fc.Arbitrary<SettleAction> = fc.oneof(
  fc
    .record({ tuples: fc.array(fc.tuple(value, value), { maxLength: 2 }), ttlMs: maybe(ms) })
    .map(({ tuples, ttlMs }) => ({
      kind: 'commit' as const,
      tuples,
      ...(ttlMs !== undefined && { ttlMs }),
    })),
  fc.constant({ kind: 'release' as const }),
  ms.map((holdMs) => ({ kind: 'extend' as const, holdMs })),
);

function act<K extends Act['kind'], T>(
  kind: K,
  fields: { [P in keyof T]: fc.Arbitrary<T[P]> },
): fc.Arbitrary<Placed & { readonly kind: K } & T> {
  const all = fc.record({ ...placed, kind: fc.constant(kind), ...fields });
  return all as fc.Arbitrary<unknown> as fc.Arbitrary<Placed & { readonly kind: K } & T>;
}

const take = { templates: fc.array(template, { minLength: 1, maxLength: 2 }), min: count, max: count };
const taken = { ...take, holdMs: fc.oneof(fc.constant(0), ms), lease: maybe(few) };
const writes = act('write', {
  tuples: fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 3 }),
  ttlMs: maybe(ms),
  lease: maybe(few),
  unless: maybe(template),
});

export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: writes },
  { weight: 3, arbitrary: act('take', taken) },
  { weight: 2, arbitrary: act('tryTake', taken) },
  { weight: 3, arbitrary: act('settle', { hold: few, action: settleAction }) },
  { weight: 2, arbitrary: act('lease', { lease: maybe(few), ttlMs: fc.oneof(fc.constant(0), ms) }) },
  { weight: 1, arbitrary: act('putSpace', { settings: fc.constantFrom(...settings) }) },
  { weight: 1, arbitrary: act('putToken', { epoch: fc.nat(3), ttlMs: maybe(ms) }) },
  act('revokeToken', {}),
  act('dropSpace', {}),
  act('expire', {}),
  { weight: 2, arbitrary: act('look', {}) },
  { weight: 3, arbitrary: act('elapse', { ms }) },
);

/** What callers have been given so far. */
export interface Known {
  readonly holds: string[];
  readonly leases: string[];
}

type Acts<Kind extends Act['kind']> = Extract<Act, { kind: Kind }>;

/** The request that an act is. */
export function requestOf(what: Acts<'write'>, known: Known): WriteRequest;
export function requestOf(what: Acts<'take' | 'tryTake'>, known: Known): TakeRequest;
export function requestOf(what: Acts<'settle'>, known: Known): SettleRequest;
export function requestOf(what: Acts<'lease'>, known: Known): LeaseRequest;
export function requestOf(
  what: Acts<'write' | 'take' | 'tryTake' | 'settle' | 'lease'>,
  known: Known,
): WriteRequest | TakeRequest | SettleRequest | LeaseRequest {
  const { space, requestId } = what;
  const base = { space, ...(requestId && { requestId }) };
  switch (what.kind) {
    case 'write': {
      const { tuples, ttlMs, unless } = what;
      const life = { ...(ttlMs !== undefined && { ttlMs }), ...leaseOf(what, known) };
      return { ...base, tuples, ...life, ...(unless && { unless }) };
    }
    case 'take':
    case 'tryTake': {
      const { templates, min, holdMs } = what;
      return { ...base, templates, min, max: Math.max(min, what.max), holdMs, ...leaseOf(what, known) };
    }
    case 'settle':
      return { ...base, holdToken: pick(known.holds, what.hold), action: what.action };
    case 'lease':
      return { ...base, ttlMs: what.ttlMs, ...leaseOf(what, known) };
  }
}

function leaseOf({ lease }: { lease: number | undefined }, { leases }: Known): { leaseId?: string } {
  return lease === undefined ? {} : { leaseId: pick(leases, lease) };
}

/** A machine whose time and random texts are driven by hand, and what its callers know. */
export class MachineRun {
  readonly machine: Machine;
  readonly known: Known = { holds: [], leases: [] };
  readonly #time: { nowMs: number };
  #textCount = 0;

  /** @param from a run that has come to the same state; what its callers know is known here */
  constructor(from?: MachineRun) {
    this.#time = { nowMs: from === undefined ? 1_000 : from.#time.nowMs };
    const time = { nowMs: () => this.#time.nowMs };
    this.machine = new Machine(
      { limits: defaultLimits, tokensMax: 6, spacesMax: 3, auditMax: 4 },
      {
        pace: { clock: new ManualClock(), time, presentTime: time, waitTime: time, onDue: () => {} },
        randomText: () => this.#text(),
        areEffectsGuarded: false,
      },
    );
    if (from === undefined) {
      // Tokens are put for callers 1 to 3.
      this.machine.callers.admit(hashOf(0), callerOf(0, 0));
      return;
    }
    this.#textCount = from.#textCount;
    this.known = { holds: [...from.known.holds], leases: [...from.known.leases] };
  }

  /** What the act came to. */
  run(what: Act): string {
    try {
      const answer = this.#do(what);
      const { holdToken, leaseId } = (answer ?? {}) as { holdToken?: string; leaseId?: string };
      if (holdToken !== undefined) this.known.holds.push(holdToken);
      if (leaseId !== undefined) this.known.leases.push(leaseId);
      return stringify(sorted(answer));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return `${error.code} ${error.message} ${stringify(error.details)}`;
    }
  }

  #do(what: Act): unknown {
    const { machine } = this;
    const { space } = what;
    const steps = machine.steps(hashOf(what.caller));
    const admin = machine.adminSteps(hashOf(what.caller));
    switch (what.kind) {
      case 'write':
        return steps.write(requestOf(what, this.known));
      case 'take':
        return steps.take(requestOf(what, this.known));
      case 'tryTake':
        return steps.tryTake(requestOf(what, this.known));
      case 'settle':
        return steps.settle(requestOf(what, this.known));
      case 'lease':
        return steps.lease(requestOf(what, this.known));
      case 'putSpace':
        return admin.putSpace({ space, settings: what.settings });
      case 'dropSpace':
        return admin.dropSpace({ space });
      case 'putToken': {
        const caller = callerOf(what.caller, what.epoch);
        const ttl = what.ttlMs !== undefined && { ttlMs: what.ttlMs };
        return machine.adminSteps(hashOf(0)).putToken({ tokenHash: hashOf(what.caller), caller, ...ttl });
      }
      case 'revokeToken':
        return (
          what.caller > 0 && machine.adminSteps(hashOf(0)).revokeToken({ tokenHash: hashOf(what.caller) })
        );
      case 'expire':
        return machine.spaces.expire();
      case 'elapse':
        this.#time.nowMs += what.ms;
        return undefined;
      case 'look':
        return this.#look(space);
    }
  }

  /** All that can be seen of a space. */
  #look(space: string): unknown {
    const steps = this.machine.steps(hashOf(0));
    const admin = this.machine.adminSteps(hashOf(0));
    const caller = this.machine.callers.identify(hashOf(0));
    const spaces = admin.listSpaces({});
    const revision = spaces.spaces.find((info) => info.space === space)?.oldestRevision;
    const watch = { poke: () => {}, fail: () => {} };
    const found = this.machine.spaces.get(space);
    const from = { revision: revision ?? 0n };
    const frames: unknown[] = [];
    for (const start of [from, { revision: 0n }]) {
      const feed = found.openFeed(watch, { caller, templates: [], from: start });
      for (let frame = feed.next(0); frame !== undefined; frame = feed.next(0)) frames.push(frame);
      found.closeFeed(watch);
    }
    const tuples = steps.read({ space, templates: [[any, any]], includeHeld: true });
    return [spaces, frames, tuples, admin.readAudit({ space })];
  }

  #text(): string {
    this.#textCount += 1;
    return hashToken(`text ${this.#textCount}`);
  }
}

/** The same with the keys of all objects in order: a dump keeps what they say, not how they were made. */
function sorted(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(sorted);
  if (typeof answer !== 'object' || answer === null || answer instanceof Uint8Array) return answer ?? null;
  const entries = Object.entries(answer).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function callerOf(caller: number, epoch: number): Caller {
  if (caller === 0) return { kind: 'orchestrator', id: 'orchestrator', epoch: 0 };
  if (caller === 1) return { kind: 'client', id: 'client-1', epoch: 0 };
  return {
    kind: 'general',
    id: `general-${caller}`,
    epoch: Math.max(1, epoch),
    node: 'node-1',
    space: 'default',
  };
}

function hashOf(caller: number): string {
  return hashToken(`token of ${caller}`);
}

function pick(texts: readonly string[], number: number): string {
  return texts[number % Math.max(1, texts.length)] ?? 'none';
}
