/**
 * What the round cost: coordination against compute for each general, values and time for each phase, and the trend over rounds.
 */
import { endOf, ratioWords, type Trace, type TraceMetrics } from '../../../record/index.js';
import { rounds, stage, tabled } from '../state/app.js';
import { type PhaseCost, type Point, phaseCosts, trendOf } from '../state/costs.js';
import { Panel } from './panel.js';
import { PhaseTimes, TimeBar } from './phase-times.js';

export function MetricsPanel() {
  const trace = tabled.value;
  if (trace === undefined) return null;
  return (
    <Panel id="metrics" title="Metrics">
      <Measured metrics={endOf(trace)?.metrics} />
      <Phases trace={trace} />
      <Trend trace={trace} />
    </Panel>
  );
}

function Measured({ metrics }: { readonly metrics: TraceMetrics | undefined }) {
  if (metrics === undefined) {
    return (
      <p class="faint">
        {stage.origin.value === 'core'
          ? 'This round ran in the page, where there is nothing to coordinate: rounds on the services are measured.'
          : 'Generals report what they measured when they have decided.'}
      </p>
    );
  }
  const longest = Math.max(1e-9, ...metrics.generals.map((one) => one.coordinationMs + one.computeMs));
  return (
    <>
      <dl class="figures">
        <Figure name="Coordination time" ms={metrics.coordinationMs} sumMs={metrics.coordinationSumMs} />
        <Figure name="Compute time" ms={metrics.computeMs} sumMs={metrics.computeSumMs} />
        <div>
          <dt>Granularity ratio</dt>
          <dd>
            <b>{ratioWords(metrics.granularityRatio)}</b> compute / coordination; below 1 is normal for few
            generals
          </dd>
        </div>
        <div>
          <dt>Wall clock</dt>
          <dd>
            <b>{metrics.wallMs.toFixed(1)} ms</b> from the start to the last decision
          </dd>
        </div>
      </dl>
      <section class="scroll" tabIndex={0} aria-label="Metrics of each general">
        <table>
          <thead>
            <tr>
              <th scope="col">general</th>
              <th scope="col" class="wide">
                calls, then waiting, then computing
              </th>
              <th scope="col" class="number">
                coordination, ms
              </th>
              <th scope="col" class="number">
                compute, ms
              </th>
              <th scope="col" class="number">
                sent
              </th>
              <th scope="col" class="number">
                heard
              </th>
            </tr>
          </thead>
          <tbody>
            {metrics.generals.map((one) => (
              <tr key={one.general}>
                <th scope="row">{one.general}</th>
                <td class="wide">
                  <TimeBar spent={one} longestMs={longest} />
                </td>
                <td class="number">{one.coordinationMs.toFixed(2)}</td>
                <td class="number">{one.computeMs.toFixed(2)}</td>
                <td class="number">{one.sentCount.toLocaleString('en-US')}</td>
                <td class="number">{one.receivedCount.toLocaleString('en-US')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <PhaseTimes generals={metrics.generals} />
    </>
  );
}

function Figure({ name, ms, sumMs }: { readonly name: string; readonly ms: number; readonly sumMs: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{ms.toFixed(2)} ms</b> the slowest loyal general; {sumMs.toFixed(2)} ms all together
      </dd>
    </div>
  );
}

function Phases({ trace }: { readonly trace: Trace }) {
  const isTimed = stage.origin.value === 'services';
  return (
    <section class="scroll" tabIndex={0} aria-label="Values and time of each phase">
      <table>
        <thead>
          <tr>
            <th scope="col">phase</th>
            <th scope="col" class="number">
              values
            </th>
            <th scope="col" class="number">
              by the formula
            </th>
            {isTimed ? (
              <th scope="col" class="number">
                took, ms
              </th>
            ) : null}
            <th scope="col">ended</th>
          </tr>
        </thead>
        <tbody>
          {phaseCosts(trace).map((cost) => (
            <tr key={cost.phase}>
              <th scope="row">{cost.phase}</th>
              <td class="number">{cost.sentCount.toLocaleString('en-US')}</td>
              <td class="number">{cost.owedCount?.toLocaleString('en-US') ?? 'as heard'}</td>
              {isTimed ? <td class="number">{cost.wallMs.toLocaleString('en-US')}</td> : null}
              <td>{endWords[cost.ended]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const endWords: Readonly<Record<PhaseCost['ended'], string>> = {
  'by-close': 'by its close: somebody was missing',
  full: 'when all had spoken',
  open: 'not yet',
};

function Trend({ trace }: { readonly trace: Trace }) {
  const points = trendOf(rounds.value ?? [], trace.started);
  if (stage.origin.value === 'core' || points.length < 2) return null;
  return (
    <div>
      <h3>Coordination of the last {points.length} rounds like this one</h3>
      <TrendLine points={points} />
    </div>
  );
}

function TrendLine({ points }: { readonly points: readonly Point[] }) {
  const most = Math.max(...points.map(({ coordinationMs }) => coordinationMs));
  const least = Math.min(...points.map(({ coordinationMs }) => coordinationMs));
  const at = points.map(({ coordinationMs }, i) => ({
    x: 4 + (392 * i) / (points.length - 1),
    y: 56 - (48 * coordinationMs) / most,
  }));
  const last = points.at(-1);
  return (
    <>
      <svg
        class="trend"
        viewBox="0 0 400 60"
        width="100%"
        height={60}
        role="img"
        aria-label={`from ${least.toFixed(1)} to ${most.toFixed(1)} ms, the last ${last?.coordinationMs.toFixed(1)} ms`}
      >
        <polyline points={at.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
        {at.map(({ x, y }, i) => (
          <circle key={points[i]?.number} cx={x} cy={y} r={2.5} />
        ))}
      </svg>
      <p class="hint">
        {least.toFixed(1)} to {most.toFixed(1)} ms; the last, round {last?.number},{' '}
        {last?.coordinationMs.toFixed(1)} ms
      </p>
    </>
  );
}
