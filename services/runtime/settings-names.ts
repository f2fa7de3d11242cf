/**
 * Names in the settings file and in the environment that no table knows, each with the nearest one that is known.
 */
import { suggestName } from './nearest.js';
import type { SettingsFile } from './settings-file.js';
import type { SettingKey } from './settings-table.js';
import { projectName, sectionOf, variableOf } from './settings-table.js';

/** A name that nothing reads. */
export interface UnknownName {
  readonly path: string;
  readonly source: 'file' | 'environment';
  /** The name, where it stands, and what may have been meant. */
  readonly text: string;
}

/** What may be judged: `ownSections` limits it to the sections whose keys are all in `keys`. */
export interface NameSources {
  readonly file?: SettingsFile;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly ownSections?: readonly string[];
}

/** All unknown names, those of the file first. */
export function findUnknownNames(keys: readonly SettingKey[], sources: NameSources): readonly UnknownName[] {
  const paths = keys.map((key) => key.path);
  return [...unknownInFile(paths, sources), ...unknownVariables(paths.map(variableOf), sources)];
}

function unknownInFile(paths: readonly string[], { file, ownSections }: NameSources): UnknownName[] {
  if (file === undefined) return [];
  const sections = [...new Set(paths.map(sectionOf))];
  const isJudged = (section: string) => ownSections?.includes(section) ?? true;
  const unknownSections = file.sections
    .filter(({ section }) => !sections.includes(section) && isJudged(section))
    .map(({ section, line }) =>
      unknown('section', `[${section}]`, `${file.name}:${line}`, inBrackets(section, sections)),
    );
  const unknownKeys = file.values
    .filter(({ path }) => !paths.includes(path) && isJudged(sectionOf(path)))
    .filter(({ path }) => !path.includes('.') || sections.includes(sectionOf(path)))
    .map(({ path, line }) =>
      unknown('key', path, `${file.name}:${line}`, suggestName(path, nearPaths(path, paths))),
    );
  return [...unknownSections, ...unknownKeys].map((name) => ({ ...name, source: 'file' }));
}

function unknownVariables(
  known: readonly string[],
  { environment, ownSections }: NameSources,
): UnknownName[] {
  const starts = ownSections
    ?.filter((section) => section !== projectName)
    .map((section) => variableOf(`${section}.`)) ?? [`${projectName}_`.toUpperCase()];
  return Object.entries(environment)
    .filter(([name, value]) => value !== undefined && !known.includes(name))
    .filter(([name]) => starts.some((start) => name.startsWith(start)))
    .map(([name]) => ({
      path: name,
      source: 'environment',
      text: `${name}: unknown variable${suggestName(name, known)}`,
    }));
}

function unknown(
  what: string,
  name: string,
  place: string,
  suggestion: string,
): { path: string; text: string } {
  return { path: name, text: `${name} (${place}): unknown ${what}${suggestion}` };
}

function inBrackets(section: string, known: readonly string[]): string {
  return suggestName(
    `[${section}]`,
    known.map((name) => `[${name}]`),
  );
}

/** The keys of the same section, or all when the name stands outside any section. */
function nearPaths(path: string, paths: readonly string[]): readonly string[] {
  const siblings = paths.filter((candidate) => sectionOf(candidate) === sectionOf(path));
  return siblings.length > 0 ? siblings : paths;
}
