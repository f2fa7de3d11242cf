/**
 * The page of the dashboard in a real Chromium: what it weighs, how soon a round of 3,609 messages stands, how smoothly it is scrubbed,
 * and how soon an event of a live round reaches it. Ends with PASS, or with FAIL and 1 when one of them misses its bound.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import type { TraceEvent } from '../../services/record/index.js';
import { launchBrowser, openPage, type ServedDashboard, startDev } from '../drivers/browser.js';
import { median, percentile, short, table } from './statistics.js';

const folder = 'dist/services/dashboard/page';
/** What is promised: kB compressed, ms to open (median), frames a second (mean), ms from revision to the page's reading it (p95). */
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

/**
 * In the page, before anything of it runs: each line of a record with the time at which the page had read it, and each length of the
 * player with the time at which the first frame with it was drawn. Both times are after what they speak of: the second is of a task that
 * follows the frame.
 */
const noteEvents = `
globalThis.noted = { read: [], drawn: [] };
const rests = new WeakMap();
const read = ReadableStreamDefaultReader.prototype.read;
ReadableStreamDefaultReader.prototype.read = async function () {
  const part = await read.call(this);
  const at = Date.now();
  const lines = ((rests.get(this) ?? '') + new TextDecoder().decode(part.value)).split('\\n');
  rests.set(this, lines.pop());
  for (const line of lines) if (line.includes('"revision"')) noted.read.push({ at, line });
  return part;
};
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
  const last = Number(document.querySelector('.player .scrub')?.max ?? -1);
  if (last > (noted.drawn.at(-1)?.last ?? -1)) noted.drawn.push({ at: Date.now(), last });
};
requestAnimationFrame(function frame() {
  port2.postMessage(undefined);
  requestAnimationFrame(frame);
});`;

interface Noted {
  readonly read: readonly { readonly at: number; readonly line: string }[];
  /** `last` is the number of the last step that the player has. */
  readonly drawn: readonly { readonly at: number; readonly last: number }[];
}

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
    // The last that appear are the verdict and the tables; then two frames, so that all of it is drawn.
    await page.locator('.outcome').waitFor();
    await page.locator('#messages tbody tr').first().waitFor();
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
  const [readMs, drawnMs]: [number[], number[]] = [[], []];
  for (let i = 0; i < liveRounds; i += 1) {
    const context = await browser.newContext();
    await context.addInitScript(noteEvents);
    const page = await context.newPage();
    await page.goto(link.replace('/#', `/?generals=7&faults=2&seed=${i}#`));
    await page.getByRole('button', { name: 'Start the round' }).click();
    await page.locator('.outcome').waitFor();
    await page.evaluate<number>(untilDrawn);
    const noted = await page.evaluate<Noted>('noted');
    readMs.push(...readAfter(noted));
    drawnMs.push(...drawnAfter(noted));
    await context.close();
  }
  hold(percentile(readMs, 0.95) < bounds.latency, `on the page within ${bounds.latency} ms`);
  console.log('an event of a live round of 7 generals, on loopback, after its revision');
  const shown = (ms: readonly number[]): string =>
    `${short(median(ms))} ms median, ${short(percentile(ms, 0.95))} ms p95, ${short(Math.max(...ms))} ms at most`;
  console.log(`  is read by the page   ${shown(readMs)} (${readMs.length} events of ${liveRounds} rounds)`);
  console.log(`  is drawn in a frame   ${shown(drawnMs)}`);
}

function readAfter({ read }: Noted): readonly number[] {
  return read.map(({ at, line }) => at - writtenAt(line));
}

/** What is no step of the player, a report or a key, is there with the next step. */
function drawnAfter({ read, drawn }: Noted): readonly number[] {
  let step = -1;
  return read.map(({ line }) => {
    const { kind } = JSON.parse(line) as TraceEvent;
    const isStep = kind !== 'report' && kind !== 'key';
    if (isStep) step += 1;
    const wanted = isStep ? step : step + 1;
    const frame = drawn.find(({ last }) => last >= wanted);
    if (frame === undefined) throw new Error(`step ${wanted} was never drawn`);
    return frame.at - writtenAt(line);
  });
}

/** When the store says that it was, in ms of the wall clock; the browser has the same clock. */
function writtenAt(line: string): number {
  return Date.parse((JSON.parse(line) as TraceEvent).at);
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
