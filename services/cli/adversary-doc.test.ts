/**
 * What docs/adversary.md shows does what it says: its plan is read, its strategy betrays, its commands find and run.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePlan } from './plan/plan-document.js';
import { parseDocument } from './testing/documents.js';
import { createTestShell } from './testing/test-shell.js';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/adversary.md'), 'utf8');

/** The blocks of code of a language, in their order. */
function blocks(language: string): readonly string[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = '']) =>
    name === language ? [text] : [],
  );
}

/** The commands of the page that begin so, without their remarks. */
function commands(start: string): readonly string[] {
  const lines = blocks('').flatMap((block) => block.split('\n'));
  return lines.filter((line) => line.startsWith(start)).map((line) => line.replace(/ +#.*$/, ''));
}

test('the plan that it shows is one, also with the lines that are left out', () => {
  const [shown = ''] = blocks('toml');
  expect(parsePlan('plan.toml', shown).traitors).toHaveLength(1);
  const all = shown.replaceAll(/^# (if_loyal|when|also)/gm, '$1');
  expect(parsePlan('plan.toml', all).traitors).toMatchObject([
    { acts: [{ ifLoyal: 'Attack', when: 'last-moment' }] },
  ]);
});

test('the strategy that it shows betrays', async () => {
  const workingDirectory = mkdtempSync(join(tmpdir(), 'byzantine-'));
  writeFileSync(join(workingDirectory, 'mine.ts'), blocks('ts')[0] ?? '');
  const shell = createTestShell({ workingDirectory });
  const { stdout } = await shell.run('run', 'general-2=./mine.ts', '--phase-ms', '300', '--json', '--all');
  const round = parseDocument('byzantine.round/1', stdout);
  expect(round.ownStrategies).toEqual([{ general: 'general-2', file: './mine.ts', failure: null }]);
  expect(round.messages?.filter(({ from, phase }) => from === 'general-2' && phase === 1)).toHaveLength(1);
});

const runs = commands('byz run --').filter((line) => line.includes('examples/'));
test.each(runs)('%s', async (line) => {
  const { exitCode, stderr } = await createTestShell({ workingDirectory: root }).run(
    ...line.split(' ').slice(1),
  );
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
});

test.each(commands('byz search').filter((line) => !line.includes('-o ')))('%s', async (line) => {
  const { exitCode } = await createTestShell().run(...line.split(' ').slice(1));
  expect(exitCode).toBe(3);
});

test('there are as many of them as there were', () => {
  expect([runs.length, commands('byz search').length]).toEqual([2, 6]);
});
