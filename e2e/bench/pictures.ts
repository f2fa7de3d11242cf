/**
 * Takes the pictures of the documentation from a real system: docs/round.svg and docs/pictures/*.png.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, openPage, startDev } from '../drivers/browser.js';

const folder = 'docs/pictures';
const wide = { width: 1360, height: 900 };
const phone = { width: 390, height: 844 };

mkdirSync(folder, { recursive: true });
drawRound();
const dev = await startDev();
const browser = await launchBrowser();
try {
  await take(
    'dashboard',
    '?generals=7&faults=2&seed=11&strategy=two-faced',
    { viewport: wide },
    async (page) => {
      await startRound(page);
      await page.locator('#why').getByLabel('General').selectOption('general-1');
      await page.getByRole('slider', { name: 'Step' }).fill('40');
    },
  );
  await take('lesson', '?lesson=one-exchange', { viewport: wide, colorScheme: 'dark' }, async (page) => {
    for (let i = 0; i < 4; i += 1) await page.getByRole('button', { name: 'Next', exact: true }).click();
  });
  await take(
    'fork',
    '?lesson=three-cannot&at=4&fork=4:Attack',
    { viewport: { width: 1440, height: 760 } },
    async (page) => {
      await page.locator('#fork').waitFor();
    },
  );
  await take(
    'phone',
    '?seed=7&traitors=general-2:flip',
    { viewport: phone, deviceScaleFactor: 1.5 },
    startRound,
  );
} finally {
  await browser.close();
  await dev.stop();
}

/** The diagram of one round: by its seed the same messages each time, in the order in which this run wrote those of a phase. */
function drawRound(): void {
  const runs = mkdtempSync(join(tmpdir(), 'byz-pictures-'));
  const round = ['run', '--generals', '7', '--traitors', '2', '--seed', '7', '--save-to', runs];
  execFileSync(process.execPath, ['dist/services/cli/main.js', ...round], { stdio: 'ignore' });
  copyFileSync(join(runs, 'latest/diagram.svg'), 'docs/round.svg');
  rmSync(runs, { recursive: true });
}

async function startRound(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start the round' }).click();
  await page.locator('.outcome').waitFor();
  await page.evaluate('scrollTo(0, 0)');
}

async function take(
  name: string,
  query: string,
  options: BrowserContextOptions,
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const { page } = await openPage(browser, dev.link.replace('/#', `/${query}#`), options);
  await act(page);
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  await page.screenshot({ path: `${folder}/${name}.png` });
  await page.context().close();
  console.log(`${folder}/${name}.png`);
}
