/**
 * `npm run bench:core`: rounds per second of the pure core, each protocol with a commander, all generals in one thread and everyone
 * loyal; the values sent are held against the formula. Signed messages run over the core's own ideal signatures. Each setting has a
 * process of its own, so that its memory is its own; what must be reached is held against processor time, which a busy machine does not
 * stretch.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  defaultMode,
  generalIds,
  protocolNamed,
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
  { protocol: 'om', n: 13, cpuMsMax: 150, mibMax: 256 },
  { protocol: 'king', n: 64, cpuMsMax: 1_000, mibMax: 512 },
] as const;

/** Of one setting: medians over its rounds, and the most memory that its process had. */
interface Measured {
  readonly messageCount: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly mib: number;
}

const [asked, n, m] = process.argv.slice(2);
const family = protocolNamed(asked ?? '');
if (family === undefined) process.exitCode = measureAll() ? 0 : 1;
else console.log(JSON.stringify(measure(settingOf(family.name, Number(n), Number(m)))));

/** False when something that must be reached was not. */
function measureAll(): boolean {
  const cases = [
    ...protocols.flatMap(({ name }) => sizes.map(([n, m]) => settingOf(name, n, m))),
    ...kings.map(([n, m]) => settingOf('king', n, m)),
  ];
  const rows: (string | number)[][] = [];
  let isReached = true;
  for (const setting of cases) {
    const [n, m] = [setting.generals.length, setting.traitorsMax];
    const { messageCount, wallMs, cpuMs, mib } = measureApart(setting);
    rows.push([
      setting.protocol,
      `${n},${m}`,
      messageCount,
      wallMs.toFixed(2),
      cpuMs.toFixed(2),
      (1_000 / wallMs).toFixed(0),
      mib.toFixed(0),
    ]);
    for (const goal of reach) {
      if (goal.protocol !== setting.protocol || goal.n !== n) continue;
      isReached &&= cpuMs < goal.cpuMsMax && mib < goal.mibMax;
      console.error(
        `${goal.protocol} at n = ${n}: ${cpuMs.toFixed(0)} of ${goal.cpuMsMax} ms, ${mib.toFixed(0)} of ${goal.mibMax} MiB`,
      );
    }
  }
  console.log(`node ${process.version}`);
  console.log(table(['protocol', 'n,m', 'messages', 'ms', 'cpu ms', 'rounds/s', 'MiB'], rows));
  return isReached;
}

function measureApart({ protocol, generals, traitorsMax }: Setting): Measured {
  const self = fileURLToPath(import.meta.url);
  const text = execFileSync(
    process.execPath,
    [self, protocol, String(generals.length), String(traitorsMax)],
    {
      encoding: 'utf8',
    },
  );
  return JSON.parse(text) as Measured;
}

/** Repeats for half a second, five rounds at least. */
function measure(setting: Setting): Measured {
  const expected = protocolOf(setting).cost(setting).messageCount;
  const wallTimes: number[] = [];
  const cpuTimes: number[] = [];
  const started = performance.now();
  while (wallTimes.length < 5 || performance.now() - started < 500) {
    const before = performance.now();
    const cpuBefore = process.cpuUsage();
    const { messages } = simulateRound({ setting, order: 'Attack', traitors: [], seed: 0 });
    const { user, system } = process.cpuUsage(cpuBefore);
    wallTimes.push(performance.now() - before);
    cpuTimes.push((user + system) / 1_000);
    const messageCount = messages.reduce((sum, { entries }) => sum + entries.length, 0);
    if (messageCount !== expected)
      throw new Error(`${setting.protocol} sent ${messageCount}, not ${expected}`);
  }
  const mib = process.resourceUsage().maxRSS / 2 ** 10;
  return { messageCount: expected, wallMs: median(wallTimes), cpuMs: median(cpuTimes), mib };
}

function settingOf(protocol: Setting['protocol'], n: number, m: number): Setting {
  const generals = generalIds(n);
  const commander = generals[0] ?? '';
  return { protocol, mode: defaultMode(protocol), isCouncil: false, generals, commander, traitorsMax: m };
}
