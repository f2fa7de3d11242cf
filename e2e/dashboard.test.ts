/**
 * The dashboard in a real Chromium over a real system. Without a Chromium it says SKIPPED and why.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { until } from '../services/runtime/testing/conditions.js';
import { freePort } from '../services/tuplespace/testing/free-port.js';
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

  /** The page with its key, at a query such as `?generals=7`. */
  async function open(query = '', options: BrowserContextOptions = {}): Promise<Page> {
    const one = await openPage(browser, dev.link.replace('/#', `/${query}#`), options);
    opened.push(one);
    return one.page;
  }

  /** A finished round on the page. */
  async function openRound(query: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await open(query, options);
    await page.getByRole('button', { name: 'Start the round' }).click();
    await page.getByRole('link', { name: 'Take the record' }).waitFor();
    return page;
  }

  const sentence = (page: Page) => page.locator('.sentence');
  const rows = (page: Page) => page.locator('table.messages tbody tr');

  test('starts the round that is set up, and its link shows the same round to another', async () => {
    const page = await openRound('?seed=7&traitors=general-2:flip');
    expect(await page.locator('.outcome').textContent()).toBe('PASS');
    expect(await rows(page).count()).toBe(9);
    expect(await page.locator('svg.diagram').first().textContent()).toContain('TRAITOR');
    const link = new URL(page.url());
    expect(link.hash).toBe('');
    const other = await open(link.search);
    await other.getByRole('link', { name: 'Take the record' }).waitFor();
    expect(await rows(other).allTextContents()).toEqual(await rows(page).allTextContents());
  });

  test('says what a round costs and promises before it is started, and why it will not start one', async () => {
    const page = await open();
    const price = page.locator('.price');
    expect(await price.textContent()).toContain('9 messages');
    await page.getByLabel('Generals, n').fill('3');
    await price.getByText('Nothing is promised').waitFor();
    await page.getByLabel('Generals, n').fill('13');
    await page.getByLabel('Withstands, m').fill('4');
    await price.getByText('Too large: it would send 108,384 messages').waitFor();
    expect(await page.getByRole('button', { name: 'Start the round' }).isDisabled()).toBe(true);
    expect(await axeProblems(page)).toEqual([]);
  });

  test('shows a round while it runs: what has come, then what comes, then that it was cancelled', async () => {
    const page = await open('?traitors=general-2:silent&phase-ms=600000');
    await page.getByRole('button', { name: 'Start the round' }).click();
    await page.getByText('running, live').waitFor();
    // The silent one says nothing to two others, who wait for it.
    await rows(page).nth(6).waitFor();
    expect(await rows(page).count()).toBe(7);
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('button', { name: 'Back to live' }).click();
    await page.getByRole('button', { name: 'Cancel the round' }).click();
    await page.locator('#verdict').getByText('cancelled from the dashboard').waitFor();
    expect(await axeProblems(page)).toEqual([]);
  });

  test('goes back and forth by keys alone, to the very states it came by', async () => {
    const page = await openRound('?seed=7&traitors=general-2:flip');
    await page.locator('#stage').focus();
    await page.keyboard.press('Home');
    expect(await sentence(page).textContent()).toMatch(/^round \d+ starts/);
    const forward: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      await page.keyboard.press('ArrowRight');
      forward.push((await sentence(page).textContent()) ?? '');
    }
    const back = [forward[4]];
    for (let i = 0; i < 4; i += 1) {
      await page.keyboard.press('ArrowLeft');
      back.push((await sentence(page).textContent()) ?? '');
    }
    expect(back).toEqual(forward.toReversed());
    expect(page.url()).toMatch(/at=\d+/);
    await page.keyboard.press('Shift+ArrowRight');
    expect(await page.locator('tr[aria-current=step]').textContent()).toContain('general-0');
    await page.keyboard.press('End');
    expect(await sentence(page).textContent()).toBe('the round is over');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('a phase forward').waitFor();
    expect(await axeProblems(page)).toEqual([]);
  });

  test('plays, pauses, and is scrubbed', async () => {
    const page = await openRound('?seed=7');
    await page.locator('#stage').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    const slider = page.getByRole('slider', { name: 'Step' });
    await page.locator('.player .count', { hasText: /^[2-9] / }).waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await slider.fill('3');
    expect(await page.locator('.player .count').textContent()).toMatch(/^3 /);
  });

  test('explains a decision by its vote tree, walked through by keys', async () => {
    const page = await openRound('?seed=7&traitors=general-2:flip');
    await page.locator('#why').getByLabel('General').selectOption('general-1');
    const tree = page.getByRole('tree', { name: 'What general-1 heard' });
    await tree.getByRole('treeitem').first().focus();
    expect(await tree.getByRole('treeitem').count()).toBe(3);
    expect(await tree.textContent()).toContain('2 Attack, 1 Retreat: Attack');
    await page.keyboard.press('ArrowLeft');
    expect(await tree.getByRole('treeitem').count()).toBe(1);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    const focused = page.locator('[role=treeitem]:focus');
    const claim = (await focused.textContent()) ?? '';
    await page.keyboard.press('Enter');
    expect(await sentence(page).textContent()).toContain(
      claim.includes('general-3') ? 'general-3 tells' : 'general-2 tells',
    );
    expect(page.url()).toContain('why=general-1');
    expect(await axeProblems(page)).toEqual([]);
  });

  test('filters its table, which says all that the diagram shows', async () => {
    const page = await openRound('?seed=7&traitors=general-2:flip');
    await page.getByLabel('false ones only').check();
    expect(await rows(page).count()).toBe(2);
    await page.locator('#messages').getByLabel('General').selectOption('general-1');
    expect(await rows(page).count()).toBe(1);
    expect(await rows(page).first().textContent()).toContain('! false');
  });

  test('forks a round by keys alone: one lie changed, both runs side by side', async () => {
    const page = await open('?lesson=three-cannot');
    for (let i = 0; i < 3; i += 1)
      await page.getByRole('button', { name: 'Next', exact: true }).press('Enter');
    await page.keyboard.press('f');
    expect(await page.evaluate('document.activeElement.closest(".fork-editor") !== null')).toBe(true);
    await page.keyboard.press('A');
    await page.getByRole('button', { name: 'Fork here' }).press('Enter');
    const fork = page.locator('#fork');
    await fork.getByText('decides otherwise').waitFor();
    expect(await fork.locator('svg.diagram').count()).toBe(2);
    expect(await fork.textContent()).toContain('1 message differs');
    const link = new URL(page.url());
    expect(link.searchParams.get('fork')).toMatch(/^\d+:Attack$/);
    expect(await axeProblems(page)).toEqual([]);
    await fork.getByRole('button', { name: 'Run the fork on the services' }).press('Enter');
    await page.getByRole('link', { name: 'Take the record' }).waitFor();
    expect(await page.locator('.outcome').textContent()).toBe('OUTSIDE BOUND');
    expect(await page.locator('svg.diagram').first().textContent()).not.toContain('R!');
  });

  test('every lesson can be taken to its end by keys alone', async () => {
    const page = await open();
    const names = await page.locator('#lessons li button').count();
    expect(names).toBeGreaterThanOrEqual(6);
    await page.locator('#lessons li button').first().press('Enter');
    for (let lesson = 1; ; lesson += 1) {
      for (;;) {
        const next = page.getByRole('button', { name: 'Next', exact: true });
        if ((await next.count()) === 0) break;
        await next.press('Enter');
        const [decided] = /^general-\d+ decides \w+/.exec((await sentence(page).textContent()) ?? '') ?? [];
        // A caption about a decision opens the tree of who decided.
        if (decided !== undefined) expect(await page.locator('#why').textContent()).toContain(decided);
      }
      expect(await page.locator('.outcome').count()).toBe(1);
      if (lesson === names) break;
      await page.getByRole('button', { name: /^Next lesson/ }).press('Enter');
    }
    expect(await axeProblems(page)).toEqual([]);
  });

  test('a lesson as a quiz, by keys alone: asks before it shows a decision, and counts what was foretold', async () => {
    const page = await open('?lesson=four-can&quiz=1');
    const caption = page.locator('.caption');
    const next = page.getByRole('button', { name: 'Next', exact: true });
    const shown =
      '[...document.querySelectorAll("svg.diagram .decided")].filter((one) => one.checkVisibility({ visibilityProperty: true })).length';
    for (let i = 0; i < 3; i += 1) await next.press('Enter');
    await caption.getByText('What will general-1 decide').waitFor();
    expect(await sentence(page).textContent()).not.toContain('general-1 decides');
    const described = page.locator('svg.diagram desc');
    expect(await described.textContent()).not.toContain('Agreement');
    const before = await page.evaluate<number>(shown);
    // It does not go on without an answer.
    await next.press('Enter');
    expect(await caption.locator('p').textContent()).toContain('What will general-1 decide');
    await caption.getByRole('button', { name: 'Attack' }).press('Enter');
    expect(await caption.locator('p').textContent()).toMatch(/^✓ Attack, as you said/);
    expect(await sentence(page).textContent()).toContain('general-1 decides Attack');
    expect(await page.evaluate(shown)).toBe(before + 1);
    await page.keyboard.press('Enter');
    await caption.getByRole('button', { name: 'Retreat' }).press('Enter');
    expect(await caption.locator('p').textContent()).toMatch(/^✗ Not Retreat/);
    expect(await axeProblems(page)).toEqual([]);
    await page.keyboard.press('Enter');
    expect(await caption.locator('p').textContent()).toMatch(/^You foretold 1 of 2 decisions/);
    expect(new URL(page.url()).searchParams.get('quiz')).toBe('1');
    await page.getByLabel('ask me first').uncheck();
    expect(new URL(page.url()).searchParams.get('quiz')).toBe(null);
    expect(await described.textContent()).toContain('Agreement');
  });

  test('cuts nothing off: who is a traitor in the set-up, who the columns are in a diagram that scrolls', async () => {
    const page = await openRound('?generals=7&faults=2&traitors=general-0:two-faced');
    const isCut =
      'document.querySelector(".roles").scrollWidth > document.querySelector(".roles").clientWidth';
    expect(await page.evaluate(isCut)).toBe(false);
    const isScrolled = 'document.querySelector(".diagram-box").scrollTop > 0';
    await until('the newest event is in sight', () => page.evaluate<boolean>(isScrolled));
    // Both at one moment: what comes above them moves them together.
    const gap =
      'document.querySelector(".names svg").getBoundingClientRect().y - document.querySelector(".diagram-box").getBoundingClientRect().y';
    expect(Math.abs(await page.evaluate<number>(gap))).toBeLessThan(3);
  });

  test('brings what was started or chosen into sight on a phone, and says there what was said', async () => {
    const page = await openRound('?seed=7', {
      viewport: { width: 390, height: 844 },
      // What goes there goes at once.
      reducedMotion: 'reduce',
    });
    const stage = page.locator('#stage');
    expect(await page.evaluate('document.activeElement.id')).toBe('stage');
    expect(Math.abs((await stage.boundingBox())?.y ?? 1000)).toBeLessThan(100);
    const said = rows(page).first().locator('td').last();
    await said.scrollIntoViewIfNeeded();
    const at = await said.boundingBox();
    expect((at?.x ?? 0) + (at?.width ?? 0)).toBeLessThanOrEqual(390);
    await page.locator('#lessons li button').first().click();
    await page.getByText('Lesson: Three generals cannot').waitFor();
    expect(Math.abs((await stage.boundingBox())?.y ?? 1000)).toBeLessThan(100);
  });

  test('without its key it only shows, and says so', async () => {
    const page = await openRound('?seed=7');
    const { pathname, search, origin } = new URL(page.url());
    // A key that says nothing is none.
    const one = await openPage(browser, `${origin}${pathname}${search}#key=`);
    opened.push(one);
    await one.page.getByText('Read-only:').waitFor();
    await one.page.getByRole('link', { name: 'Take the record' }).waitFor();
    expect(await one.page.getByRole('button', { name: 'Start the round' }).isDisabled()).toBe(true);
    expect(await axeProblems(one.page)).toEqual([]);
  });

  test('keeps what it shows when its orchestrator is lost, and is back by itself when that is', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const first = await startDev(address);
    const { page } = await openPage(browser, first.link.replace('/#', '/?seed=7#'));
    await page.getByRole('button', { name: 'Start the round' }).click();
    await page.locator('.outcome').waitFor();
    await first.stop();
    await page.getByText('The orchestrator does not answer').first().waitFor();
    expect(await rows(page).count()).toBe(9);
    expect(await axeProblems(page)).toEqual([]);
    const second = await startDev(address);
    await page.getByText('connected', { exact: false }).first().waitFor();
    // The new one has a key of its own.
    await page.getByRole('button', { name: 'Start the round' }).click();
    await page.getByText('the key of the page is wrong').waitFor();
    await page.context().close();
    await second.stop();
  });

  test('what tuples say is text, whatever it looks like', async () => {
    const stray = { phase: 0, from: '<img src=x onerror=alert(1)>', to: 'general-1', path: [], vote: '<b>' };
    const act = {
      phase: 1,
      from: 'general-2',
      to: 'general-1',
      path: ['general-0', 'general-2'],
      act: 'Attack',
      also: stray,
    };
    const traitors = [{ general: 'general-2', strategy: 'table', acts: [act] }];
    const key = new URLSearchParams(new URL(dev.link).hash.slice(1)).get('key');
    const started = await fetch(`${dev.origin}/api/rounds`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ traitors }),
    });
    const { number } = (await started.json()) as { number: number };
    const page = await open(`?round=${number}`);
    await page.getByRole('link', { name: 'Take the record' }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });

  test.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    'has no problem that axe finds, %s and %i px wide, nor does it scroll sideways',
    async (colorScheme, width) => {
      const page = await openRound('?seed=7&generals=7&faults=2', {
        colorScheme,
        viewport: { width, height: 844 },
      });
      await page.locator('#why').getByLabel('General').selectOption('general-1');
      expect(await axeProblems(page)).toEqual([]);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overflow).toBeLessThanOrEqual(0);
    },
  );
}
