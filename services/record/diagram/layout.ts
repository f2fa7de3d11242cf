/**
 * Where everything of a space-time diagram stands. Columns are generals, grouped by their nodes; time goes down, in bands, one for each
 * phase and one for the decisions. Inside a band each write of a general is a row, in the order of the space; its messages fan out from
 * it. A seat that moves is a mark on its general's line, between the writes before and after it. A band with too many messages is folded
 * to one bar for each writer. Units are CSS pixels.
 */
import type { GeneralId } from '../../consensus/index.js';
import { everyone, protocolOf } from '../../consensus/index.js';
import type { MessageWritten, Moved, Trace, TraceEvent } from '../trace.js';
import { messagesOf } from '../trace.js';

/** More messages than this are not drawn one by one. */
export const drawnMax = 400;

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly Column[];
  readonly nodes: readonly { readonly node: string; readonly left: number; readonly right: number }[];
  /** Where the lines of the generals begin. */
  readonly top: number;
  readonly bands: readonly Band[];
  /** Messages that are drawn as bars only. */
  readonly foldedCount: number;
}

export interface Column {
  readonly general: GeneralId;
  readonly x: number;
}

export interface Band {
  readonly kind: 'phase' | 'decisions';
  readonly phase: number;
  readonly top: number;
  readonly bottom: number;
  readonly rows: readonly Row[];
  /** Seats that moved during this phase. */
  readonly moves: readonly MoveMark[];
  /** The close of this phase, at the bottom; undefined when nobody had to wait for it. */
  readonly close: Extract<TraceEvent, { kind: 'closed' }> | undefined;
}

/** What one general wrote in one step. */
export interface Row {
  readonly from: GeneralId;
  readonly x: number;
  readonly top: number;
  /** Where the heads of its arrows are. */
  readonly bottom: number;
  readonly isFolded: boolean;
  readonly arrows: readonly Arrow[];
}

export interface Arrow {
  /** Place in the list of events; undefined for a message that was owed and did not come. */
  readonly index: number | undefined;
  readonly to: GeneralId;
  readonly x: number;
  readonly event: MessageWritten | undefined;
}

/** A general goes on elsewhere; the mark stands on its line. */
export interface MoveMark {
  /** Place in the list of events. */
  readonly index: number;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly event: Moved;
}

/** O(events). */
export function layOut(trace: Trace): Layout {
  const columns = columnsOf(trace);
  const xOf = new Map(columns.map(({ general, x }) => [general, x]));
  const { setting } = trace.started;
  const phaseCount = protocolOf(setting).phaseCount(setting);
  const writes = Array.from({ length: phaseCount }, (_, phase) => writesOf(trace, phase, xOf));
  const moves = movesOf(trace, phaseCount, xOf);
  const bands: Band[] = [];
  let [y, drawnCount, foldedCount] = [headHeight, 0, 0];
  for (const [phase, rows] of writes.entries()) {
    const count = rows.reduce((sum, { arrows }) => sum + arrows.length, 0);
    const isFolded = drawnCount + count > drawnMax;
    if (isFolded) foldedCount += count;
    else drawnCount += count;
    const own = moves.filter((move) => move.phase === phase);
    const band = bandOf({ phase, rows, moves: own, isFolded, top: y, close: closeOf(trace, phase) });
    bands.push(band);
    y = band.bottom;
  }
  const close = closeOf(trace, phaseCount);
  const late = moves.filter(({ phase }) => phase === phaseCount);
  const last = bandOf({ phase: phaseCount, rows: [], moves: late, isFolded: false, top: y, close });
  const bottom = y + bandHead + late.length * (moveHeight + rowGap) + decisionsHeight;
  bands.push({ ...last, kind: 'decisions', bottom });
  return {
    width: Math.max(minimumWidth, (columns.at(-1)?.x ?? 0) + margin),
    height: bottom + footHeight,
    columns,
    nodes: nodesOf(trace, columns),
    top: headHeight,
    bands,
    foldedCount,
  };
}

const [margin, gutter, minimumWidth] = [56, 64, 560];
/** Room for long names; between two generals of one node less than between two nodes. */
const [columnGap, nodeGap] = [92, 20];
const [headHeight, bandHead, decisionsHeight, footHeight] = [98, 30, 46, 16];
const [rowHeight, foldedHeight, moveHeight, rowGap] = [40, 22, 34, 14];

function columnsOf({ started }: Trace): readonly Column[] {
  const nodeOf = new Map(started.seats.map(({ general, node }) => [general, node]));
  const nodes = [...new Set(started.setting.generals.map((general) => nodeOf.get(general) ?? ''))];
  const columns: Column[] = [];
  let x = gutter;
  for (const node of nodes) {
    for (const general of started.setting.generals) {
      if ((nodeOf.get(general) ?? '') !== node) continue;
      columns.push({ general, x: x + columnGap / 2 });
      x += columnGap;
    }
    x += nodeGap;
  }
  return columns;
}

function nodesOf({ started }: Trace, columns: readonly Column[]): Layout['nodes'] {
  const nodeOf = new Map(started.seats.map(({ general, node }) => [general, node]));
  const spans = new Map<string, { left: number; right: number }>();
  for (const { general, x } of columns) {
    const node = nodeOf.get(general) ?? '';
    const left = spans.get(node)?.left ?? x - columnGap / 2 + 3;
    spans.set(node, { left, right: x + columnGap / 2 - 3 });
  }
  return [...spans].map(([node, span]) => ({ node, ...span }));
}

type Write = Pick<Row, 'from' | 'x' | 'arrows'>;

/** The writes of a phase; owed messages that never came stand at the end, as writes of their own. */
function writesOf(trace: Trace, phase: number, xOf: ReadonlyMap<GeneralId, number>): readonly Write[] {
  const writes = new Map<string, { from: GeneralId; x: number; arrows: Arrow[] }>();
  const add = (key: string, from: GeneralId, arrow: Omit<Arrow, 'x'>): void => {
    const fromX = xOf.get(from);
    const targets = arrow.to === everyone ? [...xOf.keys()].filter((id) => id !== from) : [arrow.to];
    if (fromX === undefined) return;
    const write = writes.get(key) ?? { from, x: fromX, arrows: [] };
    for (const to of targets) write.arrows.push({ ...arrow, to, x: xOf.get(to) ?? fromX });
    writes.set(key, write);
  };
  const came = new Set<string>();
  for (const { index, event } of messagesOf(trace)) {
    const { message } = event;
    if (message.phase !== phase) continue;
    came.add(`${message.from} ${message.to}`);
    add(`${event.revision} ${message.from}`, message.from, { index, to: message.to, event });
  }
  const { setting } = trace.started;
  const isOver = trace.events.some((event) => event.kind === 'closed' && event.phase >= phase);
  for (const { from, to } of isOver ? protocolOf(setting).slots(setting, phase) : []) {
    if (!came.has(`${from} ${to}`)) add(`absent ${from}`, from, { index: undefined, to, event: undefined });
  }
  return [...writes.values()];
}

function bandOf(plan: {
  readonly phase: number;
  readonly rows: readonly Write[];
  readonly moves: readonly Move[];
  readonly isFolded: boolean;
  readonly top: number;
  readonly close: Band['close'];
}): Band {
  const { phase, isFolded, top, close } = plan;
  const height = isFolded ? foldedHeight : rowHeight;
  const waiting = [...plan.moves];
  const moves: MoveMark[] = [];
  let y = top + bandHead;
  const placeMoves = (before: number): void => {
    while (waiting[0] !== undefined && waiting[0].index < before) {
      const { index, x, event } = waiting[0];
      moves.push({ index, x, event, top: y, bottom: y + moveHeight });
      y += moveHeight + rowGap;
      waiting.shift();
    }
  };
  const rows = plan.rows.map((write): Row => {
    placeMoves(Math.min(...write.arrows.map(({ index = Number.POSITIVE_INFINITY }) => index)));
    const row = { ...write, isFolded, top: y, bottom: y + height };
    y += height + rowGap;
    return row;
  });
  placeMoves(Number.POSITIVE_INFINITY);
  return { kind: 'phase', phase, top, bottom: y + (close === undefined ? 6 : 22), rows, moves, close };
}

type Move = Pick<MoveMark, 'index' | 'x' | 'event'> & { readonly phase: number };

/** Each in the phase that was the last to be spoken in, or the one after it when that was closed; in the order of the record. */
function movesOf(
  { events }: Trace,
  phaseCount: number,
  xOf: ReadonlyMap<GeneralId, number>,
): readonly Move[] {
  const moves: Move[] = [];
  let phase = 0;
  for (const [index, event] of events.entries()) {
    if (event.kind === 'message') phase = Math.max(phase, event.message.phase);
    if (event.kind === 'closed') phase = Math.max(phase, event.phase + 1);
    const x = event.kind === 'moved' ? xOf.get(event.seat.general) : undefined;
    if (event.kind === 'moved' && x !== undefined)
      moves.push({ index, phase: Math.min(phase, phaseCount), x, event });
  }
  return moves;
}

function closeOf({ events }: Trace, phase: number): Band['close'] {
  return events.find((event) => event.kind === 'closed' && event.phase === phase) as Band['close'];
}
