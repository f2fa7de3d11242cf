/**
 * Following a stream of the server over lost connections: asks again from where it was, sooner at first and then more patiently.
 */
import { after, pause } from '../browser.js';
import { RefusedError } from './api.js';
import { readLines } from './lines.js';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Nobody answers; it is tried again. */
  | { readonly kind: 'lost'; readonly because: string }
  /** The server will not; it is not tried again. */
  | { readonly kind: 'refused'; readonly code: string; readonly because: string };

export interface Followed {
  /** Opens the stream, from where the reader stands now. Errors: RefusedError; a TypeError when nobody answers. */
  readonly open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
  readonly onLines: (lines: readonly string[]) => void;
  readonly onConnection: (connection: Connection) => void;
  /** True when nothing more will come. */
  readonly isOver: () => boolean;
  readonly signal: AbortSignal;
}

/** Ends when the stream is over, refused or aborted. */
export async function follow({ open, onLines, onConnection, isOver, signal }: Followed): Promise<void> {
  for (let failureCount = 0; !signal.aborted; failureCount += 1) {
    try {
      if (failureCount === 0) onConnection({ kind: 'connecting' });
      const quiet = new AbortController();
      const both = AbortSignal.any([signal, quiet.signal]);
      let stopTimer = after(silenceMsMax, () => quiet.abort());
      for await (const lines of readLines(await open(both), both)) {
        stopTimer();
        stopTimer = after(silenceMsMax, () => quiet.abort());
        if (signal.aborted) break;
        failureCount = 0;
        onConnection({ kind: 'live' });
        if (lines.length > 0) onLines(lines);
      }
      stopTimer();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RefusedError && isFinal(error)) {
        return onConnection({ kind: 'refused', code: error.code, because: error.message });
      }
    }
    if (signal.aborted || isOver()) return;
    onConnection({ kind: 'lost', because: 'the orchestrator does not answer' });
    await pause(pauseMs(failureCount), signal);
  }
}

/** The server gives a sign of life every 5 s. */
const silenceMsMax = 16_000;

/** 0.25 s, then twice as long each time, up to 8 s. */
export function pauseMs(failureCount: number): number {
  return Math.min(8_000, 250 * 2 ** Math.min(failureCount, 10));
}

/** An orchestrator that is busy or restarts may do later what it does not now. */
function isFinal({ code }: RefusedError): boolean {
  return ['not_found', 'out_of_range', 'permission_denied', 'unauthenticated', 'invalid_argument'].includes(
    code,
  );
}
