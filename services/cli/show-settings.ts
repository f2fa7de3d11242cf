/**
 * `byz config show`.
 */
import type { ResolvedSetting } from '../runtime/index.js';
import { shownValue, showValue, variableOf } from '../runtime/index.js';
import { alignedTable } from './output/table.js';
import { loadCommandSettings } from './settings.js';
import type { GlobalOptions, Shell } from './shell.js';

/** `byzantine.config/1`. */
export interface ConfigDocument {
  readonly schema: 'byzantine.config/1';
  readonly settings: readonly {
    /** `section.key`. */
    readonly path: string;
    readonly value: unknown;
    /** `default`, `release.toml:12`, the name of a variable or a flag. */
    readonly origin: string;
    readonly variable: string;
    readonly unit: string | null;
  }[];
}

export function showSettings(shell: Shell, options: { origin?: true; json?: true } & GlobalOptions): void {
  const { all } = loadCommandSettings(shell, options);
  if (options.json) {
    shell.terminal.data(JSON.stringify(configDocument(all), null, 2));
    return;
  }
  const rows = all.map((entry) => [
    entry.key.path,
    showValue(shownValue(entry)),
    entry.key.unit ?? '',
    ...(options.origin ? [entry.origin] : []),
  ]);
  const head = ['key', 'value', 'unit', ...(options.origin ? ['origin'] : [])];
  shell.terminal.data(alignedTable({ head, rows }));
}

function configDocument(all: readonly ResolvedSetting[]): ConfigDocument {
  return {
    schema: 'byzantine.config/1',
    settings: all.map(({ key, value, origin }) => ({
      path: key.path,
      value: shownValue({ key, value }),
      origin,
      variable: variableOf(key.path),
      unit: key.unit ?? null,
    })),
  };
}
