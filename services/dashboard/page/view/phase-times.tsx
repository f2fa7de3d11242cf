/**
 * Where each general's time went, phase by phase: coordination beside compute.
 */
import type { TraceGeneralMetrics, TracePhaseMetrics } from '../../../record/index.js';

/** Nothing for records of rounds whose generals did not say. */
export function PhaseTimes({ generals }: { readonly generals: readonly TraceGeneralMetrics[] }) {
  const all = generals.flatMap(({ phases = [] }) => phases);
  const longestMs = Math.max(1e-9, ...all.map(totalMs));
  const phaseCount = Math.max(0, ...generals.map(({ phases = [] }) => phases.length));
  if (phaseCount === 0) return null;
  const numbers = [...Array(phaseCount).keys()];
  return (
    <section class="scroll" tabIndex={0} aria-label="Coordination and compute of each general by phase">
      <table class="phase-times">
        <caption>By phase: coordination / compute, ms</caption>
        <thead>
          <tr>
            <th scope="col">general</th>
            {numbers.map((phase) => (
              <th key={phase} scope="col">
                phase {phase}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {generals.map(({ general, phases = [] }) => (
            <tr key={general}>
              <th scope="row">{general}</th>
              {numbers.map((phase) => (
                <td key={phase}>
                  <PhaseTime spent={phases[phase]} longestMs={longestMs} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function PhaseTime(props: { readonly spent: TracePhaseMetrics | undefined; readonly longestMs: number }) {
  const { spent, longestMs } = props;
  if (spent === undefined) return <>–</>;
  const { spaceCallMs, waitingMs, computeMs } = spent;
  return (
    <>
      <TimeBar spent={spent} longestMs={longestMs} />
      {(spaceCallMs + waitingMs).toFixed(2)} / {computeMs.toFixed(2)}
    </>
  );
}

/** Calls, then waiting, then computing, as parts of the longest; the figures stand beside it. */
export function TimeBar({
  spent,
  longestMs,
}: {
  readonly spent: TracePhaseMetrics;
  readonly longestMs: number;
}) {
  const { spaceCallMs, waitingMs, computeMs } = spent;
  const width = (ms: number) => (200 * ms) / longestMs;
  return (
    <svg
      class="bar"
      viewBox="0 0 200 12"
      width="100%"
      height={12}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="calls" x={0} width={width(spaceCallMs)} height={12} />
      <rect class="waiting" x={width(spaceCallMs)} width={width(waitingMs)} height={12} />
      <rect
        class="computing"
        x={width(spaceCallMs + waitingMs)}
        width={Math.max(0.5, width(computeMs))}
        height={12}
      />
    </svg>
  );
}

function totalMs({ spaceCallMs, waitingMs, computeMs }: TracePhaseMetrics): number {
  return spaceCallMs + waitingMs + computeMs;
}
