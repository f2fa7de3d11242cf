/**
 * `byz nodes`: who is enrolled.
 */
import type { NodeInfo } from '../orchestrator/index.js';
import { systemClock } from '../runtime/index.js';
import type { NodesOptions } from './commands/nodes.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { counted } from './output/numbers.js';
import { alignedTable, plainTable } from './output/table.js';
import { withOrchestrator } from './remote.js';
import type { GlobalOptions, Shell } from './shell.js';

/** `byzantine.nodes/1`. */
export interface NodesDocument {
  readonly schema: 'byzantine.nodes/1';
  readonly nodes: readonly {
    readonly node: string;
    /** Null where it has no service, or is gone. */
    readonly address: string | null;
    /** live, lapsing (it has missed a sign of life), draining or gone. */
    readonly state: NodeInfo['state'];
    /** ISO 8601, by the store's clock; null when that is forgotten. */
    readonly lastSeen: string | null;
    /** Of running rounds. */
    readonly seats: NodeInfo['seats'];
    /** Generals that it brings by its own list; empty: any. */
    readonly generals: readonly string[];
    /** Seats that it takes at once; 0 where it is gone. */
    readonly seatsMax: number;
    /** ISO 8601; null where it is gone. */
    readonly enrolledAt: string | null;
    /** What its loss would cost each running round that has seats there. */
    readonly losses: NodeInfo['losses'];
  }[];
}

export async function listNodes(shell: Shell, options: NodesOptions & GlobalOptions): Promise<ExitCode> {
  const { terminal } = shell;
  return withOrchestrator(shell, options, async (orchestrator) => {
    const nodes = await orchestrator.listNodes();
    if (options.json) {
      terminal.data(JSON.stringify(nodesDocument(nodes), null, 2));
    } else if (nodes.length === 0) {
      terminal.talk('no nodes are enrolled; byz general-node starts one');
    } else {
      const head = ['node', 'state', 'seats', 'brings', 'last seen', 'address'];
      const nowMs = systemClock.wallMs();
      const content = { head, rows: nodes.map((node) => nodeRow(node, nowMs)) };
      terminal.report([(options.plain ? plainTable : alignedTable)(content), ...lossLines(nodes)].join('\n'));
    }
    return exitCodes.ok;
  });
}

function nodesDocument(nodes: readonly NodeInfo[]): NodesDocument {
  return {
    schema: 'byzantine.nodes/1',
    nodes: nodes.map(({ address, lastSeenMs, enrolledAtMs, ...node }) => ({
      ...node,
      address: address ?? null,
      lastSeen: isoTime(lastSeenMs),
      enrolledAt: isoTime(enrolledAtMs),
    })),
  };
}

function isoTime(ms: number): string | null {
  return ms === 0 ? null : new Date(ms).toISOString();
}

/** Seats that a line of the table names; further ones are counted. */
const seatsShown = 4;

function nodeRow(info: NodeInfo, nowMs: number): readonly string[] {
  const { node, address, state, seats, generals, lastSeenMs } = info;
  const shown = seats
    .slice(0, seatsShown)
    .map(({ round, general, epoch }) => `${round}:${general}${epoch > 1 ? ` (epoch ${epoch})` : ''}`);
  if (seats.length > seatsShown) shown.push(`and ${seats.length - seatsShown} more`);
  return [
    node,
    state,
    shown.join(' ') || '-',
    state === 'gone' ? '-' : generals.join(' ') || 'any',
    lastSeenMs === 0 ? '-' : `${(Math.max(0, nowMs - lastSeenMs) / 1_000).toFixed(1)} s ago`,
    address ?? '-',
  ];
}

/** For each running round the node whose loss would cost it most, against what it withstands. */
function lossLines(nodes: readonly NodeInfo[]): readonly string[] {
  const worst = new Map<number, { readonly node: string; readonly loss: NodeInfo['losses'][number] }>();
  for (const { node, losses } of nodes) {
    for (const loss of losses) {
      if (loss.faultCount > (worst.get(loss.round)?.loss.faultCount ?? 0))
        worst.set(loss.round, { node, loss });
    }
  }
  return [...worst].map(([round, { node, loss }]) => {
    const { generalCount, faultCount, faultsMax } = loss;
    const cost = `round ${round}: without ${node}, ${counted(generalCount, 'general')} less and ${counted(faultCount, 'fault')}`;
    return faultCount > faultsMax
      ? `${cost}; MORE than the ${faultsMax} it withstands`
      : `${cost}; it withstands ${faultsMax}`;
  });
}
