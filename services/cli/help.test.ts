/**
 * The help of every command there is: the tree itself is walked, so no command can be forgotten.
 */
import { createTestShell } from './testing/test-shell.js';

const run = async (...args: string[]) => (await createTestShell().run(...args)).stdout;

/** What the help of a command lists under a heading: the first words of each entry, and the rest of it. */
function entriesOf(help: string, heading: string): readonly (readonly [string, string])[] {
  const section = new RegExp(`^${heading}:\\n((?: .*\\n?)+)`, 'm').exec(help)?.[1] ?? '';
  const entries = section.split(/\n(?= {2}\S)/).map((entry) => entry.trim().replace(/\s*\n\s+/g, ' '));
  return entries.filter(Boolean).map((entry) => {
    const [term = '', ...rest] = entry.split(/ {2,}/);
    return [term, rest.join(' ')] as const;
  });
}

async function leaves(path: readonly string[] = []): Promise<readonly (readonly string[])[]> {
  const names = entriesOf(await run(...path, '--help'), 'Commands').map(
    ([term]) => term.split(/[ |]/)[0] ?? '',
  );
  const children = names.filter((name) => name !== 'help');
  if (children.length === 0) return [path];
  return (await Promise.all(children.map((name) => leaves([...path, name])))).flat();
}

let all: readonly { readonly name: string; readonly help: string }[];
beforeAll(async () => {
  const paths = await leaves();
  all = await Promise.all(
    paths.map(async (path) => ({ name: path.join(' '), help: await run(...path, '--help') })),
  );
});

const failing = (isWrong: (command: (typeof all)[number]) => boolean) =>
  all.filter(isWrong).map(({ name }) => name);

test('the walk finds the commands, also those of commands', () => {
  const names = all.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['run', 'round start', 'space policy check', 'evidence verify']),
  );
  expect(names.length).toBeGreaterThan(30);
});

test('each has a summary', () => {
  expect(failing(({ help }) => !/^Usage: byz .*\n\n[a-z].{10,}/.test(help))).toEqual([]);
});

test('each has an example of its own', () => {
  expect(failing(({ name, help }) => !new RegExp(`^  .*byz ${name}\\b`, 'm').test(examplesOf(help)))).toEqual(
    [],
  );
});

test('each says what its exit codes mean, 0 first or by the command that it resembles', () => {
  expect(failing(({ help }) => !/^Exit code: (0|with --watch|as of) /m.test(help))).toEqual([]);
});

test('each example has options that there are', async () => {
  const wrong: string[] = [];
  for (const line of all.flatMap(({ help }) => examplesOf(help).split('\n'))) {
    const words = /byz (.*?)(?: {2,}| > | \| |\)|$)/.exec(line)?.[1]?.split(' ') ?? [];
    const end = words.indexOf('--');
    for (const [i, word] of words.slice(0, end < 0 ? words.length : end).entries()) {
      if (!word.startsWith('--')) continue;
      const known = await run('complete', '--', ...words.slice(0, i), word);
      if (!known.split('\n').includes(word)) wrong.push(`${line.trim()}: ${word}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('each option that takes a number, a duration or a setting says its default', () => {
  const wrong = all.flatMap(({ name, help }) =>
    entriesOf(help, 'Options')
      .filter(([term, text]) => /<(count|n|m|ms|duration|rounds|calls)>|\w\.\w+_\w+/.test(`${term} ${text}`))
      .filter(([, text]) => !/default/.test(text))
      .map(([term]) => `byz ${name} ${term}`),
  );
  expect(wrong).toEqual([]);
});

test('an option that stands for a setting says what is allowed there', async () => {
  const help = (await run('run', '--help')).replace(/\s+/g, ' ');
  expect(help).toContain('(byzantine.general_count: 2 to 100; default: 4)');
  expect(help).toContain('(byzantine.tuplespace_backend: memory, redis, postgres; default: memory)');
  expect(help).toContain('(byzantine.redis_url; default: none)');
});

function examplesOf(help: string): string {
  return /^Examples:\n((?: .*\n?)+)/m.exec(help)?.[1] ?? '';
}
