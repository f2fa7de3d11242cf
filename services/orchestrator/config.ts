/**
 * The settings of rounds and of the orchestrator.
 */
import type { Bound, ProtocolName } from '../consensus/index.js';
import { defaultMode, generalIds, protocolNames, protocolOf, strategyNames } from '../consensus/index.js';
import type { SettingCheck, ValuesOf } from '../runtime/index.js';
import {
  address,
  addresses,
  addressOrNone,
  choice,
  filePath,
  setting,
  wholeNumber,
} from '../runtime/index.js';
import type { RoundDefaults } from './resolve.js';
import { generalCountMax, phaseMsMax } from './resolve.js';

/** `[byzantine]`: what a round takes where its request says nothing. */
export const roundKeys = {
  generalCount: setting({
    path: 'byzantine.general_count',
    kind: wholeNumber({ min: 2, max: generalCountMax }),
    default: 4,
    unit: 'generals',
    doc: 'How many generals a round has, n. Oral messages need at least 4.',
  }),
  faultCount: setting({
    path: 'byzantine.fault_count',
    kind: wholeNumber({ min: 0, max: generalCountMax }),
    default: 1,
    unit: 'traitors',
    doc: 'How many traitors a round is made to withstand, m, and how many it has. OM needs n >= 3m + 1.',
  }),
  protocol: setting({
    path: 'byzantine.protocol',
    kind: choice(protocolNames),
    default: 'om',
    doc: 'How the generals agree.',
  }),
  strategy: setting({
    path: 'byzantine.strategy',
    kind: choice(strategyNames),
    default: 'two-faced',
    doc: 'How traitors betray that have no strategy of their own.',
  }),
  phaseMs: setting({
    path: 'byzantine.phase_ms',
    kind: wholeNumber({ min: 1, max: phaseMsMax }),
    default: 1000,
    unit: 'ms',
    doc: 'How long a phase waits for what is missing. A phase in which everyone speaks ends sooner.',
  }),
  messagesMax: setting({
    path: 'byzantine.max_messages',
    kind: wholeNumber({ min: 1, max: 10_000_000 }),
    default: 20_000,
    unit: 'messages',
    doc: 'A round that would send more is refused before it starts.',
  }),
};

/** `[orchestrator]`. */
export const orchestratorKeys = {
  address: setting({
    path: 'orchestrator.address',
    kind: address(),
    default: '127.0.0.1:7100',
    doc: 'Where the orchestrator listens.',
  }),
  metricsAddress: setting({
    path: 'orchestrator.metrics_address',
    kind: addressOrNone(),
    default: '',
    doc: 'Where the orchestrator serves its metrics to Prometheus, under /metrics. byz dev serves those of all three here.',
  }),
  tuplespace: setting({
    path: 'orchestrator.tuplespace',
    kind: addresses(),
    default: '127.0.0.1:7000',
    doc: 'Where the orchestrator finds the tuple space.',
  }),
  enrolSecretFile: setting({
    path: 'orchestrator.enrol_secret_file',
    kind: filePath(),
    default: '',
    doc: 'File with the secret that the tuple space asks an orchestrator for.',
    isSecretFile: true,
  }),
  roundRetentionMs: setting({
    path: 'orchestrator.round_retention_ms',
    kind: wholeNumber({ min: 1000, max: 30 * 24 * 3_600_000 }),
    default: 3_600_000,
    unit: 'ms',
    doc: 'How long a round that has ended is kept.',
  }),
  roundsMax: setting({
    path: 'orchestrator.rounds_max',
    kind: wholeNumber({ min: 1, max: 10_000 }),
    default: 64,
    unit: 'rounds',
    doc: 'How many rounds may run at once.',
  }),
  placementWaitMs: setting({
    path: 'orchestrator.placement_wait_ms',
    kind: wholeNumber({ min: 0, max: 600_000 }),
    default: 5000,
    unit: 'ms',
    doc: 'How long a round waits for nodes that can host all of its generals before it fails.',
  }),
  leaseMs: setting({
    path: 'orchestrator.lease_ms',
    kind: wholeNumber({ min: 300, max: 600_000 }),
    default: 3000,
    unit: 'ms',
    doc: 'How long an orchestrator keeps its rounds without a sign of life; then another one takes them over.',
  }),
  leaseGraceMs: setting({
    path: 'orchestrator.lease_grace_ms',
    kind: wholeNumber({ min: 1, max: 600_000 }),
    default: 500,
    unit: 'ms',
    doc: 'How long it keeps them after its connection broke.',
  }),
  returnMs: setting({
    path: 'orchestrator.return_ms',
    kind: wholeNumber({ min: 0, max: 600_000 }),
    default: 2000,
    unit: 'ms',
    doc: 'After its start, or an outage of the space, the orchestrator gives nodes this time to come back before it moves seats.',
  }),
};

/** The values of `[byzantine]` as the orchestrator takes them. */
export function roundDefaults(values: ValuesOf<typeof roundKeys>): RoundDefaults {
  const { generalCount, faultCount, protocol, strategy, phaseMs, messagesMax } = values;
  return { generalCount, faultCount, protocol, strategy, phaseMs, messagesMax };
}

/**
 * The numbers are within the bound of the protocol, and oral messages have 4 generals or more. For processes
 * whose rounds stay within the bound; a round that is asked for with `isOutsideBoundAllowed` is not held to
 * it.
 */
export const boundCheck: SettingCheck = {
  advice: 'change a number, or add --outside-bound to a single run to see what happens',
  paths: [roundKeys.generalCount.path, roundKeys.faultCount.path],
  alsoReads: [roundKeys.protocol.path],
  problem(settings) {
    const { generalCount: n, faultCount: m, protocol } = settings.values(roundKeys);
    const isEnough = n >= oralMin || defaultMode(protocol) !== 'mailbox';
    if (boundOf(protocol, n, m).isWithin)
      return isEnough ? undefined : `oral messages need n ≥ ${oralMin}, got ${n}`;
    const needed = leastGenerals(protocol, n, m);
    const rule = needed === undefined ? boundOf(protocol, n, m).rule : `n ≥ ${needed}`;
    return `m = ${m} needs ${rule}, got ${n}`;
  },
};

/** Fewer generals have nobody to ask twice: Lamport, Shostak and Pease 1982, section 2. */
const oralMin = 4;

function boundOf(protocol: ProtocolName, n: number, m: number): Bound {
  const generals = generalIds(n);
  const commander = generals[0] ?? '';
  const setting = {
    protocol,
    mode: defaultMode(protocol),
    generals,
    commander,
    isCouncil: false,
    traitorsMax: m,
  } as const;
  return protocolOf(setting).bound(setting);
}

/**
 * The least number of generals above `n` for which the protocol withstands `m`; undefined when a round cannot
 * have so many.
 */
function leastGenerals(protocol: ProtocolName, n: number, m: number): number | undefined {
  for (let count = n + 1; count <= generalCountMax; count += 1) {
    if (boundOf(protocol, count, m).isWithin) return Math.max(count, oralMin);
  }
  return undefined;
}
