import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wholeNumber } from './settings-kind.js';
import { loadSettings } from './settings-load.js';
import { setting } from './settings-table.js';

const table = {
  count: setting({
    path: 'shelf.item_count',
    kind: wholeNumber({ min: 1, max: 9 }),
    default: 4,
    doc: 'How many items.',
  }),
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(request: { filePath?: string } = {}) {
  return loadSettings({ tables: [table], environment: {}, workingDirectory: folder, ...request });
}

test('release.toml in the working directory is read without being named', () => {
  writeFileSync(join(folder, 'release.toml'), '[shelf]\nitem_count = 7\n');
  expect(load().get('shelf.item_count')).toMatchObject({ value: 7, origin: 'release.toml:2' });
});

test('a file that is named replaces the one in the working directory', () => {
  writeFileSync(join(folder, 'release.toml'), '[shelf]\nitem_count = 7\n');
  writeFileSync(join(folder, 'other.toml'), '[shelf]\nitem_count = 8\n');
  expect(load({ filePath: 'other.toml' }).get('shelf.item_count')).toMatchObject({
    value: 8,
    origin: 'other.toml:2',
  });
});

test('a file that is named and missing stops the start', () => {
  expect(() => load({ filePath: 'nowhere.toml' })).toThrow(
    expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('nowhere.toml') }),
  );
});
