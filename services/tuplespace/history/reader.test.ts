import { any, template } from '../template.js';
import { readHistory } from './reader.js';
import { Scene } from './testing/scene.js';

const scene = new Scene().write([0, 1], ['q', 7n, 1.5, new Uint8Array([1, 2]), null, [true]], {
  unless: template('q', any, any, any, any, any),
});

async function failure(lines: readonly string[], limits?: Parameters<typeof readHistory>[1]) {
  return readHistory(lines, limits).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('a history is read back as it was written, values of every type included', async () => {
  const { operations } = await readHistory(scene.lines());
  expect(operations).toHaveLength(1);
  expect(operations[0]).toMatchObject({
    kind: 'write',
    line: 2,
    request: { tuples: [['q', 7n, 1.5, new Uint8Array([1, 2]), null, [true]]] },
    outcome: { kind: 'ok', line: 3, answer: { kind: 'written', ids: [1n] } },
  });
});

test('a call without an end is unknown, and empty lines are none', async () => {
  const { operations } = await readHistory([...scene.lines().slice(0, 2), '']);
  expect(operations[0]?.outcome).toEqual({ kind: 'unknown' });
});

const [header = '', invoke = '', ok = ''] = scene.lines();

test.each([
  ['no header', [], 'line 1: is missing'],
  ['no JSON', [header, '{"event":'], 'line 2: is no JSON'],
  ['another schema', [header.replace('/1', '/9')], 'line 1: schema: is "byzantine.history/9"'],
  ['an unknown event', [header, '{"event":"maybe"}'], 'line 2: event: is "maybe", must be one of invoke, ok'],
  [
    'a missing field',
    [header, invoke.replace('"op":1,', '')],
    'line 2: op: is missing, must be a whole number',
  ],
  ['a field too many', [header, invoke.replace('"op"', '"xx":1,"op"')], 'line 2: xx: is no field of it'],
  ['a wrong tuple', [header, invoke.replace('["q",', '[{"a":1},')], 'line 2: request.tuples[0][0]: is'],
  [
    'a wrong answer',
    [header, invoke, ok.replace('["1"]', '[1]')],
    'line 3: answer.ids[0]: is 1, must be decimal',
  ],
  ['an answer to nothing', [header, ok], 'line 2: op: 1 was not invoked'],
  ['a second answer', [header, invoke, ok, ok], 'line 4: op: 1 has ended before'],
  ['a second invocation', [header, invoke, invoke], 'line 3: op: 1 was invoked before'],
  [
    'an answer before the call',
    [header, invoke.replace('"atMs":0', '"atMs":9'), ok],
    'line 3: atMs: 1 is before',
  ],
])('%s is refused with its line and field', async (_, lines, message) => {
  expect(await failure(lines)).toMatchObject({
    code: 'invalid_argument',
    message: expect.stringContaining(message) as string,
  });
});

test('the limits are kept, on both sides', async () => {
  const lines = scene.lines();
  const longest = Math.max(...lines.map(({ length }) => length));
  const limits = { operationsMax: 1, lineBytesMax: longest };
  expect(await failure(lines, limits)).toBeUndefined();
  expect(await failure(lines, { ...limits, lineBytesMax: longest - 1 })).toMatchObject({
    code: 'resource_exhausted',
  });
  expect(await failure(lines, { ...limits, operationsMax: 0 })).toMatchObject({ code: 'resource_exhausted' });
});

test('a tuple that is written twice is refused: values tell tuples apart', async () => {
  const twice = new Scene().write([0, 1], ['q', 'a']).write([2, 3], ['q', 'a']);
  await expect(twice.report()).rejects.toMatchObject({ code: 'invalid_argument', details: { line: '4' } });
});
