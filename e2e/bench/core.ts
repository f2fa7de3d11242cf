/**
 * `npm run bench:core`: rounds per second of the pure core, each protocol with a commander, all generals in one thread and everyone
 * loyal; the values sent are held against the formula. Signed messages run over the core's own ideal signatures.
 */
import {
  defaultMode,
  generalIds,
  protocolOf,
  protocols,
  type Setting,
  simulateRound,
} from '../../services/consensus/index.js';
import { median, table } from './statistics.js';

const sizes = [
  [4, 1],
  [7, 2],
  [10, 3],
  [13, 4],
] as const;
const kings = [
  [31, 10],
  [64, 21],
] as const;

const reach = [
  { protocol: 'om', n: 13, msMax: 150, mibMax: 256 },
  { protocol: 'king', n: 64, msMax: 1_000, mibMax: 256 },
] as const;

const names = protocols.map(({ name }) => name);
const cases = [
  ...names.flatMap((protocol) => sizes.map(([n, m]) => settingOf(protocol, n, m))),
  ...kings.map(([n, m]) => settingOf('king', n, m)),
];

const rows: (string | number)[][] = [];
let isReached = true;
for (const setting of cases) {
  const { times, messageCount, mib } = measure(setting);
  const expected = protocolOf(setting).cost(setting).messageCount;
  if (messageCount !== expected) throw new Error(`${setting.protocol} sent ${messageCount}, not ${expected}`);
  const ms = median(times);
  const [n, m] = [setting.generals.length, setting.traitorsMax];
  rows.push([
    setting.protocol,
    `${n},${m}`,
    messageCount,
    ms.toFixed(2),
    (1_000 / ms).toFixed(0),
    mib.toFixed(0),
  ]);
  for (const goal of reach) {
    if (goal.protocol !== setting.protocol || goal.n !== n) continue;
    const isGood = ms < goal.msMax && mib < goal.mibMax;
    isReached &&= isGood;
    console.error(
      `${goal.protocol} at n = ${n}: ${ms.toFixed(0)} of ${goal.msMax} ms, ${mib.toFixed(0)} of ${goal.mibMax} MiB`,
    );
  }
}
console.log(`node ${process.version}`);
console.log(table(['protocol', 'n,m', 'messages', 'ms', 'rounds/s', 'MiB'], rows));
if (!isReached) process.exitCode = 1;

/** Repeats for half a second, five rounds at least; memory is the most that the process has had so far. */
function measure(setting: Setting): { times: number[]; messageCount: number; mib: number } {
  const times: number[] = [];
  let messageCount = 0;
  const started = performance.now();
  while (times.length < 5 || performance.now() - started < 500) {
    const before = performance.now();
    const round = simulateRound({ setting, order: 'Attack', traitors: [], seed: 0 });
    times.push(performance.now() - before);
    messageCount = round.messages.reduce((sum, { entries }) => sum + entries.length, 0);
  }
  return { times, messageCount, mib: process.resourceUsage().maxRSS / 2 ** 10 };
}

function settingOf(protocol: Setting['protocol'], n: number, m: number): Setting {
  const generals = generalIds(n);
  const commander = generals[0] ?? '';
  return { protocol, mode: defaultMode(protocol), isCouncil: false, generals, commander, traitorsMax: m };
}
