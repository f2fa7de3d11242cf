/**
 * Names in the settings file and in the environment that no table knows, each with the nearest one that is
 * known.
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

/** Where names stand. */
export interface NameSources {
  readonly file?: SettingsFile;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** All unknown names, those of the file first. */
export function findUnknownNames(keys: readonly SettingKey[], sources: NameSources): readonly UnknownName[] {
  const paths = keys.map((key) => key.path);
  return [...unknownInFile(paths, sources), ...unknownVariables(paths.map(variableOf), sources)];
}

function unknownInFile(paths: readonly string[], { file }: NameSources): UnknownName[] {
  if (file === undefined) return [];
  const sections = [...new Set(paths.map(sectionOf))];
  const unknownSections = file.sections
    .filter(({ section }) => !sections.includes(section))
    .map(({ section, line }) =>
      unknown('section', {
        name: `[${section}]`,
        place: `${file.name}:${line}`,
        known: sections.map(inBrackets),
      }),
    );
  const unknownKeys = file.values
    .filter(({ path }) => !paths.includes(path))
    .filter(({ path }) => !path.includes('.') || sections.includes(sectionOf(path)))
    .map(({ path, line }) =>
      unknown('key', { name: path, place: `${file.name}:${line}`, known: nearPaths(path, paths) }),
    );
  return [...unknownSections, ...unknownKeys].map((name) => ({ ...name, source: 'file' }));
}

function unknownVariables(known: readonly string[], { environment }: NameSources): UnknownName[] {
  const start = `${projectName}_`.toUpperCase();
  return Object.entries(environment)
    .filter(([name, value]) => value !== undefined && !known.includes(name))
    .filter(([name]) => name.startsWith(start))
    .map(([name]) => ({
      path: name,
      source: 'environment',
      text: `${name}: unknown variable${suggestName(name, known)}`,
    }));
}

function unknown(
  what: 'section' | 'key',
  { name, place, known }: { name: string; place: string; known: readonly string[] },
): { path: string; text: string } {
  return { path: name, text: `${name} (${place}): unknown ${what}${suggestName(name, known)}` };
}

function inBrackets(section: string): string {
  return `[${section}]`;
}

/** The keys of the same section, or all when the name stands outside any section. */
function nearPaths(path: string, paths: readonly string[]): readonly string[] {
  const siblings = paths.filter((candidate) => sectionOf(candidate) === sectionOf(path));
  return siblings.length > 0 ? siblings : paths;
}
