/**
 * What the help of an option says of the setting that it stands for: the settings themselves say it, so it cannot differ.
 */
import type { Command } from 'commander';
import type { SettingKey } from '../runtime/index.js';
import { grouped } from './output/numbers.js';

/**
 * Adds what is allowed and the default to each option of the tree that names its key, `(byzantine.general_count)`. One that says its own
 * default, `(general_node.node_id; default: made)`, keeps it.
 */
export function describeSettings(command: Command, keys: ReadonlyMap<string, SettingKey>): void {
  for (const option of command.options) {
    option.description = option.description.replace(/\((\w+\.\w+)(; default: .*)?\)$/, (_all, path, own) => {
      const key = keys.get(path);
      if (key === undefined) throw new Error(`--${option.name()} stands for ${path}, which is no setting`);
      return `(${path}${rangeOf(key)}${own ?? `; default: ${defaultOf(key)}`})`;
    });
  }
  for (const child of command.commands) describeSettings(child, keys);
}

/** Numbers and words only: what an address or a file is, is plain. */
function rangeOf({ kind: { allowed } }: SettingKey): string {
  const [, range] = /^a whole number from (.*)$/.exec(allowed) ?? [];
  if (range !== undefined) return `: ${range}`;
  return allowed.startsWith('"') && !allowed.startsWith('""') ? `: ${allowed.replaceAll('"', '')}` : '';
}

function defaultOf(key: SettingKey): string {
  const { default: value } = key;
  if (typeof value === 'number') return grouped(value);
  if (value === false) return 'no';
  const text = String(value);
  return text === '' ? 'none' : text;
}
