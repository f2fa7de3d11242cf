/**
 * A fault every 5 to 8 s, drawn by a seed.
 */
import { random } from '../../services/consensus/index.js';
import type { Stage } from '../drivers/stage.js';
import { stageFaults } from '../drivers/stage-faults.js';

const calmMs = { min: 5_000, max: 8_000 };
/** The last node is never struck, so that its memory can be compared. */
const struckNodes = ['node1', 'node2', 'node3'];

/** Strikes until the signal; gives how often each fault did. */
export async function strikeOn(
  stage: Stage,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let turn = 1; ; turn += 1) {
    const calm = calmMs.min + (random(seed, 'calm', turn) % (calmMs.max - calmMs.min));
    await calmFor(calm, signal);
    if (signal.aborted) return counts;
    const fault = drawn(stageFaults, random(seed, 'fault', turn));
    const node = drawn(struckNodes, random(seed, 'node', turn));
    await fault.strike(stage, node);
    await fault.mend(stage, node);
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
  }
}

function drawn<T>(from: readonly T[], number: number): T {
  return from[number % from.length] as T;
}

function calmFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
