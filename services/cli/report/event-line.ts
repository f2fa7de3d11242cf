/**
 * Events of a round as lines. As JSON they are the lines of its record.
 */
import type { RoundEvent } from '../../orchestrator/index.js';
import { counted } from '../output/numbers.js';
import { protocolName } from './protocol-name.js';

/** One line for people; `sinceMs` is the start of the round. */
export function eventLine(event: RoundEvent, sinceMs: number): string {
  const time = `${(event.atMs - sinceMs).toFixed(0).padStart(6)} ms`;
  return `${time}  ${event.kind.padEnd(8)}  ${factsOf(event)}`;
}

function factsOf(event: RoundEvent): string {
  switch (event.kind) {
    case 'started': {
      const { setting, traitors } = event.round;
      const who = traitors.map(({ general, strategy }) => `${general} ${strategy}`).join(', ') || 'none';
      return `${protocolName(setting)}, ${counted(setting.generals.length, 'general')}, traitors: ${who}`;
    }
    case 'key':
      return `of ${event.general}, epoch ${event.epoch}`;
    case 'message': {
      const { phase, from, to, entries, counts } = event.message;
      const said = entries.map(
        ({ path, vote, isFalse }) => `${pathOf(path)}${vote}${isFalse ? '! false' : ''}`,
      );
      return `phase ${phase}  ${from} → ${to}: ${said.join(', ')}${counts ? '' : ' (does not count)'}`;
    }
    case 'closed':
      return `phase ${event.phase}`;
    case 'decision':
      return `${event.general} ${event.vote}`;
    case 'moved':
      return `${event.seat.general} to ${event.seat.node}, epoch ${event.seat.epoch}`;
    case 'report': {
      const { general, coordinationMs, computeMs } = event.metrics;
      return `${general} coordination ${coordinationMs.toFixed(2)} ms, compute ${computeMs.toFixed(2)} ms`;
    }
    case 'ended':
      return event.round.status;
  }
}

/** The generals that a value came through, without its sender: `general-0, general-2: `. */
function pathOf(path: readonly string[]): string {
  return path.length < 2 ? '' : `[${path.slice(0, -1).join(' ')}] `;
}
