/**
 * The dashboard in a real Chromium over a real system. Without a Chromium it says SKIPPED and why.
 */
import type { Browser, Page } from 'playwright-core';
import {
  axeProblems,
  chromiumPath,
  launchBrowser,
  openPage,
  type ServedDashboard,
  startDev,
} from './drivers/browser.js';

if (chromiumPath === undefined) {
  test.skip('dashboard: SKIPPED, there is no Chromium; scripts/install-browser.sh installs it', () => {});
} else {
  describe('the dashboard', suite);
}

function suite(): void {
  let dev: ServedDashboard;
  let browser: Browser;
  const opened: { readonly page: Page; readonly problems: readonly string[] }[] = [];

  beforeAll(async () => {
    [dev, browser] = await Promise.all([startDev(), launchBrowser()]);
  });
  afterEach(async () => {
    const complaints = opened.flatMap(({ problems }) => problems);
    await Promise.all(opened.splice(0).map(({ page }) => page.context().close()));
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await dev?.stop();
  });

  const open = async (query = '', options = {}): Promise<Page> => {
    const link = dev.link.replace('/#', `/${query}#`);
    const one = await openPage(browser, link, options);
    opened.push(one);
    return one.page;
  };

  test('starts the round that is set up, and shows its messages and its verdict', async () => {
    const page = await open();
    await page.getByLabel('Seed').fill('7');
    await page.getByRole('button', { name: 'Start the round' }).click();
    await page.getByText('PASS').first().waitFor();
    expect(await page.locator('table.messages tbody tr').count()).toBe(9);
    expect(page.url()).toMatch(/seed=7&round=\d+$/);
    expect(await axeProblems(page)).toEqual([]);
  });
}
