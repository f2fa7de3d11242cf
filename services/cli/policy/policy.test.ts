import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyPresets } from '../../tuplespace/index.js';
import { parsePolicyTemplate, printPolicyTemplate } from '../literal/policy-template.js';
import { createTestShell } from '../testing/test-shell.js';
import { parsePolicyDocument } from './policy-document.js';

const ballot = `
policy = 1
preset = "board"

[[rule]]
name = "vote"
allow = ["write"]
kinds = ["client"]
template = '("vote", @caller, ?str)'
until = ['("closed")']

[[rule]]
name = "sealed"
deny = ["read", "watch"]
template = '("vote", ...)'

[[unique]]
name = "one vote"
template = '("vote", ?, ?)'
fields = [1]

[limits]
tuples_max = 100
`;

describe('a policy in a file', () => {
  test('has its own rules before those of its preset, unique rules and limits', () => {
    const { policy, uniqueRules, limits } = parsePolicyDocument('ballot.toml', ballot);
    expect(policy?.rules.slice(2)).toEqual(policyPresets.board.rules);
    expect(policy?.rules[0]).toMatchObject({
      name: 'vote',
      effect: 'allow',
      operations: ['write'],
      kinds: ['client'],
    });
    expect(policy?.rules[1]).toMatchObject({ effect: 'deny', template: { hasMore: true } });
    expect(uniqueRules).toMatchObject([{ name: 'one vote', fields: [1], isPerWriter: false }]);
    expect(limits).toEqual({ tuplesMax: 100 });
  });

  test.each([
    ['("vote", @caller, @epoch, ?str, 1..5, "a"*, ...)'],
    ['("close", #4)'],
    ['(?, ?int)'],
    ['(...)'],
  ])('reads and prints %s as the same', (text) => {
    expect(printPolicyTemplate(parsePolicyTemplate(text))).toBe(text);
  });

  test.each<[string, string, RegExp]>([
    ['an unknown key', 'policy = 1\nrules = 3', /p\.toml.*rules/],
    [
      'both of allow and deny',
      '[[rule]]\nname = "a"\nallow = ["read"]\ndeny = ["read"]',
      /one of allow and deny/,
    ],
    ['an unknown operation', '[[rule]]\nname = "a"\nallow = ["look"]', /allow/],
    ['a bad template', '[[rule]]\nname = "a"\nallow = ["read"]\ntemplate = "(@me)"', /rule 1.*@me/],
    ['an unknown limit', '[limits]\nnothing_max = 1', /limits\.nothing_max/],
    ['no TOML', 'policy =', /line 1/],
  ])('with %s is refused with the place', (_, text, message) => {
    const whole = text.startsWith('policy') ? text : `policy = 1\n${text}`;
    expect(() => parsePolicyDocument('p.toml', whole)).toThrow(message);
  });
});

describe('byz space policy check', () => {
  const workingDirectory = mkdtempSync(join(tmpdir(), 'byzantine-policy-'));
  writeFileSync(join(workingDirectory, 'ballot.toml'), ballot);
  const check = (...args: string[]) =>
    createTestShell({ workingDirectory }).run('space', 'policy', 'check', ...args);

  test('says which rule decides, and exits by it', async () => {
    const write = ['ballot.toml', '--as', 'client/ann', '--op', 'write', '--tuple'];
    const own = await check(...write, '("vote", "ann", "yes")');
    expect([own.exitCode, own.stdout]).toEqual([0, 'allowed by rule "vote", until ("closed") stands\n']);
    const forged = await check(...write, '("vote", "bob", "yes")');
    expect([forged.exitCode, forged.stdout]).toEqual([77, 'refused: no rule fits\n']);
    const read = ['ballot.toml', '--as', 'client/ann', '--op', 'read', '--template'];
    expect((await check(...read, '("vote", ?, ?)')).stdout).toBe('refused by rule "sealed"\n');
    expect((await check(...read, '("news", ?)')).stdout).toBe('allowed by rule "see"\n');
  });

  test('lists the rules that a caller can meet', async () => {
    const { stdout } = await check('ballot.toml', '--as', 'general-1', '--json');
    const { rules, caller } = JSON.parse(stdout) as { rules: { name: string }[]; caller: unknown };
    expect(caller).toEqual({ kind: 'general', id: 'general-1', epoch: 1 });
    expect(rules.map(({ name }) => name)).toEqual(['sealed', 'never-take', 'post', 'see']);
  });

  test('asks for what is missing', async () => {
    expect((await check('open', '--as', 'general-1', '--op', 'write')).exitCode).toBe(64);
    expect((await check('open', '--as', 'general-1', '--op', 'look')).exitCode).toBe(64);
    expect((await check('nowhere.toml', '--as', 'general-1')).exitCode).toBe(66);
  });
});
