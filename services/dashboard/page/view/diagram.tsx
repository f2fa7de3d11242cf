/**
 * The space-time diagram: columns are generals, time goes down. What has not happened yet at the place of the player is faint. A click
 * on a message goes to it.
 */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Band, Layout, Trace } from '../../../record/index.js';
import { counted, drawnMax, layOut, outcomeSentence, roundTitle } from '../../../record/index.js';
import type { Stage } from '../state/stage.js';
import { Decisions, Lines, Names } from './diagram-frame.js';
import { MovePart, RowPart } from './diagram-rows.js';

export function Diagram({
  trace,
  stage,
  name = 'diagram',
  label = 'Space-time diagram',
  isOutcomeTold = true,
}: {
  readonly trace: Trace;
  readonly stage: Pick<Stage, 'place' | 'goTo'>;
  /** Of its title and description, unique in the page. */
  readonly name?: string;
  readonly label?: string;
  /** False where it is to be foretold. */
  readonly isOutcomeTold?: boolean;
}) {
  const layout = useMemo(() => layOut(trace), [trace]);
  const box = useRef<HTMLDivElement>(null);
  const showPlace = (): void => {
    const y = placeY(layout, trace, stage.place.value);
    if (box.current === null || y === undefined) return;
    const scale = (box.current.querySelector('svg')?.clientWidth ?? layout.width) / layout.width;
    keepInSight(box.current, y * scale, namesHeight * scale);
  };
  // When the player goes there, and when what it has gone to is drawn: the place of an event that just came is known only then.
  useSignalEffect(showPlace);
  useEffect(showPlace, [layout]);
  // Who points may click on a message; who does not has the player and the table, which say the same.
  useEffect(() => {
    const goThere = ({ target }: Event): void => {
      const index = (target as Element).closest('[data-event]')?.getAttribute('data-event');
      if (index !== undefined && index !== null) stage.goTo(Number(index));
    };
    box.current?.addEventListener('click', goThere);
    return () => box.current?.removeEventListener('click', goThere);
  }, [stage]);
  const { width, height } = layout;
  const size = { minWidth: `${Math.round(width * leastScale)}px`, maxWidth: `${width}px` };
  return (
    <section class="scroll diagram-box" tabIndex={0} aria-label={label} ref={box}>
      <div class="names">
        <svg aria-hidden="true" style={size} viewBox={`0 0 ${width} ${namesHeight}`}>
          <Names trace={trace} layout={layout} />
        </svg>
      </div>
      <svg
        class="diagram"
        role="img"
        aria-labelledby={`${name}-title ${name}-text`}
        style={size}
        viewBox={`0 0 ${width} ${height}`}
      >
        <title id={`${name}-title`}>{roundTitle(trace)}</title>
        <desc id={`${name}-text`}>
          {isOutcomeTold ? `${outcomeSentence(trace)}. ` : ''}
          {foldedSentence(layout)}The table of messages says the same in words.
        </desc>
        <Lines trace={trace} layout={layout} />
        <Names trace={trace} layout={layout} />
        {layout.bands.map((band, i) => (
          <BandPart key={band.phase} band={band} layout={layout} isEven={i % 2 === 1} stage={stage} />
        ))}
        <Decisions trace={trace} layout={layout} place={stage.place} />
      </svg>
      {layout.foldedCount === 0 ? null : <p class="faint folded">{foldedSentence(layout)}</p>}
    </section>
  );
}

/** A picture that is too wide is made smaller, down to this; then it scrolls. */
const leastScale = 0.7;
/** Of the names of the generals, which stay in sight over the picture while it scrolls. */
const namesHeight = 92;

function foldedSentence({ foldedCount }: Layout): string {
  if (foldedCount === 0) return '';
  return `Up to ${drawnMax} messages are drawn one by one; ${counted(foldedCount, 'message')} of later phases are folded, a bar for each sender. `;
}

type Shown = Pick<Stage, 'place' | 'goTo'>;

function BandPart({
  band,
  layout,
  isEven,
  stage,
}: {
  readonly band: Band;
  readonly layout: Layout;
  readonly isEven: boolean;
  readonly stage: Shown;
}) {
  const last = layout.columns.at(-1)?.x ?? layout.width;
  const y = band.bottom - 12;
  const hasClose = band.kind === 'phase' && band.close !== undefined;
  return (
    <g class={isEven ? 'even' : 'odd'}>
      <text class="faint" x={12} y={band.top + 20}>
        {band.kind === 'decisions' ? 'decisions' : `phase ${band.phase}`}
      </text>
      {hasClose ? (
        <>
          <line class="close" x1={64} x2={last + 30} y1={y} y2={y} />
          <text class="faint" x={12} y={y + 4}>
            close {band.phase}
          </text>
        </>
      ) : null}
      {band.rows.map((row) => (
        <RowPart key={`${row.from} ${row.top}`} row={row} stage={stage} />
      ))}
      {band.moves.map((move) => (
        <MovePart key={move.index} move={move} stage={stage} />
      ))}
    </g>
  );
}

/** Where in the diagram the event at a place is; undefined for what has no place in it. */
function placeY({ bands, top }: Layout, { events }: Trace, place: number): number | undefined {
  const event = events[place];
  switch (event?.kind) {
    case 'started':
      return top - 90;
    case 'message': {
      const rows =
        bands.find(({ phase, kind }) => kind === 'phase' && phase === event.message.phase)?.rows ?? [];
      return rows.find(({ arrows }) => arrows.some(({ index }) => index === place))?.bottom;
    }
    case 'moved':
      return bands.flatMap(({ moves }) => moves).find(({ index }) => index === place)?.bottom;
    case 'closed':
      return bands.find(({ phase }) => phase === event.phase)?.bottom;
    case 'decision':
    case 'ended':
      return bands.at(-1)?.bottom;
    default:
      return undefined;
  }
}

/** Scrolls as little as needed, inside the box only, of which the top is covered. */
function keepInSight(box: HTMLElement, y: number, covered: number): void {
  const margin = 60;
  if (y - margin - covered < box.scrollTop) box.scrollTop = Math.max(0, y - margin - covered);
  else if (y + margin > box.scrollTop + box.clientHeight) box.scrollTop = y + margin - box.clientHeight;
}
