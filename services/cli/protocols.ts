/**
 * `byz protocols`: every protocol in every form, with its bound and its cost for some n and m.
 */
import type { Bound, Cost, ProtocolFamily, ProtocolVariant, Setting } from '../consensus/index.js';
import { checkSetting, generalIds, protocols } from '../consensus/index.js';
import { generalCountMax } from '../orchestrator/index.js';
import { invalidArgument } from '../runtime/index.js';
import type { ProtocolsOptions } from './commands/protocols.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { grouped } from './output/numbers.js';
import { alignedTable, plainTable } from './output/table.js';
import { whole } from './round-request.js';
import type { Shell } from './shell.js';

/** `byzantine.protocols/1`. */
export interface ProtocolsDocument {
  readonly schema: 'byzantine.protocols/1';
  /** The numbers that costs and bounds are told for. */
  readonly generals: number;
  readonly faultCount: number;
  readonly protocols: readonly ProtocolRow[];
}

interface ProtocolRow {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** It is here to be compared with: it breaks where others hold. */
  readonly isBaseline: boolean;
  readonly mode: string;
  readonly council: boolean;
  readonly bound: Bound;
  /** Null for a count beyond 2^53 - 1. */
  readonly cost: Readonly<Record<keyof Cost, number | null>>;
  readonly source: string;
}

export async function listProtocols(shell: Shell, options: ProtocolsOptions): Promise<ExitCode> {
  const [n, m] = [whole('--generals', options.generals) ?? 7, whole('--faults', options.faults) ?? 2];
  if (n < 2 || n > generalCountMax) {
    throw invalidArgument('--generals', `${n} is not from 2 to ${generalCountMax}`);
  }
  if (m > n) throw invalidArgument('--faults', `${m} is not from 0 to ${n}`);
  const rows = protocols.flatMap((family) =>
    family.variants.map((variant) => rowOf(family, variant, { n, m })),
  );
  const { terminal } = shell;
  if (options.json) {
    const document: ProtocolsDocument = {
      schema: 'byzantine.protocols/1',
      generals: n,
      faultCount: m,
      protocols: rows,
    };
    terminal.data(JSON.stringify(document, null, 2));
    return exitCodes.ok;
  }
  const content = {
    head: ['protocol', 'mode', 'input', 'bound', `n=${n} m=${m}`, 'phases', 'messages', 'tuples'],
    rows: rows.map(cellsOf),
  };
  const table = (options.plain ? plainTable : alignedTable)(content);
  const notes = protocols.map(
    ({ name, summary, isBaseline }) => `${name.padEnd(11)}${isBaseline ? 'baseline: ' : ''}${summary}`,
  );
  terminal.report([table, '', ...notes].join('\n'));
  return exitCodes.ok;
}

function rowOf(
  { name, title, summary, isBaseline }: ProtocolFamily,
  { mode, isCouncil, protocol }: ProtocolVariant,
  { n, m }: { readonly n: number; readonly m: number },
): ProtocolRow {
  const generals = generalIds(n);
  const commander = generals[0] ?? '';
  const setting: Setting = { protocol: name, mode, isCouncil, generals, commander, traitorsMax: m };
  const [problem] = checkSetting(setting);
  if (problem !== undefined) throw invalidArgument(problem.field, problem.problem);
  const { phaseCount, messageCount, tupleCount, receivedPerLieutenant } = protocol.cost(setting);
  const cost = { phaseCount, messageCount, tupleCount, receivedPerLieutenant };
  return {
    name,
    title,
    summary,
    isBaseline,
    mode,
    council: isCouncil,
    bound: protocol.bound(setting),
    cost,
    source: protocol.source,
  };
}

function cellsOf({ name, mode, council, bound, cost }: ProtocolRow): readonly string[] {
  const count = (value: number | null) =>
    value === null || value === Number.POSITIVE_INFINITY ? 'too many' : grouped(value);
  return [
    name,
    mode,
    council ? 'council' : 'order',
    bound.rule,
    bound.isWithin ? 'inside' : 'outside',
    count(cost.phaseCount),
    count(cost.messageCount),
    count(cost.tupleCount),
  ];
}
