import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signedBytes, type Vote } from '../../consensus/index.js';
import { createTestShell } from '../testing/test-shell.js';
import { proofDocument } from './proof-file.js';

const workingDirectory = mkdtempSync(join(tmpdir(), 'byzantine-proof-'));
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(12);

function order(vote: Vote, instance = 'round 7') {
  const bytes = signedBytes(instance, vote, [], [], 'general-0');
  return { vote, bytes, signature: sign(null, bytes, privateKey) };
}

const proof = proofDocument({
  signer: 'general-0',
  instance: 'round 7',
  publicKey: raw,
  orders: [order('Attack'), order('Retreat')],
});

async function verify(content: unknown, ...flags: string[]) {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(workingDirectory, 'proof.json'), text);
  return createTestShell({ workingDirectory }).run('evidence', 'verify', 'proof.json', ...flags);
}

describe('byz evidence verify', () => {
  test('says what a proof proves, and what it does not', async () => {
    const { exitCode, stdout } = await verify(proof);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^PROVEN\none key signed both Attack and Retreat as the order of general-0 in round 7\n/,
    );
    expect(stdout).toMatch(/whose key it is the file cannot prove/);
  });

  test('finds true what a round of signed messages gives as proof of its commander', async () => {
    const round = ['--protocol', 'sm', '--generals', '4', '--traitors', '1', 'general-0=two-faced'];
    const { stdout } = await createTestShell().run('run', ...round, '--seed', '3', '--json');
    const { evidence } = JSON.parse(stdout) as { evidence: { proofs: readonly unknown[] } };
    expect(evidence.proofs).toMatchObject([{ signer: 'general-0' }]);
    expect((await verify(evidence.proofs[0])).stdout).toMatch(
      /^PROVEN\none key signed both Attack and Retreat/,
    );
  });

  test('gives the same as a document', async () => {
    const { stdout } = await verify(proof, '--json');
    expect(JSON.parse(stdout)).toEqual({
      schema: 'byzantine.verification/1',
      holds: true,
      signer: 'general-0',
      instance: 'round 7',
      keyFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      problems: [],
    });
  });

  test.each([
    ['another key', { ...proof, publicKey: otherKey() }, /does not verify under the key/],
    ['a signature from another order', swapped(), /does not verify under the key/],
    [
      'a signature that is none',
      { ...proof, orders: [proof.orders[0], { ...proof.orders[1], signature: 'AAAA' }] },
      /does not verify/,
    ],
    ['one order twice', { ...proof, orders: [proof.orders[0], proof.orders[0]] }, /no contradiction/],
    ['another round', { ...proof, instance: 'round 8' }, /is of round round 7/],
  ])('%s proves nothing', async (_, content, problem) => {
    const { exitCode, stdout } = await verify(content);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^NOT PROVEN\n/);
    expect(stdout).toMatch(problem);
  });

  test.each([
    ['no JSON', 'a proof', /proof\.json: is not JSON/],
    ['a list', '[]', /proof\.json: invalid input: expected object/],
    [
      'another schema',
      { ...proof, schema: 'byzantine.round/1' },
      /schema: invalid input: expected "byzantine\.proof\/1"/,
    ],
    ['three orders', { ...proof, orders: [...proof.orders, proof.orders[0]] }, /orders: too big/],
    [
      'a vote that is none',
      { ...proof, orders: [{ ...proof.orders[0], vote: 'Wait' }, proof.orders[1]] },
      /orders\.0\.vote: invalid option: expected one of "Attack"\|"Retreat"/,
    ],
    [
      'bytes that are no base64',
      { ...proof, orders: [{ ...proof.orders[0], bytes: '%' }, proof.orders[1]] },
      /orders\.0\.bytes: invalid base64/,
    ],
    ['a key that is none', { ...proof, publicKey: 'AAAA' }, /publicKey: must be a public key/],
    ['a key of another kind', { ...proof, publicKey: otherKind() }, /publicKey: must be Ed25519, is ec/],
  ])('%s is refused by its field', async (_, content, problem) => {
    const { exitCode, stderr } = await verify(content);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(problem);
  });

  test('a file that is not there is refused', async () => {
    const { exitCode, stderr } = await createTestShell({ workingDirectory }).run(
      'evidence',
      'verify',
      'none.json',
    );
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/none\.json: cannot be read/);
  });
});

function otherKey(): string {
  const { publicKey: other } = generateKeyPairSync('ed25519');
  return other.export({ format: 'der', type: 'spki' }).toString('base64');
}

function otherKind(): string {
  const { publicKey: other } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return other.export({ format: 'der', type: 'spki' }).toString('base64');
}

function swapped(): typeof proof {
  const [one, other] = proof.orders;
  return { ...proof, orders: [{ ...one, signature: other.signature }, other] };
}
