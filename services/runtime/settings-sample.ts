/**
 * The settings file that says nothing new: every key with its default, what it decides, its unit and its
 * variable. release.toml at the root of the project is this text.
 */
import { showValue } from './settings.js';
import type { SettingKey, SettingTable } from './settings-table.js';
import { sectionOf, variableOf } from './settings-table.js';

/** The text of a settings file that holds all keys with their defaults, under a heading in comment lines. */
export function sampleSettings(heading: string, tables: readonly SettingTable[]): string {
  const keys = tables.flatMap((table) => Object.values(table));
  const sections = [...new Set(keys.map((key) => sectionOf(key.path)))];
  const blocks = sections.map((section) => {
    const own = keys.filter((key) => sectionOf(key.path) === section).map(sampleKey);
    return [`[${section}]`, own.join('\n\n')].join('\n');
  });
  return `${[comment(heading), ...blocks].join('\n\n')}\n`;
}

function sampleKey(key: SettingKey): string {
  const unit = key.unit === undefined ? '' : `Unit: ${key.unit}. `;
  const facts = `${unit}Allowed: ${key.kind.allowed}. Variable: ${variableOf(key.path)}.`;
  const name = key.path.slice(key.path.indexOf('.') + 1);
  return `${comment(key.doc)}\n${comment(facts)}\n${name} = ${showValue(key.default)}`;
}

/** Comment lines of at most 100 characters; line ends in the text stay. */
function comment(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => wrap(line, 98))
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
}

function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
