import { ServiceError } from './errors.js';
import type { SettingSources } from './settings.js';
import { resolveSettings } from './settings.js';
import { parseSettingsFile } from './settings-file.js';
import { address, choice, text, textList, trueOrFalse, wholeNumber } from './settings-kind.js';
import { sampleSettings } from './settings-sample.js';
import { setting } from './settings-table.js';

const main = {
  count: setting({
    path: 'byzantine.item_count',
    kind: wholeNumber({ min: 1, max: 1000 }),
    default: 4,
    doc: 'How many items.',
  }),
  color: setting({
    path: 'byzantine.color',
    kind: choice(['red', 'green']),
    default: 'red',
    doc: 'Of every item.',
  }),
};
const shelf = {
  address: setting({
    path: 'shelf.address',
    kind: address(),
    default: '127.0.0.1:7000',
    doc: 'Listens here.',
  }),
  isOpen: setting({ path: 'shelf.is_open', kind: trueOrFalse(), default: false, doc: 'Open to all.' }),
  names: setting({
    path: 'shelf.names',
    kind: textList({ isAllowed: (item) => /^[a-z]+$/.test(item), allowed: 'a list of words in lower case' }),
    default: [],
    doc: 'What stands there.',
  }),
  label: setting({
    path: 'shelf.label',
    kind: text({ pattern: /^\w*$/, allowed: 'letters and digits' }),
    default: '',
    doc: 'On the front.',
  }),
  waitMs: setting({
    path: 'shelf.wait_ms',
    kind: wholeNumber({ min: 0, max: 60_000 }),
    default: 1000,
    unit: 'ms',
    doc: 'Longest wait.',
  }),
};
const tables = [main, shelf];

function resolve(sources: Partial<SettingSources> & { toml?: string } = {}) {
  const { toml, ...others } = sources;
  const file = toml === undefined ? {} : { file: parseSettingsFile('release.toml', toml) };
  return resolveSettings(tables, { environment: {}, ...file, ...others });
}

function refusalOf(act: () => unknown): ServiceError {
  try {
    act();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('precedence', () => {
  const toml = '[byzantine]\nitem_count = 5\n';
  const environment = { BYZANTINE_ITEM_COUNT: '6' };
  const flags = [{ path: 'byzantine.item_count', flag: '--items', text: '7' }];

  test.each([
    ['a default stands where nothing else says a word', {}, 4, 'default'],
    ['the file is stronger than the default', { toml }, 5, 'release.toml:2'],
    ['the environment is stronger than the file', { toml, environment }, 6, 'BYZANTINE_ITEM_COUNT'],
    ['a flag is stronger than all', { toml, environment, flags }, 7, '--items'],
  ])('%s', (_claim, sources, value, origin) => {
    const settings = resolve(sources);
    expect(settings.values(main).count).toBe(value);
    expect(settings.get('byzantine.item_count')).toMatchObject({ value, origin });
  });

  test('the last of a repeated flag wins', () => {
    const again = { path: 'byzantine.item_count', flag: '--items', text: '9' };
    expect(resolve({ flags: [...flags, again] }).values(main).count).toBe(9);
  });

  test('an empty variable counts as not set', () => {
    expect(resolve({ toml, environment: { BYZANTINE_ITEM_COUNT: '' } }).values(main).count).toBe(5);
  });

  test('variables of other sections carry the section, and every kind is read from text', () => {
    const settings = resolve({
      environment: {
        BYZANTINE_SHELF_ADDRESS: '[::1]:0',
        BYZANTINE_SHELF_IS_OPEN: 'true',
        BYZANTINE_SHELF_NAMES: 'cup, jug',
        BYZANTINE_SHELF_LABEL: 'x1',
        PATH: '/bin',
      },
    });
    expect(settings.values(shelf)).toEqual({
      address: '[::1]:0',
      isOpen: true,
      names: ['cup', 'jug'],
      label: 'x1',
      waitMs: 1000,
    });
  });
});

describe('bad values', () => {
  test.each([
    [
      '[byzantine]\nitem_count = 0',
      'byzantine.item_count = 0 (release.toml:2), allowed: a whole number from 1 to 1,000',
    ],
    ['[byzantine]\nitem_count = 1.5', 'byzantine.item_count = 1.5 (release.toml:2)'],
    ['[byzantine]\nitem_count = "4"', 'byzantine.item_count = "4" (release.toml:2)'],
    ['[byzantine]\n\ncolor = "blue"', 'byzantine.color = "blue" (release.toml:3), allowed: "red", "green"'],
    ['[byzantine]\ncolor = "Geen"', 'allowed: "red", "green", did you mean "green"?'],
    ['[shelf]\naddress = "here"', 'shelf.address = "here" (release.toml:2), allowed: host:port'],
    ['[shelf]\naddress = "a:70000"', 'shelf.address = "a:70000"'],
    ['[shelf]\nis_open = "yes"', 'shelf.is_open = "yes" (release.toml:2), allowed: true or false'],
    ['[shelf]\nnames = ["a", "a"]', 'shelf.names = ["a", "a"] (release.toml:2), allowed: a list of words'],
    ['[shelf]\nlabel = 2026-01-01', 'shelf.label = "2026-01-01"'],
    ['shelf.wait_ms = -1', 'shelf.wait_ms = -1 (release.toml:1), allowed: a whole number from 0 to 60,000'],
    ['[shelf.wait_ms]\nx = 1', 'shelf.wait_ms = {"x":1}'],
  ])('%j is refused with path, value, place and what is allowed', (toml, part) => {
    const refusal = refusalOf(() => resolve({ toml }));
    expect(refusal.code).toBe('invalid_argument');
    expect(refusal.details).toMatchObject({ settings: 'sources' });
    expect(refusal.message).toContain(part);
  });

  test('a variable that is no number is shown as text, with its name', () => {
    const refusal = refusalOf(() => resolve({ environment: { BYZANTINE_ITEM_COUNT: 'four' } }));
    expect(refusal.message).toContain('byzantine.item_count = "four" (BYZANTINE_ITEM_COUNT), allowed:');
  });

  test('a refused flag is told apart from a refused source', () => {
    const flags = [{ path: 'byzantine.item_count', flag: '--items', text: 'many' }];
    expect(refusalOf(() => resolve({ flags })).details).toMatchObject({
      field: 'byzantine.item_count',
      settings: 'flags',
    });
  });

  test('all problems are named at once', () => {
    const refusal = refusalOf(() =>
      resolve({
        toml: '[byzantine]\nitem_count = 0\ncolour = "red"\n[shelv]\nx = 1\n',
        environment: { BYZANTINE_SHELF_WAITMS: '1' },
        flags: [{ path: 'shelf.label', flag: '--label', text: '?' }],
      }),
    );
    expect(refusal.message.split('\n')).toHaveLength(6);
    expect(refusal.message).toContain('5 problems in the settings');
  });
});

describe('unknown names', () => {
  test.each([
    [
      '[byzantine]\nitem_cout = 4',
      'byzantine.item_cout (release.toml:2): unknown key, did you mean byzantine.item_count?',
    ],
    ['[shef]\naddress = "a:1"', '[shef] (release.toml:1): unknown section, did you mean [shelf]?'],
    ['[zzzzzzzzz]', '[zzzzzzzzz] (release.toml:1): unknown section; known: [byzantine], [shelf]'],
    ['item_count = 4', 'item_count (release.toml:1): unknown key, did you mean byzantine.item_count?'],
  ])('%j stops the start with the nearest known name', (toml, part) => {
    expect(refusalOf(() => resolve({ toml })).message).toContain(part);
  });

  test('an unknown variable with our prefix stops the start', () => {
    const refusal = refusalOf(() => resolve({ environment: { BYZANTINE_ITEM_COUT: '4' } }));
    expect(refusal.message).toContain(
      'BYZANTINE_ITEM_COUT: unknown variable, did you mean BYZANTINE_ITEM_COUNT?',
    );
  });
});

describe('the file', () => {
  test.each([
    ['[byzantine]\nitem_count = \n', 'release.toml:2: '],
    ['[byzantine\n', 'release.toml:1: '],
    ['[byzantine]\nitem_count = 1\nitem_count = 2\n', 'release.toml:3: '],
  ])('%j is refused with the line', (toml, part) => {
    const refusal = refusalOf(() => resolve({ toml }));
    expect(refusal.code).toBe('invalid_argument');
    expect(refusal.message).toContain(part);
  });

  test('comments, quoted keys and spaces do not mislead the line numbers', () => {
    const toml = '# [shelf]\n\n  [ byzantine ] # x\n# item_count = 1\n  "item_count"=3\n';
    expect(resolve({ toml }).get('byzantine.item_count')).toMatchObject({
      value: 3,
      origin: 'release.toml:5',
    });
  });
});

describe('rules over several keys', () => {
  const check = {
    paths: ['byzantine.item_count', 'byzantine.color'],
    problem: () => 'red needs 5 items',
  };

  test('a broken rule shows each key with its value and origin', () => {
    const refusal = refusalOf(() =>
      resolveSettings(tables, { environment: { BYZANTINE_COLOR: 'green' } }, [check]),
    );
    expect(refusal.message).toContain(
      'byzantine.item_count = 4 (default), byzantine.color = "green" (BYZANTINE_COLOR): red needs 5 items',
    );
  });

  test.each([{ ...check }, { ...check, paths: ['byzantine.item_count'], alsoReads: ['byzantine.color'] }])(
    'a rule is not asked about a value that is refused by itself',
    (rule) => {
      const refusal = refusalOf(() =>
        resolveSettings(tables, { environment: { BYZANTINE_COLOR: 'blue' } }, [rule]),
      );
      expect(refusal.message).not.toContain('red needs 5 items');
    },
  );
});

test('the sample file holds every key, and reading it changes nothing', () => {
  const sample = sampleSettings('What this is.', tables);
  const settings = resolve({ toml: sample });
  expect(settings.all.every((entry) => entry.origin.startsWith('release.toml:'))).toBe(true);
  expect(settings.values(shelf)).toEqual(resolve().values(shelf));
  expect(sample).toContain(
    '# Longest wait.\n' +
      '# Unit: ms. Allowed: a whole number from 0 to 60,000. Variable: BYZANTINE_SHELF_WAIT_MS.\n' +
      'wait_ms = 1000\n',
  );
});
