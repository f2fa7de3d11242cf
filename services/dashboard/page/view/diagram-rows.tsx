/**
 * The messages of a diagram: each write of a general is a row, its arrows fan out from it. Between them, the moves of generals to other
 * nodes.
 */
import type { ReadonlySignal } from '@preact/signals';
import { memo } from 'preact/compat';
import { defaultVote } from '../../../consensus/index.js';
import {
  type Arrow,
  counted,
  eventSentence,
  kindOf,
  labelOf,
  type MoveMark,
  messageSentence,
  moveLabel,
  moveWidth,
  type Row,
  summaryOf,
} from '../../../record/index.js';
import type { Stage } from '../state/stage.js';
import { useTime } from './use-time.js';

type Shown = Pick<Stage, 'place' | 'goTo'>;

export const RowPart = memo(
  ({ row, stage }: { readonly row: Row; readonly stage: Shown }) => {
    if (row.isFolded) return <FoldPart row={row} place={stage.place} />;
    const isAbsent = row.arrows.every(({ event }) => event === undefined);
    return (
      <g>
        {farthestFirst(row).map((arrow) => (
          <ArrowPart key={arrow.to} row={row} arrow={arrow} stage={stage} />
        ))}
        {isAbsent ? null : <circle class="write" cx={row.x} cy={row.top} r={3.5} />}
      </g>
    );
  },
  (before, after) => before.stage === after.stage && isSameRow(before.row, after.row),
);

/** A layout is made anew with every event; most rows stay as they were. */
function isSameRow(one: Row, other: Row): boolean {
  return (
    one.top === other.top &&
    one.x === other.x &&
    one.isFolded === other.isFolded &&
    one.arrows.length === other.arrows.length &&
    one.arrows.every(({ index, to, x, event }, i) => {
      const arrow = other.arrows[i];
      return arrow?.event === event && arrow?.index === index && arrow?.to === to && arrow?.x === x;
    })
  );
}

/** So that the label of a near one is drawn over the arrows that go past it. */
function farthestFirst({ x, arrows }: Row): readonly Arrow[] {
  return arrows.toSorted((one, other) => Math.abs(other.x - x) - Math.abs(one.x - x));
}

function ArrowPart({
  row,
  arrow,
  stage,
}: {
  readonly row: Row;
  readonly arrow: Arrow;
  readonly stage: Shown;
}) {
  const { x, to, index, event } = arrow;
  const time = useTime(stage.place, index);
  const toRight = x > row.x ? 1 : -1;
  const path = `M${row.x} ${row.top} L${x - 4 * toRight} ${row.bottom}`;
  const anchor = toRight === 1 ? 'start' : 'end';
  const labelAt = { x: x + 6 * toRight, y: row.bottom + 5, 'text-anchor': anchor } as const;
  if (event === undefined || index === undefined) {
    return (
      <g class={time}>
        <title>{`${row.from} owes ${to} a message that did not come; it counts as ${defaultVote}`}</title>
        <path class="arrow absent" d={path} />
        <text class="label absent" {...labelAt}>
          ∅
        </text>
      </g>
    );
  }
  const { message } = event;
  const isLie = message.entries.some(({ isFalse }) => isFalse);
  const kind = `${kindOf(event)}${message.counts ? '' : ' late'}`;
  return (
    <g class={time} data-event={index}>
      <title>{messageSentence(message)}</title>
      <path class="halo" d={path} />
      <path class={`arrow ${isLie ? 'lie ' : ''}${kind}`} d={path} />
      {isLie ? <path class="arrow gap" d={path} /> : null}
      <path class={`tip ${kind}`} d={headPath(row, x - 4 * toRight)} />
      <text class={`label ${kind}${isLie ? ' lied' : ''}`} {...labelAt}>
        {labelOf(event)}
      </text>
    </g>
  );
}

/** A mark over the line of a general: where it goes on. */
export function MovePart({ move, stage }: { readonly move: MoveMark; readonly stage: Shown }) {
  const { index, x, top, bottom, event } = move;
  const time = useTime(stage.place, index);
  const [place, epoch] = moveLabel(event);
  const width = moveWidth(event);
  return (
    <g class={time}>
      <g class="moved" data-event={index}>
        <title>{eventSentence(event)}</title>
        <rect x={x - width / 2} y={top} width={width} height={bottom - top} rx={4} />
        <text x={x} y={top + 14} text-anchor="middle">
          {place}
        </text>
        <text class="faint" x={x} y={top + 28} text-anchor="middle">
          {epoch}
        </text>
      </g>
    </g>
  );
}

/** A small triangle at the end of an arrow. */
function headPath({ x, top, bottom }: Row, endX: number): string {
  const angle = Math.atan2(bottom - top, endX - x);
  const corner = (turn: number) =>
    `${(endX - 8 * Math.cos(angle + turn)).toFixed(1)} ${(bottom - 8 * Math.sin(angle + turn)).toFixed(1)}`;
  return `M${endX} ${bottom} L${corner(0.4)} L${corner(-0.4)} Z`;
}

function FoldPart({ row, place }: { readonly row: Row; readonly place: ReadonlySignal<number> }) {
  const { x, top, bottom, arrows } = row;
  const indexes = arrows.flatMap(({ index }) => (index === undefined ? [] : [index]));
  const time = useTime(place, indexes.at(-1), indexes[0]);
  const xs = [x, ...arrows.map((arrow) => arrow.x)];
  const [left, right, y] = [Math.min(...xs), Math.max(...xs), (top + bottom) / 2];
  const entries = arrows.flatMap(({ event }) => event?.message.entries ?? []);
  const missing = counted(arrows.length - indexes.length, 'message');
  return (
    <g class={time}>
      <path class="fold" d={`M${left} ${y} L${right} ${y}`} />
      <circle class="write" cx={x} cy={y} r={3.5} />
      <text class="label" x={left + 12} y={y + 4}>
        {entries.length === 0 ? `${missing} missing` : `to ${arrows.length}: ${summaryOf(entries)}`}
      </text>
    </g>
  );
}
