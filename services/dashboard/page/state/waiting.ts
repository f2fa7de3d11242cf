/**
 * Whom a running round waits for. Pure.
 */
import type { GeneralId } from '../../../consensus/index.js';
import { protocolOf, slotKey } from '../../../consensus/index.js';
import type { Trace } from '../../../record/index.js';

export interface Waiting {
  readonly phase: number;
  /** Who has not said all that it owes in that phase. */
  readonly generals: readonly GeneralId[];
}

/** Undefined when everybody has spoken in every phase. O(events and slots). */
export function waitingFor({ started, events }: Trace): Waiting | undefined {
  const { setting } = started;
  const protocol = protocolOf(setting);
  const closed = new Set(events.flatMap((event) => (event.kind === 'closed' ? [event.phase] : [])));
  const filled = new Set(
    events.flatMap((event) => (event.kind === 'message' ? [slotKey(event.message)] : [])),
  );
  for (let phase = 0; phase < protocol.phaseCount(setting); phase += 1) {
    if (closed.has(phase)) continue;
    const missing = protocol.slots(setting, phase).filter((slot) => !filled.has(slotKey(slot)));
    const generals = [...new Set(missing.map(({ from }) => from))];
    if (generals.length > 0) return { phase, generals };
  }
  return undefined;
}
