/**
 * The settings of a command: all tables together, and the flags that stand for keys.
 */
import { dashboardKeys } from '../dashboard/index.js';
import { generalNodeKeys } from '../general-node/index.js';
import { orchestratorKeys, roundKeys } from '../orchestrator/index.js';
import type { FlagValue, SettingCheck, Settings } from '../runtime/index.js';
import { connectionKeys, loadSettings, logKeys, tlsKeys, traceKeys } from '../runtime/index.js';
import { backendKeys, tupleSpaceKeys } from '../tuplespace/index.js';
import type { StoreOptions } from './commands/store-options.js';
import type { GlobalOptions, Shell } from './shell.js';

/** Every key of release.toml, in its order. */
export const settingTables = [
  roundKeys,
  backendKeys,
  tupleSpaceKeys,
  generalNodeKeys,
  orchestratorKeys,
  dashboardKeys,
  connectionKeys,
  logKeys,
  traceKeys,
  tlsKeys,
];

/** What stands above the keys in release.toml. */
export const settingsHeading = [
  'The settings of Byzantine Generals: every key with its default.',
  '',
  'A value in this file is weaker than the environment variable of its key, and that is weaker than ' +
    'a flag. An empty variable counts as not set. A name that is unknown or a value that is not allowed ' +
    'stops the start. Secrets stand in files of their own. `byz config show --origin` tells where each ' +
    'value comes from.',
].join('\n');

/** The settings of this command line. Errors: invalid_argument, with all problems. */
export function loadCommandSettings(
  { environment, workingDirectory }: Shell,
  options: GlobalOptions,
  { flags = [], checks = [] }: { flags?: readonly FlagValue[]; checks?: readonly SettingCheck[] } = {},
): Settings {
  return loadSettings({
    tables: settingTables,
    environment,
    workingDirectory,
    flags,
    checks,
    ...(options.config === undefined ? {} : { filePath: options.config }),
  });
}

/** The flags that were given, each as the key it stands for: `{ generals: 'byzantine.general_count' }`. */
export function flagValues<Options extends object>(
  options: Options,
  paths: Readonly<Partial<Record<keyof Options & string, string>>>,
): readonly FlagValue[] {
  return Object.entries<string | undefined>(paths).flatMap(([name, path]) => {
    const given = options[name as keyof Options];
    if (given === undefined || path === undefined) return [];
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return [{ path, flag, text: String(given) }];
  });
}

/** The flags of a store as the keys they stand for. */
export function storeFlags(options: StoreOptions): readonly FlagValue[] {
  return flagValues<StoreOptions>(options, {
    backend: backendKeys.backend.path,
    redisUrl: backendKeys.redisUrl.path,
    redisPasswordFile: backendKeys.redisPasswordFile.path,
    postgresUrl: backendKeys.postgresUrl.path,
    postgresPasswordFile: backendKeys.postgresPasswordFile.path,
    durability: tupleSpaceKeys.durability.path,
  });
}
