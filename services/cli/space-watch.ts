/**
 * `byz space watch`.
 */
import { invalidArgument, systemClock } from '../runtime/index.js';
import type { SpaceEventKind, StoredTuple, WatchFrame } from '../tuplespace/index.js';
import { follow } from '../tuplespace/index.js';
import type { WatchOptions } from './commands/space.js';
import { type TupleFacts, tupleFacts, tupleLine } from './documents/tuple-document.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { listenForInterrupt } from './interrupt.js';
import { parseTemplate } from './literal/parse.js';
import { withSpace } from './remote.js';
import { whole } from './round-request.js';
import type { GlobalOptions, Shell } from './shell.js';

/** `byzantine.space-event/1`, one a line. */
export interface SpaceEventDocument {
  readonly schema: 'byzantine.space-event/1';
  readonly space: string;
  readonly incarnation: string;
  /** Of the event, or of the snapshot; decimal text. */
  readonly revision: string;
  /** `stands`: it was there when the watch began. */
  readonly kind: SpaceEventKind | 'stands';
  readonly tuple: TupleFacts;
}

/** Ctrl-C is how a watch ends; only a second one is an interruption. */
export async function watchSpace(
  shell: Shell,
  options: WatchOptions & GlobalOptions,
  literals: readonly string[],
): Promise<ExitCode> {
  const templates = literals.map(parseTemplate);
  const revision = BigInt(whole('--from', options.from) ?? 0);
  const eventsMax = whole('--events', options.events) ?? Number.POSITIVE_INFINITY;
  if (eventsMax < 1) throw invalidArgument('--events', `${eventsMax} is not 1 or more`);
  return withSpace(shell, options, async (space) => {
    // A watch waits for a service that goes away, but not for one that was never there.
    await space.getInfo();
    const { signal, dispose } = listenForInterrupt(shell);
    try {
      let count = 0;
      const request = { space: options.space, templates, from: { revision } };
      for await (const frame of follow(space, request, { clock: systemClock, signal })) {
        for (const event of eventsIn(frame)) {
          show(shell, options, frame, event);
          count += 1;
          if (count >= eventsMax) return exitCodes.ok;
        }
      }
      return exitCodes.ok;
    } finally {
      dispose();
    }
  });
}

interface Shown {
  readonly kind: SpaceEventDocument['kind'];
  readonly tuple: StoredTuple;
}

function eventsIn(frame: WatchFrame): readonly Shown[] {
  switch (frame.kind) {
    case 'snapshot':
      return frame.tuples.map((tuple) => ({ kind: 'stands', tuple }));
    case 'events':
      return frame.events;
    case 'progress':
      return [];
  }
}

function show(
  { terminal }: Shell,
  { space, json }: WatchOptions,
  { cursor }: WatchFrame,
  { kind, tuple }: Shown,
): void {
  if (!json) {
    terminal.data(
      `${cursor.revision}  ${kind.padEnd(8)}  ${tupleLine(tuple, { isLong: false })}  by ${tuple.writer}`,
    );
    return;
  }
  const document: SpaceEventDocument = {
    schema: 'byzantine.space-event/1',
    space,
    incarnation: cursor.incarnation,
    revision: cursor.revision.toString(),
    kind,
    tuple: tupleFacts(tuple),
  };
  terminal.data(JSON.stringify(document));
}
