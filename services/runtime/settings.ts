/**
 * Settings: defaults < file < environment < flags. Every value knows where it came from, and all problems are
 * named at once: the key's path, the value, where it was written, what is allowed.
 */
import { ServiceError } from './errors.js';
import type { SettingsFile } from './settings-file.js';
import { findUnknownNames } from './settings-names.js';
import type { SettingKey, SettingTable, ValuesOf } from './settings-table.js';
import { variableOf } from './settings-table.js';

/** Where values come from; each is weaker than the next, and the defaults are below them all. */
export interface SettingSources {
  readonly file?: SettingsFile;
  /** A variable that is empty counts as not set. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags?: readonly FlagValue[];
}

/** A flag that sets a key. */
export interface FlagValue {
  readonly path: string;
  /** As typed: `--traitors`. */
  readonly flag: string;
  readonly text: string;
}

/** A rule over several keys, asked only when each of them is good by itself. */
export interface SettingCheck {
  /** The keys that a broken rule names, with their values. */
  readonly paths: readonly string[];
  /** Further keys that it reads. */
  readonly alsoReads?: readonly string[];
  /** What is wrong, or undefined. */
  problem(settings: Settings): string | undefined;
  /** What to do instead, for people; it becomes `details.advice` when nothing else is wrong. */
  readonly advice?: string;
}

/** Where a value came from. */
export type SettingSource = 'default' | 'file' | 'environment' | 'flag';

/** One key as it was resolved. */
export interface ResolvedSetting {
  readonly key: SettingKey;
  readonly value: unknown;
  /** `default`, `release.toml:12`, `BYZANTINE_FAULT_COUNT` or `--traitors`. */
  readonly origin: string;
  readonly source: SettingSource;
}

/** Resolved settings. Asking for a key that no table holds is a bug of the caller (internal). */
export interface Settings {
  /** The values of one of the tables. */
  values<Table extends SettingTable>(table: Table): ValuesOf<Table>;
  get(path: string): ResolvedSetting;
  /** All keys, in the order of the tables. */
  readonly all: readonly ResolvedSetting[];
}

/**
 * Puts the sources together. Errors: invalid_argument with all problems, one a line; `details.field` is the
 * path of the first, and `details.settings` is `flags` when only flags are at fault, else `sources`.
 */
export function resolveSettings(
  tables: readonly SettingTable[],
  sources: SettingSources,
  checks: readonly SettingCheck[] = [],
): Settings {
  const keys = tables.flatMap((table) => Object.values(table));
  const settings = toSettings(keys.map((key) => resolveKey(key, sources)));
  const refused = settings.all.filter((entry) => !entry.key.kind.schema.safeParse(entry.value).success);
  const bad = new Set(refused.map((entry) => entry.key.path));
  const problems = [
    ...findUnknownNames(keys, sources),
    ...refused.map((entry) => ({
      path: entry.key.path,
      source: entry.source,
      text: refusal(entry),
    })),
    ...checks
      .filter(({ paths, alsoReads = [] }) => ![...paths, ...alsoReads].some((path) => bad.has(path)))
      .flatMap((check) => checkProblem(check, settings)),
  ];
  if (problems.length > 0) throw settingsError(problems);
  return settings;
}

/** The value of a key as it may be shown to anybody. */
export function shownValue({ key, value }: Pick<ResolvedSetting, 'key' | 'value'>): unknown {
  return key.kind.shown === undefined ? value : key.kind.shown(value);
}

/** A value as the file would have it: `"memory"`, `1000`, `["general-0"]`. */
export function showValue(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map(showValue).join(', ')}]`
    : (JSON.stringify(value) ?? String(value));
}

interface Problem {
  readonly path: string;
  readonly source: SettingSource;
  readonly text: string;
  readonly advice?: string;
}

function toSettings(all: readonly ResolvedSetting[]): Settings {
  const byPath = new Map(all.map((entry) => [entry.key.path, entry]));
  const get = (path: string): ResolvedSetting => {
    const entry = byPath.get(path);
    if (entry === undefined) throw new ServiceError('internal', `no settings table holds ${path}`);
    return entry;
  };
  return {
    all,
    get,
    values<Table extends SettingTable>(table: Table) {
      const named = Object.entries(table).map(([name, key]) => [name, get(key.path).value]);
      return Object.fromEntries(named) as ValuesOf<Table>; // each value passed the schema of its own key
    },
  };
}

function resolveKey(key: SettingKey, sources: SettingSources): ResolvedSetting {
  const flag = sources.flags?.findLast((candidate) => candidate.path === key.path);
  if (flag !== undefined) {
    return { key, value: key.kind.fromText(flag.text), origin: flag.flag, source: 'flag' };
  }
  const variable = variableOf(key.path);
  const given = sources.environment[variable];
  if (given !== undefined && given !== '') {
    return { key, value: key.kind.fromText(given), origin: variable, source: 'environment' };
  }
  const written = sources.file?.values.find((candidate) => candidate.path === key.path);
  if (written !== undefined) {
    return { key, value: written.value, origin: `${sources.file?.name}:${written.line}`, source: 'file' };
  }
  return { key, value: key.default, origin: 'default', source: 'default' };
}

function checkProblem(check: SettingCheck, settings: Settings): Problem[] {
  const problem = check.problem(settings);
  if (problem === undefined) return [];
  const entries = check.paths.map((path) => settings.get(path));
  const isByFlag = entries.some((entry) => entry.source === 'flag');
  return [
    {
      path: check.paths[0] ?? '',
      source: isByFlag ? 'flag' : (entries[0]?.source ?? 'default'),
      text: `${entries.map(showSetting).join(', ')}: ${problem}`,
      ...(check.advice === undefined ? {} : { advice: check.advice }),
    },
  ];
}

function refusal(entry: ResolvedSetting): string {
  const { allowed, hint } = entry.key.kind;
  return `${showSetting(entry)}, allowed: ${allowed}${hint?.(entry.value) ?? ''}`;
}

function showSetting(entry: ResolvedSetting): string {
  return `${entry.key.path} = ${showValue(shownValue(entry))} (${entry.origin})`;
}

function settingsError(problems: readonly Problem[]): ServiceError {
  const texts = problems.map((problem) => problem.text);
  const message =
    texts.length === 1
      ? `setting ${texts[0]}`
      : `${texts.length} problems in the settings:\n  ${texts.join('\n  ')}`;
  const isByFlags = problems.every((problem) => problem.source === 'flag');
  const [first] = problems;
  const advice = problems.length === 1 && first?.advice !== undefined ? { advice: first.advice } : {};
  return new ServiceError('invalid_argument', message, {
    details: { field: first?.path ?? '', settings: isByFlags ? 'flags' : 'sources', ...advice },
  });
}
