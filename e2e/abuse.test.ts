/**
 * The short form of `npm run check:abuse`: every bad input and every attack once, some damaged bytes for every method; no judgement of times.
 */
import { spawnSync } from 'node:child_process';

test('services answer bad clients as documented, and go on', () => {
  const compiled = spawnSync('npx', ['tsc', '-p', 'tsconfig.check.json'], { encoding: 'utf8' });
  expect(compiled.stdout).toBe('');
  const { stdout, status } = spawnSync(process.execPath, ['dist/e2e/abuse/main.js', '--short'], {
    encoding: 'utf8',
    timeout: 110_000,
  });
  expect(stdout.split('\n').filter((line) => line.startsWith('WRONG'))).toEqual([]);
  expect(stdout).toMatch(/^PASS$/m);
  expect(status).toBe(0);
}, 120_000);
