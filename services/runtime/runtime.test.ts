import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, onAbort, parseAddress, readSecretFile, readVersion, ServiceError } from './index.js';

describe('addresses', () => {
  test.each([
    ['localhost:7000', { host: 'localhost', port: 7000 }],
    ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
    ['tuple-space_1.example:65535', { host: 'tuple-space_1.example', port: 65_535 }],
    ['[::1]:7000', { host: '[::1]', port: 7000 }],
  ])('%s is one', (text, address) => expect(parseAddress(text)).toEqual(address));

  test.each([
    '',
    '7000',
    'localhost',
    'localhost:',
    ':7000',
    'localhost:65536',
    'a b:1',
    '::1:7000',
    'http://a:1',
  ])('"%s" is none, and the error names the setting and the text', (text) => {
    expect(() => parseAddress(text, 'tuplespace.address')).toThrow(
      expect.objectContaining({
        code: 'invalid_argument',
        details: { field: 'tuplespace.address' },
        message: expect.stringContaining(`"${text}"`),
      }),
    );
  });
});

describe('the log', () => {
  function collected(level: 'debug' | 'info') {
    const lines: string[] = [];
    const target = { write: (line: string) => void lines.push(line) };
    const log = createLog({ service: 'tuplespace', level, target });
    return { log, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  }

  test('writes time, level, service, event and fields as one JSON object a line', () => {
    const { log, read } = collected('info');
    log.with({ round: 7 }).info('round.closed', { phase: 2 });
    const [line] = read();
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'tuplespace',
      round: 7,
      phase: 2,
      event: 'round.closed',
    });
  });

  test('writes nothing below its level', () => {
    const { log, read } = collected('info');
    log.debug('message.sent');
    expect(read()).toEqual([]);
  });

  test('writes an error with its stack and its cause', () => {
    const { log, read } = collected('info');
    log.error('store.failed', {
      error: new ServiceError('unavailable', 'gone', { cause: new Error('reset') }),
    });
    expect(read()[0]).toMatchObject({
      level: 'error',
      error: { message: expect.stringContaining('gone'), stack: expect.stringContaining('reset') },
    });
  });
});

describe('secrets', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secret-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('a file is read without the white space around its secret', () => {
    const path = join(folder, 'secret');
    writeFileSync(path, '  open sesame\n');
    expect(readSecretFile(path, 'tuplespace.secret_file')).toBe('open sesame');
  });

  test('an empty file and a missing one are invalid_argument, naming the setting', () => {
    const path = join(folder, 'empty');
    writeFileSync(path, '\n');
    const details = { field: 'secret_file', settings: 'sources' };
    const refused = expect.objectContaining({ code: 'invalid_argument', details });
    expect(() => readSecretFile(path, 'secret_file')).toThrow(refused);
    expect(() => readSecretFile(join(folder, 'missing'), 'secret_file')).toThrow(refused);
  });
});

test('the version is that of package.json', () => {
  const manifest = readFileSync(join(__dirname, '../../package.json'), 'utf8');
  expect(readVersion()).toBe((JSON.parse(manifest) as { version: string }).version);
});

describe('listening to a signal', () => {
  test('hears the abort once, and at once when it has been', () => {
    const controller = new AbortController();
    const heard: unknown[] = [];
    onAbort(controller.signal, (reason) => heard.push(reason));
    controller.abort('first');
    onAbort(controller.signal, (reason) => heard.push(reason));
    expect(heard).toEqual(['first', 'first']);
  });

  test('hears nothing after it has stopped listening', () => {
    const controller = new AbortController();
    const heard: unknown[] = [];
    onAbort(controller.signal, (reason) => heard.push(reason))();
    controller.abort();
    expect(heard).toEqual([]);
  });
});
