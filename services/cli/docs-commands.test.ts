/**
 * Every command that README and docs/ show is a command that there is, with options that there are; those that end by themselves are run, as
 * a reader would run them one after the other, and what stands below a line with `$ ` is what it prints, but for times. Every link leads
 * somewhere.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { resolveSettings, variableOf } from '../runtime/index.js';
import { type Embedded, startEmbedded } from './embedded.js';
import { settingTables } from './settings.js';
import { createTestShell } from './testing/test-shell.js';

const pages = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** What is not run here, and who does it. */
const runElsewhere: readonly (readonly [RegExp, string])[] = [
  [
    /^(dev|tuplespace|general-node|orchestrator)\b/,
    'until a signal: run.test, metrics.test, tls.test, e2e/processes',
  ],
  [/^(run|dev|tuplespace).* --backend (redis|postgres)/, 'needs a server: stores.test'],
  [/^space watch\b/, 'until a signal: remote.test'],
  [/^(fault|round start --phase-ms 8000)\b/, 'needs nodes that may be crashed: e2e/chaos'],
  [/mine\.ts|my\.toml|proof\.json|history\.jsonl/, 'a file of the reader’s own'],
  [/--step\b/, 'needs keys: replay.test'],
  [
    /^(simulate$|simulate --runs|prove --all|search --(protocol|council|mode))/,
    'longer: e2e and the tests of the core',
  ],
  [/^general check\b/, 'starts a program: general-check'],
  [/^(health|complete)\b/, 'for containers and shells'],
];

/** Programs of others: shown for what they do with ours. */
const foreign = /^(curl|grpcurl|kubectl|export|cd|git|cat|redis-cli|source|sudo|less|docker)\b/;

interface Shown {
  readonly page: string;
  readonly line: string;
  /** What the page says that it prints; undefined where it says nothing. */
  readonly output?: string;
}

function shownIn(page: string): readonly Shown[] {
  const text = readFileSync(page, 'utf8');
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```/gms)]
    .filter(([, language = '']) => ['', 'bash', 'sh'].includes(language))
    .map(([, , body = '']) => body);
  return blocks
    .flatMap((body) => (body.startsWith('$ ') ? sessionIn(body) : linesIn(body)))
    .map((shown) => ({ page, ...shown }));
}

function linesIn(body: string): readonly Omit<Shown, 'page'>[] {
  return body
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/^([A-Z_]+=\S+ )+/, '').trim())
    .filter((line) =>
      /^(\.\/scripts\/\S+|byz|npm|npx|node|docker|curl|grpcurl|kubectl|export)( |$)/.test(line),
    )
    .map((line) => ({ line }));
}

/** Commands with what they print. */
function sessionIn(body: string): readonly Omit<Shown, 'page'>[] {
  return body.split(/^\$ /m).flatMap((part) => {
    const [, line = '', output = ''] = /^([^\n]+)\n(.*)$/s.exec(part) ?? [];
    return line === '' ? [] : [{ line, output }];
  });
}

/** Whether an output is what a page shows: `…` stands for anything, times and the breaks of lines may differ. */
function isAsShown(output: string, asShown: string): boolean {
  const plain = (text: string) =>
    text
      .replace(/\d+\.\d+/g, '#')
      .replace(/\s+/g, ' ')
      .trim();
  const parts = plain(asShown).split(/ ?… ?/);
  const pattern = parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*');
  return new RegExp(`^${pattern}$`).test(plain(output));
}

/** The settings that a page shows, as the file that its commands name. */
function firstToml(page: string): string {
  return /^```toml\n(.*?)^```/ms.exec(readFileSync(page, 'utf8'))?.[1] ?? '';
}

/** The words of a command, without a comment and without what other programs do with its output. */
function wordsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
  const end = words.findIndex((word) => /^(#|\||>|<|&&?|;)/.test(word));
  return end < 0 ? words : words.slice(0, end);
}

const shown = pages.flatMap(shownIn);
const ours = shown
  .map((one) => ({ ...one, line: one.line.replace(/^\.\/scripts\/run\.sh\b/, 'byz run') }))
  .filter(({ line }) => /^(\.\/scripts\/)?byz /.test(line))
  .map(({ line, ...rest }) => ({ ...rest, words: wordsOf(line).slice(1) }));

async function complete(words: readonly string[]): Promise<readonly string[]> {
  return (await createTestShell().run('complete', '--', ...words)).stdout.split('\n');
}

test('pages show commands', () => {
  expect(ours.length).toBeGreaterThan(50);
});

test('an output that a page shows is compared, but for times and what stands for anything', () => {
  expect(isAsShown('PASS\n  12.5 ms\nend\n', 'PASS 3.1 ms\nend')).toBe(true);
  expect(isAsShown('PASS\nmuch\nend\n', 'PASS\n…\nend')).toBe(true);
  expect(isAsShown('PASS\nmuch\nend\n', '…\nmuch\n…')).toBe(true);
  for (const other of ['', 'PASS', 'PASS\nend', 'much\n…', '…\nmuch', '…\nend\n…\nmuch\n…'])
    expect(isAsShown('PASS\nmuch\nend\n', other)).toBe(false);
  expect(ours.filter(({ output }) => output !== undefined).length).toBeGreaterThan(2);
});

test('each command of byz and each of its options is there', async () => {
  const wrong: string[] = [];
  for (const { page, words } of ours) {
    const end = words.indexOf('--');
    const own = end < 0 ? words : words.slice(0, end);
    const name = own[0] ?? '';
    if (!(await complete([name])).includes(name)) wrong.push(`${page}: byz ${name}`);
    for (const [i, word] of own.entries()) {
      if (!word.startsWith('--')) continue;
      const option = word.split('=')[0] ?? '';
      if (!(await complete([...own.slice(0, i), option])).includes(option))
        wrong.push(`${page}: byz ${own.join(' ')}: ${option}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('scripts, npm scripts, programs and compose files that are shown are there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const wrong = shown.filter(({ line }) => {
    const words = wordsOf(line);
    const [program = '', ...args] = words;
    if (program === 'byz') return false;
    if (program.startsWith('./scripts/')) return !existsSync(program);
    if (program === 'npm')
      return args[0] === 'run'
        ? !((args[1] ?? '') in scripts)
        : !['ci', 'test', 'install'].includes(args[0] ?? '');
    if (program === 'npx') return !['jest', 'tsc', 'biome'].includes(args[0] ?? '');
    if (program === 'node') return !existsSync(args[0] ?? '');
    const files = args.flatMap((arg, i) => (args[i - 1] === '-f' ? [arg] : []));
    return !foreign.test(line) || files.some((file) => !existsSync(file));
  });
  expect(wrong).toEqual([]);
});

test('the npm scripts, suites and variables that a text names are there, in tables too', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const variables = settingTables.flatMap((table) =>
    Object.values(table).map(({ path }) => variableOf(path)),
  );
  const wrong = [...pages, 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'].flatMap((page) => {
    const text = readFileSync(page, 'utf8');
    const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
    return [
      ...all(/npm run (?:-s )?([\w:]+)/g).filter((name) => !(name in scripts)),
      ...all(/npx jest ([\w/-]+)/g).filter((suite) => !isSuite(suite)),
      ...all(/(BYZANTINE_\w*[A-Z])\b/g).filter((name) => !variables.includes(name)),
    ].map((name) => `${page}: ${name}`);
  });
  expect(wrong).toEqual([]);
});

/** A folder, or the beginning of a test's path. */
function isSuite(path: string): boolean {
  return (
    existsSync(path) ||
    readdirSync(dirname(path)).some(
      (name) => name.startsWith(`${basename(path)}.`) || name.startsWith(`${basename(path)}-`),
    )
  );
}

describe('what ends by itself is run', () => {
  let system: Embedded;
  let environment: Record<string, string>;
  const folders: string[] = [];

  beforeAll(async () => {
    const anywhere = ['tuplespace', 'general_node', 'orchestrator'].map((section) => [
      variableOf(`${section}.address`),
      '127.0.0.1:0',
    ]);
    const settings = resolveSettings(settingTables, {
      environment: Object.fromEntries([...anywhere, [variableOf('dashboard.address'), 'off']]),
    });
    system = await startEmbedded({ nodeCount: 4, settings, isServed: true });
    const at = (service: string) => system.addresses.find((one) => one.service === service)?.address ?? '';
    environment = {
      [variableOf('tuplespace.address')]: at('TupleSpace'),
      [variableOf('orchestrator.address')]: at('Orchestrator'),
    };
  });
  afterAll(async () => {
    await system.stop();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  test.each(pages.filter((page) => ours.some((one) => one.page === page)))(
    '%s',
    async (page) => {
      const workingDirectory = mkdtempSync(join(tmpdir(), 'byz-docs-'));
      folders.push(workingDirectory);
      cpSync('examples', join(workingDirectory, 'examples'), { recursive: true });
      if (page === 'docs/policy.md') writeFileSync(join(workingDirectory, 'ballot.toml'), firstToml(page));
      const failed: string[] = [];
      for (const { words, output } of ours.filter((one) => one.page === page)) {
        const line = words.join(' ');
        if (runElsewhere.some(([pattern]) => pattern.test(line))) continue;
        const { exitCode, stdout, stderr } = await createTestShell({ environment, workingDirectory }).run(
          ...words,
        );
        // 1 to 3 are verdicts: violated, unknown, outside the bound; 77 is what a policy check says of an act that is refused.
        if (exitCode > 3 && !(exitCode === 77 && line.startsWith('space policy check')))
          failed.push(`byz ${line}: exit code ${exitCode}: ${stderr}`);
        if (output !== undefined && !isAsShown(stdout, output))
          failed.push(`byz ${line} prints something else:\n${stdout}`);
      }
      expect(failed).toEqual([]);
    },
    120_000,
  );
});

test('the picture of a round is what that round draws today; npm run pictures takes it anew', async () => {
  const runs = mkdtempSync(join(tmpdir(), 'byz-docs-'));
  const round = ['--generals', '7', '--traitors', '2', '--seed', '7'];
  await createTestShell().run('run', ...round, '--save-to', runs);
  expect(readFileSync('docs/round.svg', 'utf8')).toBe(readFileSync(join(runs, 'latest/diagram.svg'), 'utf8'));
  rmSync(runs, { recursive: true });
});

test('every link to a file leads somewhere', () => {
  const all = [...pages, 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
  const dead = all.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(dead).toEqual([]);
});
