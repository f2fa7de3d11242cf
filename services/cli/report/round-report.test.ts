/**
 * Reports against golden files. A run with UPDATE_GOLDEN=1 writes them anew; commit a change only if you can
 * explain it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Round, RoundRequest } from '../../orchestrator/index.js';
import { systemClock } from '../../runtime/index.js';
import { type Embedded, startEmbedded } from '../embedded.js';
import { followRound, withVerdict } from '../follow-round.js';
import { createStyle } from '../output/style.js';
import { createTerminal, toAscii } from '../output/terminal.js';
import { roundReport } from './round-report.js';

let embedded: Embedded;
beforeAll(async () => {
  embedded = await startEmbedded({ nodeCount: 4 });
});
afterAll(() => embedded.stop());

/** A round that was really run, with times that are always the same. */
async function roundOf(request: RoundRequest): Promise<Round> {
  const stream = { write: () => undefined };
  const terminal = createTerminal({ stdout: stream, stderr: stream, environment: {}, platform: 'linux' });
  const started = await embedded.orchestrator.startRound({ phaseMs: 60_000, ...request });
  const { signal } = new AbortController();
  const round = await followRound(embedded.orchestrator, started, { terminal, clock: systemClock, signal });
  return round.metrics === undefined ? round : { ...round, metrics: timeless(round.metrics) };
}

function timeless(metrics: NonNullable<Round['metrics']>): NonNullable<Round['metrics']> {
  const coordinationMs = 12.345;
  const generals = metrics.generals.map((one) => ({
    ...one,
    coordinationMs,
    spaceCallMs: 8.1,
    waitingMs: 4.245,
    computeMs: 0.21,
  }));
  return {
    wallMs: 13,
    coordinationMs,
    computeMs: 0.21,
    coordinationSumMs: 1041,
    computeSumMs: 0.8,
    granularityRatio: 0.017,
    generals,
  };
}

const view = { style: createStyle({ hasColor: false }), columns: 80, isPlain: false, isAll: false };
const place = { place: 'in memory, lost at exit' };

function expectGolden(name: string, text: string): void {
  const path = join(__dirname, 'golden', `${name}.txt`);
  const { UPDATE_GOLDEN } = process.env;
  if (UPDATE_GOLDEN === '1') writeFileSync(path, `${text}\n`);
  expect(`${text}\n`).toBe(readFileSync(path, 'utf8'));
}

const lie = (general: string, to: string, path: string[], vote: 'Attack' | 'Retreat') => ({
  phase: path.length - 1,
  from: general,
  to,
  path,
  act: vote,
});

test.each<[string, RoundRequest]>([
  ['loyal-commander', { seed: 7 }],
  ['lying-commander', { seed: 9, traitors: [{ general: 'general-0', strategy: 'two-faced' }] }],
  ['silent-traitor', { seed: 1, phaseMs: 100, traitors: [{ general: 'general-2', strategy: 'silent' }] }],
  ['seven-generals', { seed: 7, generalCount: 7, faultCount: 2 }],
  ['ten-generals', { seed: 1, generalCount: 10, faultCount: 3 }],
  [
    'three-generals-violated',
    {
      seed: 1,
      generalCount: 3,
      isOutsideBoundAllowed: true,
      traitors: [{ general: 'general-2', strategy: 'flip' }],
    },
  ],
  [
    'three-generals-lucky',
    {
      seed: 1,
      generalCount: 3,
      order: 'Retreat',
      isOutsideBoundAllowed: true,
      traitors: [{ general: 'general-2', strategy: 'flip' }],
    },
  ],
  [
    'signed-messages',
    { seed: 3, protocol: 'sm', traitors: [{ general: 'general-0', strategy: 'two-faced' }] },
  ],
  ['forged-signature', { seed: 3, protocol: 'sm', traitors: [{ general: 'general-2', strategy: 'flip' }] }],
  [
    'king-council',
    {
      seed: 2,
      protocol: 'king',
      isCouncil: true,
      inputs: new Map([['general-1', 'Retreat']]),
      traitors: [{ general: 'general-0', strategy: 'two-faced' }],
    },
  ],
  ['board', { seed: 7, mode: 'board', traitors: [{ general: 'general-0', strategy: 'two-faced' }] }],
  [
    'majority-broken',
    {
      seed: 1,
      protocol: 'majority',
      isCouncil: true,
      inputs: new Map([['general-2', 'Retreat']]),
      isOutsideBoundAllowed: true,
      traitors: [{ general: 'general-3', strategy: 'two-faced' }],
    },
  ],
  ['more-faults-than-m', { seed: 3, faultCount: 1, traitorCount: 2, isOutsideBoundAllowed: true }],
  [
    'traitor-by-table',
    {
      seed: 1,
      traitors: [
        {
          general: 'general-3',
          strategy: 'table',
          acts: [lie('general-3', 'general-1', ['general-0', 'general-3'], 'Retreat')],
        },
      ],
    },
  ],
])('%s', async (name, request) => {
  const round = await roundOf(request);
  const evidence = await embedded.orchestrator.getEvidence(round);
  const report = roundReport(round, view, { ...place, evidence });
  expectGolden(name, report);
  if (round.setting.generals.length <= 10) {
    const lines = report.split('\n').filter((line) => !/^(again|break) /.test(line));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  }
});

test('the plain form has one fact a line and no columns', async () => {
  const round = await roundOf({ seed: 9, traitors: [{ general: 'general-0', strategy: 'two-faced' }] });
  const evidence = await embedded.orchestrator.getEvidence(round);
  expectGolden('plain', roundReport(round, { ...view, isPlain: true }, { ...place, evidence }));
});

test('colour adds nothing but colour', async () => {
  const round = await roundOf({ seed: 7 });
  const colored = roundReport(round, { ...view, style: createStyle({ hasColor: true }) }, place);
  const codes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  expect(colored.replaceAll(codes, '')).toBe(roundReport(round, view, place));
  expect(colored).not.toBe(roundReport(round, view, place));
});

test('in ASCII no character is lost', async () => {
  const round = await roundOf({ seed: 7 });
  expect(toAscii(roundReport(round, view, place))).not.toContain('?');
});

test('with isAll every value is shown, however many', async () => {
  const round = await roundOf({ seed: 1, generalCount: 10, faultCount: 3 });
  const report = roundReport(round, { ...view, isAll: true }, place);
  expect(report).not.toContain('folded');
  expect([...report.matchAll(/\d (?:Attack|Retreat)!?(?= |$)/gm)].length).toBeGreaterThanOrEqual(3_609);
});

test('a round without a verdict says of each property what is known', async () => {
  const started = await embedded.orchestrator.startRound({
    phaseMs: 60_000,
    seed: 1,
    traitors: [{ general: 'general-0', strategy: 'silent' }],
  });
  const { number } = started;
  const cancelled = await embedded.orchestrator.cancelRound({ number, because: 'enough' });
  expectGolden('cancelled', roundReport(withVerdict(cancelled), view, place));
});
