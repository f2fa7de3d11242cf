/**
 * Tables of setting keys. A service declares the keys that it reads, each with its kind, default and
 * description; the command line, the environment and the settings file are all read by these tables.
 */
import type { ValueKind } from './settings-kind.js';

/** One key. */
export interface SettingKey<Value = unknown> {
  /** `section.key`, both in snake case. */
  readonly path: string;
  readonly kind: ValueKind<Value>;
  readonly default: NoInfer<Value>;
  /** Such as `ms` or `bytes`. */
  readonly unit?: string;
  /** What it decides, in a sentence or two. */
  readonly doc: string;
  /** The value is the path of a file that holds a secret; secrets stand nowhere else. */
  readonly isSecretFile?: boolean;
}

/** The keys of one reader, by the name that the program uses. Several tables may share a section. */
export type SettingTable = Readonly<Record<string, SettingKey>>;

/** The values of a table's keys. */
export type ValuesOf<Table extends SettingTable> = {
  readonly [Name in keyof Table]: Table[Name] extends SettingKey<infer Value> ? Value : never;
};

/** Declares a key; the type of its value follows from its kind. */
export function setting<Value>(key: SettingKey<Value>): SettingKey<Value> {
  return key;
}

/** `byzantine` of `byzantine.general_count`. */
export function sectionOf(path: string): string {
  return path.slice(0, Math.max(0, path.indexOf('.')));
}

/**
 * Starts the name of every environment variable; the section of this name has variables without a section.
 */
export const projectName = 'byzantine';

/**
 * The environment variable of a key: `BYZANTINE_LOG_LEVEL` for `log.level`, `BYZANTINE_ORDER` for
 * `byzantine.order`.
 */
export function variableOf(path: string): string {
  const tail = sectionOf(path) === projectName ? path.slice(projectName.length + 1) : path.replace('.', '_');
  return `${projectName}_${tail}`.toUpperCase();
}
