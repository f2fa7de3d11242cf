/**
 * The example of an own general passes every known answer, and the bugs that others shipped are each found by the answer made for it.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateRound } from '../../consensus/index.js';
import { freePort } from '../../tuplespace/testing/free-port.js';
import { createTestShell } from '../testing/test-shell.js';
import { checkCases } from './cases.js';

const root = join(__dirname, '../../..');
const example = join(root, 'examples/own-general');
/** Where copies find the wire contract and the packages, as the example does. */
const built = join(root, 'dist');

let folder: string;
beforeAll(() => {
  mkdirSync(built, { recursive: true });
  folder = mkdtempSync(join(built, 'own-general-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const { PATH = '' } = process.env;

function check(...args: string[]) {
  return createTestShell({ environment: { PATH } }).run('general', 'check', ...args);
}

describe('the known answers', () => {
  test.each(checkCases)('$id is what the core decides', ({ decision, general, traitors, ...rest }) => {
    if (decision === 'none' || rest.tamper !== undefined) return;
    const { decisions } = simulateRound({ ...rest, traitors, seed: 0 });
    expect(decisions.get(general)).toBe(decision);
  });

  test('are all given by the example', async () => {
    const { exitCode, stdout } = await check('--', 'node', join(example, 'general.js'));
    expect(stdout).toMatch(new RegExp(`PASS: ${checkCases.length} known answers\n$`));
    expect(exitCode).toBe(0);
  });
});

interface Mutant {
  readonly bug: string;
  readonly file: 'general.js' | 'om.js';
  readonly line: string;
  readonly becomes: string;
  /** The known answer that it gets wrong, and how that is said. */
  readonly fails: string;
  readonly says: RegExp;
}

const mutants: readonly Mutant[] = [
  {
    bug: 'one flat majority over all it heard',
    file: 'om.js',
    line: '[{ decision: this.#value([this.commander]) }]',
    becomes:
      "[{ decision: 2 * [...this.heard.values()].filter((v) => v === 'Attack').length > this.heard.size ? 'Attack' : absent }]",
    fails: 'KA10',
    says: /it decided Retreat, and was to decide Attack/,
  },
  {
    bug: 'a tie is Attack',
    file: 'om.js',
    line: '2 * attackCount > relayed.length + 1',
    becomes: '2 * attackCount >= relayed.length + 1',
    fails: 'KA3',
    says: /it decided Attack, and was to decide Retreat/,
  },
  {
    bug: 'what did not come is not relayed',
    file: 'om.js',
    line: '.filter(({ path }) => !path.includes(to))',
    becomes: '.filter(({ path }) => !path.includes(to) && this.heard.has(path.slice(0, -1).join(" ")))',
    fails: 'KA5',
    says: /it said nothing to general-2 in phase 1/,
  },
  {
    bug: 'a value is relayed to those who are in its path',
    file: 'om.js',
    line: '.filter(({ path }) => !path.includes(to))',
    becomes: '.slice()',
    fails: 'KA10',
    says: /it said \w+ to general-\d in phase 2 by .*, which it does not owe/,
  },
  {
    bug: 'messages of a later phase are dropped',
    file: 'om.js',
    line: 'phase < this.phase ||',
    becomes: 'phase !== this.phase ||',
    fails: 'EARLY',
    says: /it decided nothing, and was to decide Attack/,
  },
  {
    bug: 'any text is a vote',
    file: 'om.js',
    line: "(vote !== 'Attack' && vote !== 'Retreat')",
    becomes: 'false',
    fails: 'VOTE',
    says: /it said Perhaps to general-\d in phase 2/,
  },
  {
    bug: 'the field says who wrote it',
    file: 'general.js',
    line: 'from !== writer ||',
    becomes: 'false ||',
    fails: 'FORGED',
    says: /it decided Retreat, and was to decide Attack/,
  },
  {
    bug: 'what stood in the space before it started is forgotten',
    file: 'general.js',
    line: 'past.push(step)',
    becomes: 'past.length',
    fails: 'AGAIN',
    says: /it decided nothing, and was to decide Attack/,
  },
  {
    bug: 'any version of the protocol will do',
    file: 'general.js',
    line: 'version === 1n &&',
    becomes: '',
    fails: 'PIN',
    says: /it wrote \d tuples, and was to write none/,
  },
];

describe('a program with a bug', () => {
  test.each(mutants)('$bug: $fails is wrong', async ({ file, line, becomes, fails, says }) => {
    for (const name of ['general.js', 'om.js']) {
      const text = readFileSync(join(example, name), 'utf8');
      if (name === file && !text.includes(line)) throw new Error(`${file} has no "${line}" any more`);
      writeFileSync(join(folder, name), name === file ? text.replace(line, becomes) : text);
    }
    const cases = ['--cases', fails, '--answer-ms', '2000'];
    const { exitCode, stdout } = await check(...cases, '--', 'node', join(folder, 'general.js'));
    expect(stdout).toMatch(new RegExp(`^${fails} +WRONG`, 'm'));
    expect(stdout).toMatch(says);
    expect(exitCode).toBe(1);
  });

  test('one that does not enrol is told with what it wrote', async () => {
    const { exitCode, stderr } = await check(
      '--',
      'node',
      '-e',
      'console.log("no idea what to do"); process.exit(1)',
    );
    expect(exitCode).toBe(69);
    expect(stderr).toMatch(/the program did not enrol; it wrote:\n.*no idea what to do/s);
  });
});

test('without a command a program is waited for that somebody else starts', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const environment = { ...process.env, BYZANTINE_GENERAL_NODE_TUPLESPACE: address };
  const checking = check('--listen', address, '--cases', 'KA1,KA2', '--json');
  const program = spawn('node', [join(example, 'general.js')], { env: environment, stdio: 'ignore' });
  try {
    const { exitCode, stdout } = await checking;
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'byzantine.general-check/1',
      cases: [
        { id: 'KA1', problems: [] },
        { id: 'KA2', problems: [] },
      ],
    });
    expect(exitCode).toBe(0);
  } finally {
    program.kill('SIGKILL');
  }
});

test('a known answer that is not known is refused', async () => {
  const { exitCode, stderr } = await check('--cases', 'KA77', '--', 'node');
  expect(exitCode).toBe(64);
  expect(stderr).toMatch(/--cases: "KA77" is unknown/);
});
