/**
 * The settings file: TOML with one level of sections. Values come with the line they stand in, for error
 * messages and for `config show --origin`. Which keys are known is not decided here.
 */
import { parse, TomlError } from 'smol-toml';
import { ServiceError } from './errors.js';

/** What a settings file says. */
export interface SettingsFile {
  /** As a person would name it: `release.toml`. */
  readonly name: string;
  /** Sections in the order of the file, the empty ones included. */
  readonly sections: readonly { readonly section: string; readonly line: number }[];
  readonly values: readonly FileValue[];
}

export interface FileValue {
  /** `section.key`; a key before the first section has no dot. */
  readonly path: string;
  readonly value: unknown;
  /** From 1. */
  readonly line: number;
}

/** Reads the text of a settings file. Errors: invalid_argument (not TOML; with the line). */
export function parseSettingsFile(name: string, content: string): SettingsFile {
  const document = parseToml(name, content);
  const lines = findLines(content);
  const sections: { section: string; line: number }[] = [];
  const values: FileValue[] = [];
  for (const [section, keys] of Object.entries(document)) {
    const sectionLine = lines.get(`[${section}]`) ?? lines.get(section) ?? 1;
    if (!isSection(keys)) {
      values.push({ path: section, value: keys, line: sectionLine });
      continue;
    }
    sections.push({ section, line: sectionLine });
    for (const [key, value] of Object.entries(keys)) {
      const path = `${section}.${key}`;
      values.push({ path, value, line: lines.get(path) ?? sectionLine });
    }
  }
  return { name, sections, values };
}

function parseToml(name: string, content: string): Record<string, unknown> {
  try {
    return parse(content);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const problem = cause.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? 'not TOML';
    throw new ServiceError('invalid_argument', `${name}:${cause.line}: ${problem} (column ${cause.column})`, {
      cause,
      details: { field: `${name}:${cause.line}`, settings: 'sources' },
    });
  }
}

function isSection(value: unknown): value is Record<string, unknown> {
  const isDate = value instanceof Date;
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isDate;
}

/**
 * Lines of `[section]` headers and of keys. The parser gives no positions, so this looks at how lines begin;
 * text inside a multi-line string may look like a key, and then only the number in a message is off.
 */
function findLines(content: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let section = '';
  for (const [index, line] of content.split('\n').entries()) {
    const header = /^\s*\[\s*["']?([\w-]+)["']?\s*\]/.exec(line)?.[1];
    if (header !== undefined) section = header;
    const key = /^\s*["']?([\w-]+)["']?\s*(?:\.\s*["']?([\w-]+)["']?\s*)?=/.exec(line);
    const name = header === undefined ? pathOf(section, key?.[1], key?.[2]) : `[${header}]`;
    if (name !== undefined && !lines.has(name)) lines.set(name, index + 1);
  }
  return lines;
}

function pathOf(section: string, first: string | undefined, second: string | undefined): string | undefined {
  if (first === undefined) return undefined;
  return [section, first, second].filter((part) => part !== undefined && part !== '').join('.');
}
