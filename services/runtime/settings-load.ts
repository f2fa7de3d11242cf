/**
 * Finds and reads the settings file of a process, then resolves. The only part of the settings that touches a
 * disk.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ServiceError } from './errors.js';
import type { SettingCheck, SettingSources, Settings } from './settings.js';
import { resolveSettings } from './settings.js';
import type { SettingsFile } from './settings-file.js';
import { parseSettingsFile } from './settings-file.js';
import type { SettingTable } from './settings-table.js';

/** Name of the settings file where none is named. */
const settingsFileName = 'release.toml';

/** What to load; `file` of the sources is what this module finds. */
export interface LoadRequest extends Omit<SettingSources, 'file'> {
  readonly tables: readonly SettingTable[];
  readonly checks?: readonly SettingCheck[];
  /** The file that was named explicitly; it must exist. */
  readonly filePath?: string;
  readonly workingDirectory: string;
}

/**
 * The settings of a process. The file is the one named, else release.toml in the working directory, else the
 * project's own; where there is none, the defaults stand. Errors: as resolveSettings; invalid_argument too
 * for a file that cannot be read.
 */
export function loadSettings(request: LoadRequest): Settings {
  const path = findFile(request);
  const file = path === undefined ? undefined : readSettingsFile(path, request.workingDirectory);
  return resolveSettings(
    request.tables,
    { ...request, ...(file === undefined ? {} : { file }) },
    request.checks,
  );
}

function findFile({ filePath, workingDirectory }: LoadRequest): string | undefined {
  if (filePath !== undefined) return resolve(workingDirectory, filePath);
  const here = join(workingDirectory, settingsFileName);
  return existsSync(here) ? here : findUpwards(import.meta.dirname, settingsFileName);
}

function readSettingsFile(path: string, workingDirectory: string): SettingsFile {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ServiceError('invalid_argument', `settings file: ${describeFileError(path, cause)}`, {
      cause,
      details: { field: path, settings: 'sources' },
    });
  }
  return parseSettingsFile(relative(workingDirectory, path), content);
}

function findUpwards(start: string, name: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return join(folder, name);
    if (dirname(folder) === folder) return undefined;
  }
}

function describeFileError(path: string, cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return `${path} does not exist`;
  if (code === 'EACCES') return `${path} may not be read by this user`;
  if (code === 'EISDIR') return `${path} is a folder, expected a file`;
  return `${path} cannot be read (${code ?? String(cause)})`;
}
