import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from './testing/documents.js';
import { createTestShell } from './testing/test-shell.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'byz-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const header = {
  schema: 'byzantine.history/1',
  backend: 'redis',
  durability: 'power-loss',
  replicaCount: 2,
  tolerances: { wakeMs: 1000, returnMs: 1000, expiryMs: 1000, clockMs: 100, recoveryMs: 5000 },
  labels: { seed: '7' },
};
const templates = [['q', { kind: 'any' }]];
const tuples = [{ id: '1', values: ['q', 'one'], revision: '1' }];
const write = [
  {
    event: 'invoke',
    op: 1,
    client: 'a',
    atMs: 0,
    call: 'write',
    request: { space: 's', tuples: [['q', 'one']] },
  },
  { event: 'ok', op: 1, atMs: 1, answer: { kind: 'written', ids: ['1'], revision: '1' } },
];
const take = (op: number, atMs: number) => [
  { event: 'invoke', op, client: 'b', atMs, call: 'take', request: { space: 's', templates } },
  { event: 'ok', op, atMs: atMs + 1, answer: { tuples, revision: String(op) } },
];
const drain = [{ event: 'mark', atMs: 50, mark: 'drain' }];

function file(...entries: readonly object[]): string {
  const path = join(folder, 'history.jsonl');
  writeFileSync(path, [header, ...entries].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return path;
}

test('a valid history is exit code 0, each rule with its counts', async () => {
  const { exitCode, stdout } = await createTestShell().run('check', file(...write, ...take(2, 10), ...drain));
  expect(exitCode).toBe(0);
  expect(stdout).toContain('redis, 2 replicas · seed 7');
  expect(stdout).toMatch(/^T2 +at most once +1 +0 +0 +valid$/m);
  expect(stdout).toMatch(/^verdict: valid$/m);
});

test('a violated one is exit code 1, and the lines of the witness are those of the file', async () => {
  const path = file(...write, ...take(2, 10), ...take(3, 20), ...drain);
  const { exitCode, stdout } = await createTestShell().run('check', path);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('T2 violated: ["q","one"] was taken by b and again by b\n   lines 2, 5, 7');
});

test('one without a drain is exit code 2, and says why', async () => {
  const { exitCode, stdout } = await createTestShell().run('check', file(...write));
  expect(exitCode).toBe(2);
  expect(stdout).toContain('T1 unknown: the history has no drain');
});

test('--json has its document', async () => {
  const { stdout } = await createTestShell().run('check', file(...write, ...take(2, 10), ...drain), '--json');
  const { verdict, rules } = parseDocument('byzantine.check/1', stdout);
  expect({ verdict, count: rules.length }).toEqual({ verdict: 'valid', count: 14 });
});

test('a malformed line is exit code 64 with its number and field', async () => {
  const { exitCode, stderr } = await createTestShell().run('check', file({ event: 'ok', op: 'x', atMs: 1 }));
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('line 2: op: is "x"') as string,
  });
});

test('a file that is not there is exit code 66', async () => {
  const { exitCode, stderr } = await createTestShell().run('check', join(folder, 'nothing'));
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 66,
    stderr: expect.stringContaining('cannot be read') as string,
  });
});

test('a bound that is no number is exit code 64', async () => {
  expect((await createTestShell().run('check', file(), '--steps', 'many')).exitCode).toBe(64);
});
