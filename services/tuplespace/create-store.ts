/**
 * The store that the settings ask for.
 */
import { type Clock, readSecretFile, ServiceError, type ValuesOf, variableOf } from '../runtime/index.js';
import { backendKeys, spaceLimits, tupleSpaceKeys } from './config.js';
import type { Store } from './store.js';
import { MemoryStore } from './stores/memory/index.js';
import { PostgresLog } from './stores/postgres/index.js';
import { RedisLog } from './stores/redis/index.js';
import { type Durability, type LogOpener, ReplicatedStore } from './stores/replica/index.js';

export interface StoreSettings {
  readonly backend: ValuesOf<typeof backendKeys>;
  readonly space: ValuesOf<typeof tupleSpaceKeys>;
}

/**
 * The store of a backend, not yet started. Errors of its start, but for the memory store: invalid_argument, failed_precondition,
 * unauthenticated and unavailable, each with the setting to look at. Errors: invalid_argument (the file of a password).
 *
 * @param secret what callers must show to enrol; '' lets everyone in
 */
export function createStore(
  settings: StoreSettings,
  { clock, version, secret }: { clock: Clock; version: string; secret: string },
): Store {
  const { historyMax, spacesMax, isTokenRequired, snapshotEvery } = settings.space;
  const options = {
    clock,
    version,
    limits: spaceLimits(settings.space),
    historyMax,
    spacesMax,
    isAnonymousAllowed: !isTokenRequired,
    enrolmentSecret: secret === '' ? undefined : secret,
  };
  const opener = createLog(settings, clock);
  return opener === undefined
    ? new MemoryStore(options)
    : new ReplicatedStore({ ...options, opener, snapshotEvery });
}

/** The log that replicas of the service share; undefined: this backend has none. */
function createLog({ backend: keys, space }: StoreSettings, clock: Clock): LogOpener | undefined {
  const common = { durability: durabilityOf(space.durability), clock };
  switch (keys.backend) {
    case 'memory':
      return undefined;
    case 'redis': {
      const secret = { path: keys.redisPasswordFile, field: backendKeys.redisPasswordFile.path };
      const access = { url: keys.redisUrl, password: passwordIn(secret) };
      const log = new RedisLog({ ...common, ...access, prefix: space.logName });
      return blaming({ url: backendKeys.redisUrl.path, secret }, log);
    }
    case 'postgres': {
      const secret = { path: keys.postgresPasswordFile, field: backendKeys.postgresPasswordFile.path };
      const access = { url: keys.postgresUrl, password: passwordIn(secret) };
      const log = new PostgresLog({ ...common, ...access, schema: space.logName });
      return blaming({ url: backendKeys.postgresUrl.path, secret }, log);
    }
  }
}

/** `process` is refused before: no log promises so little. */
function durabilityOf(declared: StoreSettings['space']['durability']): Durability {
  return declared === 'store-process' ? 'store-process' : 'power-loss';
}

interface SecretFile {
  readonly path: string;
  /** The setting that names it. */
  readonly field: string;
}

function passwordIn({ path, field }: SecretFile): string | undefined {
  return path === '' ? undefined : readSecretFile(path, field);
}

/** The same log, whose errors name the setting to look at. */
function blaming(keys: { readonly url: string; readonly secret: SecretFile }, log: LogOpener): LogOpener {
  return {
    async open(events) {
      try {
        return await log.open(events);
      } catch (error) {
        throw error instanceof ServiceError ? withSetting(error, keys) : error;
      }
    },
  };
}

function withSetting(error: ServiceError, { url, secret }: Parameters<typeof blaming>[0]): ServiceError {
  const { code, message, details, cause } = error;
  const blame = (problem: string, advice: string) =>
    new ServiceError(code, problem, { cause, details: { ...details, settings: 'sources', advice } });
  const { field, path } = secret;
  switch (code) {
    case 'unavailable':
      return blame(
        `${url}: ${message}`,
        `start it there, or name another place by ${url} (${variableOf(url)})`,
      );
    case 'unauthenticated':
      return blame(
        `${field}: ${message}`,
        path === ''
          ? `write it into a file, and the file's path into ${field} (${variableOf(field)})`
          : `the one in ${path} was shown`,
      );
    case 'failed_precondition': {
      const declared = tupleSpaceKeys.durability.path;
      return blame(message, `what must survive is declared by ${declared} (${variableOf(declared)})`);
    }
    default:
      return error;
  }
}
