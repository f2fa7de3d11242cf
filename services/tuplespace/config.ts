/**
 * The settings of the tuple space, and the store that they ask for.
 */
import type { Clock, ValuesOf } from '../runtime/index.js';
import { address, choice, filePath, setting, text, trueOrFalse, wholeNumber } from '../runtime/index.js';
import { defaultLimits, limitCeilings } from './limits.js';
import type { Store } from './store.js';
import { MemoryStore } from './stores/memory/index.js';

/** `[byzantine]`: where the tuples are kept. */
export const backendKeys = {
  backend: setting({
    path: 'byzantine.tuplespace_backend',
    kind: choice(['memory']),
    default: 'memory',
    doc: 'Where the tuples are kept. In memory they last as long as the process.',
  }),
  redisUrl: setting({
    path: 'byzantine.redis_url',
    kind: text({ pattern: /^(rediss?:\/\/.+)?$/, allowed: '"" or redis://host:port' }),
    default: '',
    doc: 'Of the backend "redis"; the others do not read it.',
  }),
  postgresUrl: setting({
    path: 'byzantine.postgres_url',
    kind: text({ pattern: /^(postgres(ql)?:\/\/.+)?$/, allowed: '"" or postgres://user@host:port/database' }),
    default: '',
    doc: 'Of the backend "postgres"; the others do not read it.',
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
};

/**
 * The store of a backend, not yet started. `secret` is what callers must show to enrol; '' lets everyone in.
 */
export function createStore(
  { backend, space }: { backend: ValuesOf<typeof backendKeys>; space: ValuesOf<typeof tupleSpaceKeys> },
  { clock, version, secret }: { clock: Clock; version: string; secret: string },
): Store {
  switch (backend.backend) {
    case 'memory': {
      const { tuplesMax, bytesMax, examinedMax, waitersMax, waitMsMax, historyMax, spacesMax } = space;
      return new MemoryStore({
        clock,
        version,
        limits: { ...defaultLimits, tuplesMax, bytesMax, examinedMax, waitersMax, waitMsMax },
        historyMax,
        spacesMax,
        isAnonymousAllowed: !space.isTokenRequired,
        enrolmentSecret: secret === '' ? undefined : secret,
      });
    }
  }
}

type DeployableLimit = 'tuplesMax' | 'bytesMax' | 'examinedMax' | 'waitersMax' | 'waitMsMax';

function limitSetting(limit: DeployableLimit, about: { name: string; unit: string; doc: string }) {
  return setting({
    path: `tuplespace.${about.name}`,
    kind: wholeNumber({ min: 1, max: limitCeilings[limit] }),
    default: defaultLimits[limit],
    unit: about.unit,
    doc: about.doc,
  });
}
