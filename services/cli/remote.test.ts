/**
 * Commands against running services: the whole system in this process, served over gRPC on free ports.
 */

import { parseTrace, replayTrace } from '../record/index.js';
import { resolveSettings } from '../runtime/index.js';
import { any } from '../tuplespace/index.js';
import { type Embedded, startEmbedded } from './embedded.js';
import { settingTables } from './settings.js';
import { type DocumentOf, parseDocument, type SchemaName } from './testing/documents.js';
import { createTestShell, eventually } from './testing/test-shell.js';

let system: Embedded;
let orchestrator: string[];
let tuplespace: string[];
beforeAll(async () => {
  const environment = {
    BYZANTINE_TUPLESPACE_ADDRESS: '127.0.0.1:0',
    BYZANTINE_GENERAL_NODE_ADDRESS: '127.0.0.1:0',
    BYZANTINE_ORCHESTRATOR_ADDRESS: '127.0.0.1:0',
    BYZANTINE_DASHBOARD_ADDRESS: 'off',
  };
  const settings = resolveSettings(settingTables, { environment });
  system = await startEmbedded({ nodeCount: 4, settings, isServed: true });
  const at = (service: string) => system.addresses.find((one) => one.service === service)?.address ?? '';
  orchestrator = ['--orchestrator', at('Orchestrator')];
  tuplespace = ['--tuplespace', at('TupleSpace')];
});
afterAll(() => system.stop());

async function run(...args: string[]) {
  return createTestShell().run(...args);
}

/** Runs a command with --json and checks its document against the schema. */
async function document<Name extends SchemaName>(name: Name, ...args: string[]): Promise<DocumentOf<Name>> {
  const { stdout, stderr } = await run(...args, '--json');
  if (stdout === '') throw new Error(`no document: ${stderr}`);
  return parseDocument(name, stdout);
}

describe('byz round', () => {
  test('start answers with the round, and watch tells all of it', async () => {
    const started = await document('byzantine.round/1', 'round', 'start', '--seed', '7', ...orchestrator);
    const { exitCode, stdout } = await run(
      'round',
      'watch',
      String(started.number),
      '--json',
      ...orchestrator,
    );
    expect(exitCode).toBe(0);
    const parsed = parseTrace(stdout);
    const trace = parsed.kind === 'trace' ? parsed.trace : undefined;
    expect(trace && replayTrace(trace).mismatches).toEqual([]);
    const kinds = trace?.events.map((event) => event.kind) ?? [];
    expect(kinds[0]).toBe('started');
    expect(kinds.at(-1)).toBe('ended');
    expect(kinds.filter((kind) => kind === 'message')).toHaveLength(9);
    expect(kinds.filter((kind) => kind === 'decision').length).toBeGreaterThanOrEqual(3);
  });

  test('start --watch shows the same report as run, and ends with its exit code', async () => {
    const three = ['--generals', '3', '--traitors', '1', '--outside-bound', 'general-2=flip', '--watch'];
    const { exitCode, stdout } = await run('round', 'start', ...three, ...orchestrator);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^Agreement +violated/m);
    expect(stdout).toMatch(/^Granularity ratio /m);
    expect(stdout.trimEnd()).toMatch(/\nOUTSIDE BOUND$/);
  });

  test('the same key starts one round', async () => {
    const start = () => document('byzantine.round/1', 'round', 'start', '--key', 'one', ...orchestrator);
    expect((await start()).number).toBe((await start()).number);
  });

  test('show, list and cancel have their documents', async () => {
    const silent = ['general-0=silent', '--phase-ms', '600000'];
    const { number } = await document('byzantine.round/1', 'round', 'start', ...silent, ...orchestrator);
    const cancelled = await document('byzantine.round/1', 'round', 'cancel', String(number), ...orchestrator);
    expect(cancelled).toMatchObject({ status: 'cancelled', cancelledBecause: 'cancelled by a user' });
    const shown = await document(
      'byzantine.round/1',
      'round',
      'show',
      String(number),
      '--all',
      ...orchestrator,
    );
    expect(shown).toMatchObject({ number, status: 'cancelled', messages: [] });
    const { rounds } = await document('byzantine.rounds/1', 'round', 'list', '--limit', '2', ...orchestrator);
    expect(rounds).toEqual([expect.objectContaining({ number, status: 'cancelled' }), expect.anything()]);
  });

  test('Ctrl-C ends the watching and not the round', async () => {
    const silent = ['general-0=silent', '--phase-ms', '600000'];
    const started = await document('byzantine.round/1', 'round', 'start', ...silent, ...orchestrator);
    const number = String(started.number);
    const shell = createTestShell();
    const watching = shell.run('round', 'watch', number, ...orchestrator);
    await eventually(() => shell.stdout.includes('started'));
    shell.interrupt();
    expect((await watching).exitCode).toBe(130);
    const shown = await document('byzantine.round/1', 'round', 'show', number, ...orchestrator);
    expect(shown.status).toBe('running');
    await run('round', 'cancel', number, ...orchestrator);
  });

  test.each<[string, string[], number]>([
    ['an unknown round', ['show', '999'], 64],
    ['a round that is no number', ['show', 'first'], 64],
    ['a round that is over', ['cancel', '1'], 64],
    ['numbers outside the bound', ['start', '--generals', '6', '--traitors', '2'], 64],
    ['too many messages', ['start', '--generals', '13', '--traitors', '4'], 64],
    ['an unknown strategy', ['start', '--strategy', 'silnt'], 64],
  ])('%s is refused', async (_claim, args, code) => {
    const { exitCode, stdout, stderr } = await run('round', ...args, ...orchestrator);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toMatch(/^error: /);
  });
});

test('byz nodes lists the nodes, how each is, and what the loss of one would cost', async () => {
  const { nodes } = await document('byzantine.nodes/1', 'nodes', ...orchestrator);
  expect(nodes).toHaveLength(4);
  const silent = [
    'general-0=silent',
    '--phase-ms',
    '600000',
    '--generals',
    '7',
    '--faults',
    '2',
    '--traitors',
    '1',
  ];
  const { number } = await document('byzantine.round/1', 'round', 'start', ...silent, ...orchestrator);
  const { stdout } = await run('nodes', ...orchestrator);
  expect(stdout).toMatch(/ live .* s ago /);
  // One traitor and two loyal generals, or two loyal ones: the worst node is named.
  const line = new RegExp(
    `^round ${String(number)}: without node-\\d, 2 generals less and 3 faults; MORE than the 2`,
    'm',
  );
  expect(stdout).toMatch(line);
  await run('round', 'cancel', String(number), ...orchestrator);
});

describe('byz space', () => {
  const space = ['--space', 'shelf'];
  beforeAll(async () => {
    await run('space', 'put', 'shelf', ...tuplespace);
  });

  test('what is written can be counted, read, watched and taken', async () => {
    const tuples = ['("job", 1, [true, null], 0x"00ff")', '("job", 2, "b", 1.5)'];
    const written = await document('byzantine.write/1', 'space', 'write', ...tuples, ...space, ...tuplespace);
    expect(written).toMatchObject({ isWritten: true, ids: [expect.any(String), expect.any(String)] });
    const template = '("job", ?int, ?, ?)';
    expect(
      await document('byzantine.count/1', 'space', 'count', template, ...space, ...tuplespace),
    ).toMatchObject({
      count: 2,
    });
    const read = await document('byzantine.tuples/1', 'space', 'read', template, ...space, ...tuplespace);
    expect(read.tuples.map(({ literal }) => literal)).toEqual(tuples);
    const watch = ['space', 'watch', template, '--events', '2', '--json', ...space, ...tuplespace];
    const lines = (await run(...watch)).stdout.trimEnd().split('\n');
    expect(lines.map((line) => parseDocument('byzantine.space-event/1', line).kind)).toEqual([
      'stands',
      'stands',
    ]);
    const taken = await document(
      'byzantine.tuples/1',
      'space',
      'take',
      '("job", 2.., ?, ?)',
      ...space,
      ...tuplespace,
    );
    expect(taken).toMatchObject({ isSatisfied: true, tuples: [{ literal: tuples[1] }] });
  });

  test('what read prints, write takes', async () => {
    const tuple = '("again", "ä\\n", -1, 2.0)';
    await run('space', 'write', tuple, ...space, ...tuplespace);
    const { stdout } = await run('space', 'read', '("again", ?, ?, ?)', ...space, ...tuplespace);
    expect(stdout.trimEnd()).toBe(tuple);
  });

  test('a tuple in the way is shown, with exit code 75', async () => {
    const write = [
      'space',
      'write',
      '("leader", "me")',
      '--unless',
      '("leader", ?)',
      ...space,
      ...tuplespace,
    ];
    expect((await run(...write)).exitCode).toBe(0);
    expect(await run(...write)).toMatchObject({
      exitCode: 75,
      stderr: expect.stringContaining('("leader", "me")'),
    });
    expect(await document('byzantine.write/1', ...write)).toMatchObject({ isWritten: false, ids: [] });
  });

  test('nothing in time is exit code 75, and an answer all the same', async () => {
    const take = ['space', 'take', '("nobody")', '--wait', '20ms', ...space, ...tuplespace];
    expect((await run(...take)).exitCode).toBe(75);
    const read = ['space', 'read', '("nobody")', '--min', '1', '--wait', '20ms', ...space, ...tuplespace];
    expect((await run(...read)).exitCode).toBe(75);
    expect(await document('byzantine.tuples/1', ...read)).toMatchObject({ isSatisfied: false, tuples: [] });
  });

  test('a wait ends when the tuple comes', async () => {
    const reading = run('space', 'read', '("late", ?)', '--wait', '10s', ...space, ...tuplespace);
    await eventually(
      async () => (await system.space.explain({ space: 'shelf', template: [any, any] })).waiterCount > 0,
    );
    await run('space', 'write', '("late", 1)', ...space, ...tuplespace);
    expect(await reading).toMatchObject({ exitCode: 0, stdout: '("late", 1)\n' });
  });

  test('a watch goes on until Ctrl-C, which is no failure', async () => {
    const shell = createTestShell();
    const watching = shell.run('space', 'watch', '("seen", ?)', ...space, ...tuplespace);
    await eventually(async () => (await watchCount()) > 0);
    await run('space', 'write', '("seen", 1)', '--ttl', '1h', ...space, ...tuplespace);
    await eventually(() => shell.stdout.includes('written   ("seen", 1)  by anonymous'));
    shell.interrupt();
    expect((await watching).exitCode).toBe(0);
  });

  test('list, info, put and drop have their documents', async () => {
    const put = await document('byzantine.space-put/1', 'space', 'put', 'other', ...tuplespace);
    expect(put).toMatchObject({ space: 'other', isNew: true });
    const { spaces } = await document(
      'byzantine.spaces/1',
      'space',
      'list',
      '--prefix',
      'oth',
      ...tuplespace,
    );
    expect(spaces).toEqual([expect.objectContaining({ space: 'other' })]);
    expect(await document('byzantine.space/1', 'space', 'info', 'other', ...tuplespace)).toMatchObject({
      tupleCount: 0,
    });
    expect(await document('byzantine.space-service/1', 'space', 'info', ...tuplespace)).toMatchObject({
      backend: 'memory',
    });
    expect(await document('byzantine.space-drop/1', 'space', 'drop', 'other', ...tuplespace)).toMatchObject({
      space: 'other',
    });
    expect((await run('space', 'info', 'other', ...tuplespace)).exitCode).toBe(64);
  });

  test.each<[string, string[]]>([
    ['a malformed tuple', ['write', '("a"']],
    ['a malformed template', ['read', '(?strng)']],
    ['a duration without a unit', ['read', '(?)', '--wait', '5']],
    ['an unknown space', ['read', '(?)', '--space', 'nowhere']],
    ['a name that no space can have', ['put', 'a b']],
  ])('%s is exit code 64', async (_claim, args) => {
    const { exitCode, stderr } = await run('space', ...args, ...tuplespace);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/^error: /);
  });

  async function watchCount(): Promise<number> {
    const { spaces } = await system.space.listSpaces({ prefix: 'shelf' });
    return spaces[0]?.watchCount ?? 0;
  }
});

describe('services that are not there', () => {
  test.each<[string, string[]]>([
    ['the orchestrator', ['nodes', '--target', '127.0.0.1:1']],
    ['the orchestrator of a watch', ['round', 'watch', '1', '--target', '127.0.0.1:1']],
    ['the tuple space', ['space', 'read', '(?)', '--target', '127.0.0.1:1']],
    ['the tuple space of a watch', ['space', 'watch', '--target', '127.0.0.1:1']],
    ['a service that is asked for its health', ['health', '127.0.0.1:1']],
  ])('%s is exit code 69', async (_claim, args) => {
    expect((await run(...args)).exitCode).toBe(69);
  });
});

test('byz health asks a service whether it serves', async () => {
  expect(await run('health', orchestrator[1] ?? '')).toMatchObject({ exitCode: 0, stdout: '' });
});

test('a port in use is named, with exit code 69', async () => {
  const [, address = ''] = tuplespace;
  const { exitCode, stderr } = await run('tuplespace', '--address', address, '--log-level', 'silent');
  expect(exitCode).toBe(69);
  expect(stderr).toContain(`${address} is in use`);
});
