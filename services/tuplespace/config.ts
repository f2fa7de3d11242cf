/**
 * The settings of the tuple space and of its store.
 */
import type { SettingCheck, ValuesOf } from '../runtime/index.js';
import {
  address,
  addressOrNone,
  choice,
  filePath,
  serverUrl,
  setting,
  text,
  trueOrFalse,
  variableOf,
  wholeNumber,
} from '../runtime/index.js';
import { defaultLimits, limitCeilings, type SpaceLimits } from './limits.js';
import type { SpaceServiceInfo } from './space.js';

/** `[byzantine]`: where the tuples are kept. */
export const backendKeys = {
  backend: setting({
    path: 'byzantine.tuplespace_backend',
    kind: choice(['memory', 'redis', 'postgres']),
    default: 'memory',
    doc:
      'Where the tuples are kept. In memory they last as long as the process; redis and postgres keep them for ' +
      'several replicas of the service, which share what has the same tuplespace.log_name.',
  }),
  redisUrl: setting({
    path: 'byzantine.redis_url',
    kind: serverUrl({
      schemes: ['redis', 'rediss'],
      example: 'redis://host:port, rediss://user@host:port/database',
      passwordKey: 'byzantine.redis_password_file',
    }),
    default: '',
    doc: 'Of the backend "redis", 7 or later; the others do not read it.',
  }),
  redisPasswordFile: setting({
    path: 'byzantine.redis_password_file',
    kind: filePath(),
    default: '',
    doc: 'File with the password of Redis.',
    isSecretFile: true,
  }),
  postgresUrl: setting({
    path: 'byzantine.postgres_url',
    kind: serverUrl({
      schemes: ['postgres', 'postgresql'],
      example: 'postgres://user@host:port/database',
      passwordKey: 'byzantine.postgres_password_file',
    }),
    default: '',
    doc: 'Of the backend "postgres", 15 or later; the others do not read it.',
  }),
  postgresPasswordFile: setting({
    path: 'byzantine.postgres_password_file',
    kind: filePath(),
    default: '',
    doc: 'File with the password of Postgres.',
    isSecretFile: true,
  }),
};

/** `[tuplespace]`: the service, and the limits of spaces whose own settings say nothing. */
export const tupleSpaceKeys = {
  address: setting({
    path: 'tuplespace.address',
    kind: address(),
    default: '127.0.0.1:7000',
    doc: 'Where the tuple space listens.',
  }),
  metricsAddress: setting({
    path: 'tuplespace.metrics_address',
    kind: addressOrNone(),
    default: '',
    doc: 'Where the tuple space serves its metrics to Prometheus, under /metrics.',
  }),
  enrolSecretFile: setting({
    path: 'tuplespace.enrol_secret_file',
    kind: filePath(),
    default: '',
    doc: 'File with the secret that callers must show to get a token. Without one, everyone gets a token.',
    isSecretFile: true,
  }),
  isTokenRequired: setting({
    path: 'tuplespace.require_token',
    kind: trueOrFalse(),
    default: false,
    doc: 'Refuse calls without a token.',
  }),
  durability: setting({
    path: 'tuplespace.durability',
    kind: choice(['strongest', 'process', 'store-process', 'power-loss']),
    default: 'strongest',
    doc:
      'What an acknowledged write must survive: process nothing beyond this process (memory), store-process a crash ' +
      'of the service or of the store, power-loss that of the machine; strongest is process for memory and power-loss ' +
      'for the others. A store that is set weaker than this stops the start.',
  }),
  logName: setting({
    path: 'tuplespace.log_name',
    kind: text({
      pattern: /^[a-z_][a-z0-9_]{0,39}$/,
      allowed: 'up to 40 characters of a-z, 0-9, "_", no digit first',
    }),
    default: 'byzantine',
    doc:
      "Name of this deployment's log: what its keys in Redis begin with, its schema in Postgres. Services with different " +
      'names share nothing. byz run and byz dev add "_embedded".',
  }),
  snapshotEvery: setting({
    path: 'tuplespace.snapshot_every',
    kind: wholeNumber({ min: 1_000, max: 10_000_000 }),
    default: 50_000,
    unit: 'log entries',
    doc:
      'How much the log grows before its beginning is replaced by a snapshot. More means fewer snapshots, a longer log ' +
      'and a longer start.',
  }),
  messageBytesMax: setting({
    path: 'tuplespace.max_message_bytes',
    kind: wholeNumber({ min: 64 * 1024, max: 256 * 1024 * 1024 }),
    default: 8 * 1024 * 1024,
    unit: 'bytes',
    doc: 'Longest message that the service accepts.',
  }),
  historyMax: setting({
    path: 'tuplespace.history_max',
    kind: wholeNumber({ min: 1, max: 10_000_000 }),
    default: 100_000,
    unit: 'events',
    doc: 'How much of its past a space keeps, for watches to resume from.',
  }),
  spacesMax: setting({
    path: 'tuplespace.spaces_max',
    kind: wholeNumber({ min: 1, max: 1_000_000 }),
    default: 10_000,
    unit: 'spaces',
    doc: 'How many spaces there may be.',
  }),
  tuplesMax: limitSetting('tuplesMax', { name: 'tuples_max', unit: 'tuples', doc: 'Tuples in one space.' }),
  bytesMax: limitSetting('bytesMax', {
    name: 'bytes_max',
    unit: 'bytes',
    doc: 'Size of all tuples of one space.',
  }),
  examinedMax: limitSetting('examinedMax', {
    name: 'examined_max',
    unit: 'tuples',
    doc: 'How many tuples one call may look at; a template that needs more is refused.',
  }),
  waitersMax: limitSetting('waitersMax', {
    name: 'waiters_max',
    unit: 'calls',
    doc: 'How many calls may wait in one space.',
  }),
  waitMsMax: limitSetting('waitMsMax', {
    name: 'wait_ms_max',
    unit: 'ms',
    doc: 'Longest wait of one call; longer ones are cut.',
  }),
  callerTuplesMax: limitSetting('callerTuplesMax', {
    name: 'caller_tuples_max',
    unit: 'tuples',
    doc: 'Tuples of one writer in one space. This and the quotas below are not for orchestrators; as they stand nobody reaches them.',
  }),
  callerBytesMax: limitSetting('callerBytesMax', {
    name: 'caller_bytes_max',
    unit: 'bytes',
    doc: 'Size of all tuples of one writer in one space.',
  }),
  callerWritesPerSecondMax: limitSetting('callerWritesPerSecondMax', {
    name: 'caller_writes_per_second_max',
    unit: 'calls',
    doc: 'Writes, takes, settles and leases of one caller in one space and one second, refused ones included.',
  }),
  callerWaitersMax: limitSetting('callerWaitersMax', {
    name: 'caller_waiters_max',
    unit: 'calls',
    doc: 'How many calls of one caller may wait in one space; each replica counts its own.',
  }),
  callerWatchesMax: limitSetting('callerWatchesMax', {
    name: 'caller_watches_max',
    unit: 'watches',
    doc: 'How many watches one caller may have on one space; each replica counts its own.',
  }),
};

/** The limits of spaces whose own settings say nothing, as they are set. */
export function spaceLimits(values: ValuesOf<typeof tupleSpaceKeys>): SpaceLimits {
  const { tuplesMax, bytesMax, examinedMax, waitersMax, waitMsMax } = values;
  const { callerTuplesMax, callerBytesMax, callerWritesPerSecondMax } = values;
  const { callerWaitersMax, callerWatchesMax } = values;
  return {
    ...defaultLimits,
    ...{ tuplesMax, bytesMax, examinedMax, waitersMax, waitMsMax },
    ...{ callerTuplesMax, callerBytesMax, callerWritesPerSecondMax, callerWaitersMax, callerWatchesMax },
  };
}

/** What the settings of a store must have in common. */
export const storeChecks: readonly SettingCheck[] = [
  urlCheck('redis', backendKeys.redisUrl.path),
  urlCheck('postgres', backendKeys.postgresUrl.path),
  {
    paths: [backendKeys.backend.path, tupleSpaceKeys.durability.path],
    problem(settings) {
      const { backend } = settings.values(backendKeys);
      const { durability } = settings.values(tupleSpaceKeys);
      const allowed = durabilitiesOf(backend);
      if (durability === 'strongest' || allowed.includes(durability)) return undefined;
      return `with ${backend} it can be ${allowed.join(' or ')}`;
    },
    advice: 'declare what the backend can keep, or take another backend',
  },
];

function urlCheck(backend: Backend, path: string): SettingCheck {
  return {
    paths: [backendKeys.backend.path, path],
    problem: (settings) =>
      settings.values(backendKeys).backend === backend && settings.get(path).value === ''
        ? `the backend ${backend} needs to know where it is`
        : undefined,
    advice: `set ${path} (${variableOf(path)})`,
  };
}

function durabilitiesOf(backend: Backend): readonly DeclaredDurability[] {
  return backend === 'memory' ? ['process'] : ['store-process', 'power-loss'];
}

type Backend = SpaceServiceInfo['backend'];
type DeclaredDurability = SpaceServiceInfo['durability'];
type DeployableLimit = 'tuplesMax' | 'bytesMax' | 'examinedMax' | 'waitersMax' | 'waitMsMax' | CallerQuota;
type CallerQuota = Extract<keyof SpaceLimits, `caller${string}`>;

function limitSetting(limit: DeployableLimit, about: { name: string; unit: string; doc: string }) {
  return setting({
    path: `tuplespace.${about.name}`,
    kind: wholeNumber({ min: 1, max: limitCeilings[limit] }),
    default: defaultLimits[limit],
    unit: about.unit,
    doc: about.doc,
  });
}
