/**
 * A real Chromium, and a real system whose dashboard it opens.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const { CHROMIUM } = process.env;
const candidates = [CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Undefined where there is none; scripts/install-browser.sh installs it. */
export const chromiumPath = candidates.find((path) => path !== undefined && existsSync(path));

/** What a browser on a machine of tests does without: nothing is downloaded or reported behind our back. */
const flags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
];

export async function launchBrowser(): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new Error('there is no Chromium; scripts/install-browser.sh installs it');
  return chromium.launch({ executablePath: chromiumPath, args: flags });
}

export interface ServedDashboard {
  /** With the key. */
  readonly link: string;
  /** `http://host:port`. */
  readonly origin: string;
  readonly orchestrator: string;
  stop(): Promise<void>;
}

/** `byz dev` on free ports, its dashboard where it is wanted. */
export async function startDev(dashboard = '127.0.0.1:0'): Promise<ServedDashboard> {
  const any = '127.0.0.1:0';
  const at = ['--tuplespace', any, '--orchestrator', any, '--general-node', any];
  const child = spawn(
    process.execPath,
    [resolve('dist/services/cli/main.js'), 'dev', ...at, '--dashboard', dashboard],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const [banner] = (await once(child.stdout, 'data')) as [Buffer];
  const [link = ''] = /http:\S+/.exec(banner.toString()) ?? [];
  const [, orchestrator = ''] = /Orchestrator\s+(\S+)/.exec(banner.toString()) ?? [];
  return {
    link,
    origin: new URL(link).origin,
    orchestrator,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A page on which nothing goes wrong unnoticed: `problems` is what the browser complained of. */
export async function openPage(
  browser: Browser,
  link: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(link);
  return { page, problems };
}

/** What axe finds against WCAG 2.2 A and AA and its good practice, as `rule: element`. */
export async function axeProblems(page: Page): Promise<readonly string[]> {
  // As text into the page's own world, since the page's policy lets no other script in.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const inPage = globalThis as unknown as { axe: typeof axe };
    const { violations } = await inPage.axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}
