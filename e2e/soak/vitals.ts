/**
 * Memory and open handles of the processes that a soak never strikes, as Linux tells them.
 */
import { readdir, readFile } from 'node:fs/promises';
import type { Stage } from '../drivers/stage.js';

export interface Vitals {
  readonly name: string;
  readonly residentMiB: number;
  readonly handles: number;
}

/** What may come on top while nothing leaks: heaps that have not been collected yet, connections that are being replaced. */
const leeway = { residentShare: 1.5, residentMiB: 48, handles: 24 };

export async function vitalsOf({ deployment }: Stage): Promise<readonly Vitals[]> {
  const { tuplespaces, nodes } = deployment.services;
  const processes = [tuplespaces.at(-1), nodes.at(-1)].filter((one) => one !== undefined);
  const own = { name: 'this client', pid: process.pid };
  return Promise.all([...processes, own].map(({ name, pid }) => look(name, pid)));
}

export const flatRule = `at most ${leeway.residentShare} × the MiB at first + ${leeway.residentMiB}, and ${leeway.handles} handles more`;

/** The names of those that have at last more than the rule allows. */
export function grown(before: readonly Vitals[], after: readonly Vitals[]): readonly string[] {
  const isFlat = ({ residentMiB, handles }: Vitals, now: Vitals | undefined): boolean =>
    now !== undefined &&
    now.residentMiB <= residentMiB * leeway.residentShare + leeway.residentMiB &&
    now.handles <= handles + leeway.handles;
  return before.filter((one, i) => !isFlat(one, after[i])).map(({ name }) => name);
}

async function look(name: string, pid: number): Promise<Vitals> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const residentMiB = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  return { name, residentMiB, handles: (await readdir(`/proc/${pid}/fd`)).length };
}
