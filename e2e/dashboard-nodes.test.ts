/**
 * The dashboard over nodes that are processes of their own: one is hung and woken, another killed in mid-round, from the page.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { freePort } from '../services/tuplespace/testing/free-port.js';
import { axeProblems, chromiumPath, launchBrowser, openPage } from './drivers/browser.js';
import { endAll, type ProcessDeployment, startProcesses } from './drivers/processes.js';

if (chromiumPath === undefined) {
  test.skip('dashboard: SKIPPED, there is no Chromium; scripts/install-browser.sh installs it', () => {});
} else {
  describe('the dashboard over processes', suite);
}

function suite(): void {
  const folder = mkdtempSync(join(tmpdir(), 'byzantine-dashboard-'));
  const keyFile = join(folder, 'key');
  let deployment: ProcessDeployment;
  let browser: Browser;
  let link: string;

  beforeAll(async () => {
    writeFileSync(keyFile, 'key-of-the-test\n');
    const address = `127.0.0.1:${await freePort()}`;
    link = `http://${address}/#key=key-of-the-test`;
    const env = {
      BYZANTINE_DASHBOARD_ADDRESS: address,
      BYZANTINE_DASHBOARD_KEY_FILE: keyFile,
      BYZANTINE_GENERAL_NODE_CHAOS: 'true',
    };
    [deployment, browser] = await Promise.all([startProcesses({ nodeCount: 4, env }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
    await endAll();
    rmSync(folder, { recursive: true });
  });

  test('a node that is hung falls silent, and serves again when it is woken, by keys alone', async () => {
    const { page, problems } = await openPage(browser, link);
    const node = page.locator('#nodes li', { hasText: 'node2' });
    await node.getByText('serving').waitFor();
    await node.getByRole('button', { name: 'Hang node2' }).press('Enter');
    // First a sign of life is missing, then its lease is over.
    await node.getByText(/SILENT|GONE/).waitFor();
    expect(await axeProblems(page)).toEqual([]);
    await node.getByRole('button', { name: 'Recover node2' }).press('Enter');
    await node.getByText('serving').waitFor();
    await page.context().close();
    expect(problems).toEqual([]);
  });

  test('a node that is killed in mid-round loses its general to another, and the round is kept', async () => {
    const { page, problems } = await openPage(
      browser,
      link.replace('/#', '/?traitors=general-1:silent&phase-ms=20000#'),
    );
    await page.getByRole('button', { name: 'Start the round' }).press('Enter');
    await page.getByText('running, live').waitFor();
    const host = page.locator('#nodes li', { hasText: 'general-3 of round' });
    const name = (await host.locator('b').textContent()) ?? '';
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith(`/api/nodes/${name}/fault`)),
      host.getByRole('button', { name: `Crash ${name}` }).press('Enter'),
    ]);
    expect([crashed, lost(name)]).toContain(`${answer.status()} ${await answer.text()}`);
    const moved = page.locator('#nodes li', { hasText: /general-3 of round \d+, epoch 2/ });
    await moved.waitFor();
    expect(await moved.locator('b').textContent()).not.toBe(name);
    await page.getByRole('link', { name: 'Take the record' }).waitFor({ timeout: 60_000 });
    expect(await page.locator('.outcome').textContent()).toBe('PASS');
    await page.context().close();
    expect(problems.filter((problem) => !problem.includes('503'))).toEqual([]);
  }, 120_000);
}

/** A node may die before its answer leaves it; then nobody knows, and that is what is said. */
const crashed = '200 {}';
function lost(node: string): string {
  const message = `"${node}" was asked and gave no answer: the crash may have happened all the same`;
  const advice = 'see what state it is in before you ask again';
  return `503 ${JSON.stringify({ code: 'unavailable', message: `${message}; ${advice}` })}`;
}
