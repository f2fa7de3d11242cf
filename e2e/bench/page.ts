/**
 * The page of the dashboard in a real Chromium: what it weighs, how soon a round of 3,609 messages stands, how smoothly it is scrubbed,
 * and how soon an event of a live round reaches it. Ends with PASS, or with FAIL and 1 when one of them misses its bound.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, type ServedDashboard, startDev } from '../drivers/browser.js';
import { median, percentile, short, table } from './statistics.js';

const folder = 'dist/services/dashboard/page';
/** What is promised: kB compressed, ms to open (median), frames a second (mean), ms from revision to page (p95). */
const bounds = { weight: 250, open: 1_000, frames: 30, latency: 100 } as const;
const missed: string[] = [];

/** How often the round is opened, and how many rounds are watched live. */
const [openings, liveRounds] = [7, 5];

/** In the page: from the beginning of its navigation to the second frame after now. */
const untilDrawn = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))`;

/** In the page: one step of the slider a frame, there and back; gives the time from frame to frame. */
const scrub = `new Promise((done) => {
  const slider = document.querySelector('.scrub');
  const last = Number(slider.max);
  const places = [...Array(last + 1).keys(), ...[...Array(last + 1).keys()].reverse()];
  const times = [];
  let before;
  requestAnimationFrame(function frame(at) {
    if (before !== undefined) times.push(at - before);
    before = at;
    const place = places.shift();
    if (place === undefined) return done(times);
    slider.value = place;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    requestAnimationFrame(frame);
  });
})`;

/** In the page, before anything of it runs: when each line of a record came, less when the store says it was written. */
const noteArrivals = `
globalThis.arrivals = [];
const read = ReadableStreamDefaultReader.prototype.read;
ReadableStreamDefaultReader.prototype.read = async function () {
  const part = await read.call(this);
  const now = Date.now();
  const text = part.value === undefined ? '' : new TextDecoder().decode(part.value);
  for (const [, at] of text.matchAll(/"at":"([^"]+)"/g)) globalThis.arrivals.push(now - Date.parse(at));
  return part;
};`;

const dev = await startDev();
const browser = await launchBrowser();
try {
  printWeight();
  await printOpening(browser, dev);
  await printLatency(browser, dev);
} finally {
  await browser.close();
  await dev.stop();
}
console.log(missed.length === 0 ? '\nPASS' : `\nFAIL: ${missed.join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;

function hold(isKept: boolean, bound: string): void {
  if (!isKept) missed.push(`not ${bound}`);
}

function printWeight(): void {
  const rows = ['index.html', 'page.js', 'page.css'].map((name): [string, number] => [
    name,
    gzipSync(readFileSync(`${folder}/${name}`)).length,
  ]);
  const all: [string, number] = ['all', rows.reduce((sum, [, bytes]) => sum + bytes, 0)];
  hold(all[1] < 1_000 * bounds.weight, `lighter than ${bounds.weight} kB`);
  const shown = [...rows, all].map(([name, bytes]) => [name, `${(bytes / 1000).toFixed(1)} kB`]);
  console.log(`${table(['page', 'compressed'], shown)}\n`);
}

async function printOpening(browser: Browser, { link, origin }: ServedDashboard): Promise<void> {
  const number = await startRound(link, origin);
  const openMs: number[] = [];
  const frameMs: number[] = [];
  for (let i = 0; i < openings; i += 1) {
    const { page } = await openPage(browser, `${origin}/?round=${number}&why=general-1`);
    await page.locator('.outcome').waitFor();
    // The last thing that appears is the verdict; then two frames, so that all of it is drawn.
    openMs.push(await page.evaluate<number>(untilDrawn));
    if (i === 0) frameMs.push(...(await page.evaluate<number[]>(scrub)));
    await page.context().close();
  }
  const mean = frameMs.reduce((sum, ms) => sum + ms, 0) / frameMs.length;
  hold(median(openMs) < bounds.open, `open in ${bounds.open} ms`);
  hold(1000 / mean >= bounds.frames, `scrubbed at ${bounds.frames} frames/s`);
  console.log('a round of 10 generals and 3 traitors, 3,609 messages, with a vote tree open');
  console.log(
    `  opens in        ${short(median(openMs))} ms (median of ${openings}), ${short(Math.max(...openMs))} ms at most`,
  );
  console.log(
    `  is scrubbed at  ${short(1000 / mean)} frames/s, ${short(percentile(frameMs, 0.95))} ms a frame at p95 (${frameMs.length} frames)\n`,
  );
}

async function printLatency(browser: Browser, { link }: ServedDashboard): Promise<void> {
  const samples: number[] = [];
  for (let i = 0; i < liveRounds; i += 1) {
    const context = await browser.newContext();
    await context.addInitScript(noteArrivals);
    const page = await context.newPage();
    await page.goto(link.replace('/#', `/?generals=7&faults=2&seed=${i}#`));
    await page.getByRole('button', { name: 'Start the round' }).click();
    await page.locator('.outcome').waitFor();
    samples.push(...(await arrivals(page)));
    await context.close();
  }
  hold(percentile(samples, 0.95) < bounds.latency, `on the page within ${bounds.latency} ms`);
  console.log(`an event of a live round of 7 generals reaches the page after its revision, on loopback`);
  console.log(
    `  ${short(median(samples))} ms median, ${short(percentile(samples, 0.95))} ms p95, ${short(Math.max(...samples))} ms at most (${samples.length} events of ${liveRounds} rounds)`,
  );
}

async function arrivals(page: Page): Promise<readonly number[]> {
  return page.evaluate<number[]>('globalThis.arrivals');
}

/** The round that is opened, over before it is. */
async function startRound(link: string, origin: string): Promise<number> {
  const key = new URLSearchParams(new URL(link).hash.slice(1)).get('key');
  const answer = await fetch(`${origin}/api/rounds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ generalCount: 10, faultCount: 3, seed: 7 }),
  });
  const { number } = (await answer.json()) as { number: number };
  await (await fetch(`${origin}/api/rounds/${number}/trace.jsonl`)).text();
  return number;
}
