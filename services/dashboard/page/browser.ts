/**
 * What the page has of its browser: time, storage, the address bar. The one place that reads a clock.
 */

/** Calls `run` after a while; the result stops it. */
export function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

/** Resolves after a while, or at once when the signal is aborted. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const stop = after(delayMs, done);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

/** Calls `tick` with the time that has passed since the last frame, in ms, until the result is called. */
export function everyFrame(tick: (passedMs: number) => void): () => void {
  let last: number | undefined;
  let frame = requestAnimationFrame(function step(at) {
    if (last !== undefined) tick(at - last);
    last = at;
    frame = requestAnimationFrame(step);
  });
  return () => cancelAnimationFrame(frame);
}

/** Calls `run` before the next frame is drawn: in a tab that nobody sees, when it is seen again. */
export function beforeFrame(run: () => void): void {
  requestAnimationFrame(run);
}

/** Calls `run` when the next frame has been drawn; the result calls it off. */
export function afterFrame(run: () => void): () => void {
  let stop = (): void => {};
  const frame = requestAnimationFrame(() => {
    stop = after(0, run);
  });
  return () => {
    cancelAnimationFrame(frame);
    stop();
  };
}

/**
 * The key of a link such as `/#key=abc`, kept for this tab and taken out of the address bar, so that it is not copied with the address
 * of a round.
 */
export function takeKey(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('key');
  if (given !== null) {
    sessionStorage.setItem('key', given);
    history.replaceState(null, '', `${location.pathname}${location.search}`);
  }
  const kept = sessionStorage.getItem('key');
  return kept === null || kept === '' ? undefined : kept;
}

/** What stands after `?`. */
export function currentQuery(): URLSearchParams {
  return new URLSearchParams(location.search);
}

/** Shows a query in the address bar; `isNew` makes a place that the browser's back button returns to. */
export function showQuery(query: URLSearchParams, { isNew }: { readonly isNew: boolean }): void {
  const text = query.toString();
  const address = `${location.pathname}${text === '' ? '' : `?${text}`}`;
  if (isNew) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

/** Brings the round into sight, and the keys of who has no mouse to it. */
export function goToStage(): void {
  const place = document.getElementById('stage');
  place?.focus({ preventScroll: true });
  place?.scrollIntoView();
}

/** Brings the keys to what a message of a traitor could be instead, where such a message is shown. */
export function goToFork(): void {
  document.querySelector<HTMLElement>('.fork-editor select')?.focus();
}

/** Calls `run` when the browser's back or forward button was used. */
export function onReturn(run: () => void): void {
  addEventListener('popstate', run);
}

/** An id that no other request has. */
export function freshId(): string {
  return crypto.randomUUID();
}

/** A number from 0 to 2^32-1. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
