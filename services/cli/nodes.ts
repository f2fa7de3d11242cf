/**
 * `byz nodes`: who is enrolled.
 */
import type { NodeInfo } from '../orchestrator/index.js';
import type { NodesOptions } from './commands/nodes.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { alignedTable, plainTable } from './output/table.js';
import { counted } from './output/wrap.js';
import { withOrchestrator } from './remote.js';
import type { GlobalOptions, Shell } from './shell.js';

/** `byzantine.nodes/1`. */
export interface NodesDocument {
  readonly schema: 'byzantine.nodes/1';
  readonly nodes: readonly {
    readonly node: string;
    /** Null where it has no service. */
    readonly address: string | null;
    /** Of running rounds. */
    readonly seats: NodeInfo['seats'];
    /** Generals that it brings by its own list; empty: any. */
    readonly generals: readonly string[];
    /** ISO 8601. */
    readonly enrolledAt: string;
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
      const head = ['node', 'seats', 'brings', 'enrolled', 'address'];
      const content = { head, rows: nodes.map(nodeRow) };
      terminal.report([(options.plain ? plainTable : alignedTable)(content), ...lossLines(nodes)].join('\n'));
    }
    return exitCodes.ok;
  });
}

function nodesDocument(nodes: readonly NodeInfo[]): NodesDocument {
  return {
    schema: 'byzantine.nodes/1',
    nodes: nodes.map(({ node, address, seats, generals, enrolledAtMs }) => ({
      node,
      address: address ?? null,
      seats,
      generals,
      enrolledAt: new Date(enrolledAtMs).toISOString(),
    })),
  };
}

function nodeRow({ node, address, seats, generals, enrolledAtMs }: NodeInfo): readonly string[] {
  const shown = seats.map(
    ({ round, general, epoch }) => `${round}:${general}${epoch > 1 ? ` (epoch ${epoch})` : ''}`,
  );
  return [
    node,
    shown.join(' ') || '-',
    generals.join(' ') || 'any',
    new Date(enrolledAtMs).toISOString(),
    address ?? '-',
  ];
}

/** For each running round what the loss of one node would cost. */
function lossLines(nodes: readonly NodeInfo[]): readonly string[] {
  const largest = new Map<number, number>();
  for (const { seats } of nodes) {
    for (const round of new Set(seats.map((seat) => seat.round))) {
      const count = seats.filter((seat) => seat.round === round).length;
      largest.set(round, Math.max(largest.get(round) ?? 0, count));
    }
  }
  return [...largest].map(
    ([round, count]) => `round ${round}: one node down costs at most ${counted(count, 'general')}`,
  );
}
