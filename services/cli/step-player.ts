/**
 * A recorded round event by event: with the keys where somebody sits at a terminal, else a line for each. Back costs nothing, since
 * every moment of the fold is kept.
 */
import { verifySignature } from '../general-node/index.js';
import type { Replay, Trace } from '../record/index.js';
import { momentsOf } from '../record/index.js';
import { type Key, readKeys } from './output/keys.js';
import { createStyle } from './output/style.js';
import { momentLines, stepLine } from './report/moment.js';
import { proofLines } from './report/proof.js';
import type { Shell } from './shell.js';

/** Shows all steps; at a terminal until the person leaves. */
export async function stepThrough(shell: Shell, trace: Trace, replay: Replay): Promise<void> {
  const { terminal, input } = shell;
  const proof = proofLines(trace, replay, createStyle(terminal));
  if (input === undefined || !terminal.canDraw) {
    const steps = trace.events.map((_, index) => stepLine(trace, index, replay));
    terminal.report([...steps, '', ...proof].join('\n'));
    return;
  }
  const moments = momentsOf(trace.events, trace.started, verifySignature);
  let index = 0;
  const screen = terminal.openScreen();
  const draw = (): void => {
    const view = { index, moment: moments[index] ?? new Map(), replay, proof, columns: terminal.columns };
    screen.draw(momentLines(trace, view, createStyle(terminal)));
  };
  try {
    draw();
    for await (const key of readKeys(input)) {
      if (key === 'quit') break;
      index = moved(trace, index, key);
      draw();
    }
  } finally {
    screen.close();
  }
}

/** Where a key leads from a step. */
function moved({ events }: Trace, index: number, key: Key): number {
  const last = events.length - 1;
  const isTurn = (place: number) =>
    ['closed', 'ended'].includes(events[place]?.kind ?? '') || phaseAt(place) !== phaseAt(place - 1);
  const phaseAt = (place: number): number | undefined => {
    const event = events[place];
    return event?.kind === 'message' ? event.message.phase : undefined;
  };
  switch (key) {
    case 'next':
      return Math.min(last, index + 1);
    case 'back':
      return Math.max(0, index - 1);
    case 'first':
      return 0;
    case 'last':
      return last;
    case 'next-phase': {
      const next = events.findIndex((_, place) => place > index && isTurn(place));
      return next < 0 ? last : next;
    }
    case 'phase-back':
      return Math.max(
        0,
        events.findLastIndex((_, place) => place < index && isTurn(place)),
      );
    case 'quit':
      return index;
  }
}
