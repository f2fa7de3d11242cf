import { spawnSync } from 'node:child_process';
import { createTestShell } from './testing/test-shell.js';

async function completed(...words: string[]): Promise<string[]> {
  const { stdout, exitCode } = await createTestShell().run('complete', '--', ...words);
  expect(exitCode).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

test('commands, their commands and their options are completed', async () => {
  expect(await completed('ro')).toEqual(['round']);
  expect(await completed('')).toEqual(expect.arrayContaining(['run', 'dev', 'space', 'completion']));
  expect(await completed('')).not.toContain('complete');
  expect(await completed('round', 'st')).toEqual(['start']);
  expect(await completed('run', '--gen')).toEqual(['--generals']);
  expect(await completed('run', '--seed', '7', '--pl')).toEqual(expect.arrayContaining(['--plain']));
  expect(await completed('nonsense', 'run', 'x')).toEqual([]);
});

test('bash completes by what byz says', async () => {
  const { stdout: script } = await createTestShell().run('completion', 'bash');
  // Stands for the command in the shell's place: what it is asked is what it answers.
  const test = `byz() { printf '%s ' "$@"; }
${script}
COMP_WORDS=(byz round st); COMP_CWORD=2; _byz; printf '<%s>' "\${COMPREPLY[@]}"
COMP_WORDS=(byz ''); COMP_CWORD=1; _byz; printf '<%s>' "\${COMPREPLY[@]}"
complete -p byz`;
  const { stdout, stderr } = spawnSync('bash', ['-c', test], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe('<complete -- round st ><complete --  >complete -o default -F _byz byz\n');
});

test.each(['bash', 'zsh', 'fish'])('%s has a script that asks byz', async (name) => {
  const { stdout, exitCode } = await createTestShell().run('completion', name);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('byz complete --');
});

test('an unknown shell is exit code 64', async () => {
  expect((await createTestShell().run('completion', 'ksh')).exitCode).toBe(64);
});
