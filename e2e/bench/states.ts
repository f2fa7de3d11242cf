/**
 * Takes a picture of the dashboard in each of its states, from a real system: light and dark, at the width of a desktop and of a phone.
 * Says what axe finds in each, and what scrolls sideways; ends with 1 if there is anything. Pictures are there to be looked at.
 *
 *   npm run pictures:states -- FOLDER [STATE …]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { lessons } from '../../services/dashboard/page/lessons/index.js';
import { freePort } from '../../services/tuplespace/testing/free-port.js';
import { axeProblems, launchBrowser } from '../drivers/browser.js';
import { endAll, startProcesses } from '../drivers/processes.js';

const [folder = 'dist/pictures', ...only] = process.argv.slice(2);

interface State {
  readonly query?: string;
  /** Default: the right one. */
  readonly key?: string;
  /** Before the page is opened. */
  readonly before?: (page: Page) => Promise<unknown>;
  readonly act?: (page: Page) => Promise<unknown>;
  /** Once the picture is taken. */
  readonly after?: (page: Page) => Promise<unknown>;
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const started = async (page: Page): Promise<void> => {
  await press(page, 'Start the round');
  await page.getByText('running, live').or(page.locator('.outcome')).first().waitFor();
};
const finished = async (page: Page): Promise<void> => {
  await started(page);
  await page.locator('.outcome').waitFor();
};
const ofLessons = lessons.map(({ name, steps }): [string, State] => [
  `lesson-${name}`,
  {
    query: `?lesson=${name}`,
    act: async (page) => {
      for (let step = 1; step < steps.length; step += 1) await press(page, 'Next');
    },
  },
]);

const states: readonly (readonly [string, State])[] = [
  ['empty', {}],
  // The first answer never comes.
  ['connecting', { before: (page) => page.route('**/api/system', () => {}) }],
  [
    'lost',
    {
      query: '?seed=7',
      act: async (page) => {
        await finished(page);
        await system.services.orchestrator.end('SIGKILL');
        await page.getByText('The orchestrator does not answer').first().waitFor();
      },
      after: () => system.services.orchestrator.restart(),
    },
  ],
  ['read-only', { key: '', act: (page) => page.getByText('Read-only:').waitFor() }],
  [
    'wrong-key',
    {
      key: 'wrong',
      act: (page) => press(page, 'Start the round').then(() => page.getByRole('alert').waitFor()),
    },
  ],
  ['not-there', { query: '?round=9999', act: (page) => page.getByText('cannot be shown').waitFor() }],
  ['too-large', { query: '?generals=13&faults=4', act: (page) => page.getByText('Too large').waitFor() }],
  ['finished', { query: '?generals=7&faults=2&seed=11&strategy=two-faced', act: finished }],
  ['signed', { query: '?protocol=sm&generals=4&faults=1&seed=3&strategy=two-faced', act: finished }],
  ['outside-bound', { query: '?generals=3&faults=1&traitors=general-0:two-faced', act: finished }],
  ['timed-out', { query: '?traitors=general-2:silent&phase-ms=200', act: finished }],
  [
    'running',
    {
      query: '?traitors=general-2:silent&phase-ms=30000',
      act: (page) => started(page).then(() => page.getByText('waits for').waitFor()),
      after: (page) => press(page, 'Cancel the round').then(() => page.locator('.outcome').waitFor()),
    },
  ],
  [
    'cancelled',
    {
      query: '?traitors=general-2:silent&phase-ms=30000',
      act: async (page) => {
        await started(page);
        await press(page, 'Cancel the round');
        await page.locator('#verdict').getByText('cancelled from the dashboard').waitFor();
      },
    },
  ],
  ['folded', { query: '?generals=10&faults=3&seed=7', act: finished }],
  [
    'fork',
    { query: '?lesson=three-cannot&at=4&fork=4:Attack', act: (page) => page.locator('#fork').waitFor() },
  ],
  ['keys', { query: '?lesson=four-can', act: (page) => page.keyboard.press('?') }],
  ['node-crashed', { query: '?traitors=general-1:silent&phase-ms=6000', act: crashOne }],
  [
    'quiz',
    {
      query: '?lesson=four-can&quiz=1',
      act: async (page) => {
        for (let step = 0; step < 3; step += 1) await press(page, 'Next');
        await page.getByText('What will general-1 decide').waitFor();
      },
    },
  ],
  ...ofLessons,
];

const views: readonly (readonly [string, BrowserContextOptions])[] = (['light', 'dark'] as const).flatMap(
  (colorScheme): [string, BrowserContextOptions][] => [
    [`${colorScheme}-desktop`, { colorScheme, viewport: { width: 1440, height: 900 } }],
    [`${colorScheme}-phone`, { colorScheme, viewport: { width: 390, height: 844 } }],
  ],
);

mkdirSync(folder, { recursive: true });
const secrets = mkdtempSync(join(tmpdir(), 'byzantine-pictures-'));
const [keyFile, key] = [join(secrets, 'key'), 'key-of-the-pictures'];
writeFileSync(keyFile, `${key}\n`);
const address = `127.0.0.1:${await freePort()}`;
const env = {
  BYZANTINE_DASHBOARD_ADDRESS: address,
  BYZANTINE_DASHBOARD_KEY_FILE: keyFile,
  BYZANTINE_GENERAL_NODE_CHAOS: 'true',
};
const system = await startProcesses({ nodeCount: 4, env });
const browser = await launchBrowser();
let problemCount = 0;
try {
  for (const [name, state] of states.filter(([name]) => only.length === 0 || only.includes(name))) {
    for (const [view, options] of views) await take(name, state, view, options);
  }
} finally {
  await browser.close();
  await system.stop();
  await endAll();
  rmSync(secrets, { recursive: true });
}
console.log(problemCount === 0 ? 'PASS' : `FAIL: ${problemCount} problems`);
process.exitCode = problemCount === 0 ? 0 : 1;

async function take(name: string, state: State, view: string, options: BrowserContextOptions): Promise<void> {
  const { query = '', before, act, after } = state;
  const page = await (await browser.newContext(options)).newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  try {
    await before?.(page);
    await page.goto(`http://${address}/${query}#key=${state.key ?? key}`);
    if (before === undefined) await page.getByText('connected').first().waitFor();
    await act?.(page);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    problems.push(...(await axeProblems(page)));
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (overflow > 0) problems.push(`scrolls sideways by ${overflow} px`);
  } catch (error) {
    problems.push(String(error));
  }
  // What sticks to the top of the window stands at the top of the picture.
  await page.evaluate("scrollTo({ top: 0, behavior: 'instant' })");
  await page.screenshot({ path: join(folder, `${name}-${view}.png`), fullPage: true });
  await after?.(page);
  await page.context().close();
  problemCount += problems.length;
  console.log([`${name} ${view}`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
}

/** The node of a general of the round that runs, in the middle of it; it is started again, as whatever starts nodes would do. */
async function crashOne(page: Page): Promise<void> {
  await started(page);
  const host = page.locator('#nodes li', { hasText: 'general-3 of round' });
  const name = (await host.locator('b').textContent()) ?? '';
  await press(page, `Crash ${name}`);
  await page.locator('#nodes li', { hasText: /general-3 of round \d+, epoch 2/ }).waitFor();
  const crashed = system.services.nodes.find((node) => node.name === name);
  await page.locator('.outcome').waitFor({ timeout: 60_000 });
  await crashed?.restart();
}
