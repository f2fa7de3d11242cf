import { generalIds } from '../consensus/index.js';
import { parseTrace } from './parse.js';
import { traceOfScene } from './testing/traces.js';
import { printTrace } from './trace.js';

const signed = printTrace(traceOfScene({ protocol: 'sm', mode: 'signed' }).events).split('\n');
const lines = printTrace(traceOfScene().events).trimEnd().split('\n');

function problemOf(changed: readonly string[]): { line: number; problem: string } | undefined {
  const parsed = parseTrace(changed.join('\n'));
  return parsed.kind === 'problem' ? { line: parsed.line, problem: parsed.problem } : undefined;
}

test('the trace of a round is read', () => {
  expect(problemOf(lines)).toBeUndefined();
});

test('the first form is read, in which there are no signatures', () => {
  expect(problemOf(lines.map((line) => line.replace('trace/2', 'trace/1')))).toBeUndefined();
});

test.each([
  ['nothing', [], { line: 0, problem: 'there is no event in it' }],
  ['a line that is no JSON', [...lines, '{'], { line: lines.length + 1, problem: 'is not JSON' }],
  ['no start', lines.slice(1), { line: 1, problem: 'the first event must be "started", got "message"' }],
  ['two starts', [lines[0], lines[0]], { line: 2, problem: 'a trace starts once' }],
  ['something after the end', [...lines, lines[1]], { line: lines.length + 1 }],
  ['revisions that fall', [lines[0], lines[2], lines[1]], { line: 3, problem: 'has revision 2, after 3' }],
  ['another schema', [lines[0]?.replace('trace/2', 'trace/9')], { line: 1 }],
  ['a line of another form', [lines[0], lines[1]?.replace('trace/2', 'trace/1')], { line: 2 }],
  ['bytes in two spellings', [signed[0], signed[1]?.replace(/[a-f]/, 'A')], { line: 2 }],
  ['a vote that is none', [lines[0], lines[1]?.replace('"Attack"', '"Attacl"')], { line: 2 }],
  ['a protocol that nobody knows', [lines[0]?.replace('"om"', '"omm"')], { line: 1 }],
  ['a traitor that is no general', [lines[0]?.replace('"traitors":[]', strangeTraitor())], { line: 1 }],
  ['a round that nobody can run', [lines[0]?.replace(/"generals":\[.*?\]/, manyGenerals())], { line: 1 }],
  [
    'more traitors than the core can run',
    [lines[0]?.replace('"traitorsMax":1', '"traitorsMax":99999')],
    { line: 1 },
  ],
])('%s is refused by its line', (_, changed, expected) => {
  expect(problemOf(changed.map((line) => line ?? ''))).toMatchObject(expected);
});

function manyGenerals(): string {
  return `"generals":${JSON.stringify(generalIds(2_000))}`;
}

function strangeTraitor(): string {
  return '"traitors":[{"general":"general-9","strategy":"flip"}]';
}
