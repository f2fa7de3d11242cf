/**
 * What stands around the messages of a diagram: the generals and their nodes at its head, what they decided at its foot.
 */
import type { ReadonlySignal } from '@preact/signals';
import type { Layout, Trace } from '../../../record/index.js';
import { useTime } from './use-time.js';

interface Framed {
  readonly trace: Trace;
  readonly layout: Layout;
}

/** The bands of the phases, and the line of each general through them. */
export function Lines({ trace, layout }: Framed) {
  const { columns, bands, top, width } = layout;
  const traitors = new Set(trace.started.traitors.map(({ general }) => general));
  const bottom = (bands.at(-1)?.bottom ?? top) - 36;
  return (
    <>
      {bands.map((band, i) =>
        i % 2 === 0 ? null : (
          <rect
            key={band.phase}
            class="band"
            x={0}
            y={band.top}
            width={width}
            height={band.bottom - band.top}
          />
        ),
      )}
      {columns.map(({ general, x }) => (
        <line
          key={general}
          class={traitors.has(general) ? 'life traitor' : 'life'}
          x1={x}
          x2={x}
          y1={top}
          y2={bottom}
        />
      ))}
    </>
  );
}

/** Who the columns are. */
export function Names({ trace, layout: { columns, nodes } }: Framed) {
  const { setting } = trace.started;
  const traitors = new Set(trace.started.traitors.map(({ general }) => general));
  return (
    <>
      {nodes.map(({ node, left, right }) => (
        <g key={node}>
          <rect class="node" x={left} y={8} width={right - left} height={80} rx={6} />
          <text class="faint" x={(left + right) / 2} y={25} text-anchor="middle">
            {node}
          </text>
        </g>
      ))}
      {columns.map(({ general, x }) => {
        const isCommander = general === setting.commander && !setting.isCouncil;
        const isTraitor = traitors.has(general);
        const kind = isTraitor ? 'traitor' : isCommander ? 'commander' : '';
        const roles = [...(isCommander ? ['commander'] : []), ...(isTraitor ? ['TRAITOR'] : [])];
        return (
          <g key={general}>
            <text class={kind} x={x} y={46} text-anchor="middle">
              {general}
            </text>
            {roles.map((role, i) => (
              <text key={role} class={`role ${kind}`} x={x} y={62 + 14 * i} text-anchor="middle">
                {role}
              </text>
            ))}
          </g>
        );
      })}
    </>
  );
}

export function Decisions(props: {
  readonly trace: Trace;
  readonly layout: Layout;
  readonly place: ReadonlySignal<number>;
}) {
  const { trace, layout, place } = props;
  const traitors = new Set(trace.started.traitors.map(({ general }) => general));
  const y = (layout.bands.at(-1)?.bottom ?? 0) - 16;
  return (
    <>
      {layout.columns.map(({ general, x }) => (
        <Decision
          key={general}
          at={{ x, y }}
          trace={trace}
          place={place}
          general={general}
          isTraitor={traitors.has(general)}
        />
      ))}
    </>
  );
}

function Decision(props: {
  readonly at: { readonly x: number; readonly y: number };
  readonly trace: Trace;
  readonly place: ReadonlySignal<number>;
  readonly general: string;
  readonly isTraitor: boolean;
}) {
  const { at, trace, place, general, isTraitor } = props;
  const index = trace.events.findIndex((event) => event.kind === 'decision' && event.general === general);
  const event = trace.events[index];
  const vote = event?.kind === 'decision' ? event.vote : undefined;
  const isOver = trace.events.at(-1)?.kind === 'ended';
  const time = useTime(place, index < 0 ? trace.events.length - 1 : index);
  const word = isTraitor ? (isOver ? 'ignored' : '') : (vote ?? (isOver ? '∅ none' : ''));
  return (
    <text class={time} x={at.x} y={at.y} text-anchor="middle">
      <tspan class={isTraitor ? 'faint' : `decided ${vote ?? ''}`}>{word}</tspan>
    </text>
  );
}
