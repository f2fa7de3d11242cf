/**
 * The nodes: what each hosts, whether it gives signs of life, what its loss would cost, and, where it may be, how it is broken.
 */
import type { NodeFacts } from '../../wire.js';
import { about, fault, isWritable, nodes } from '../state/app.js';
import { Panel } from './panel.js';

/** How long a node hangs that was told to, in ms; it can be woken before. */
const hangMs = 60_000;

export function NodesPanel() {
  const canFault = isWritable.value && about.value?.hasFaults === true;
  return (
    <Panel id="nodes" title="Nodes" aside={<p class="faint">{nodes.value?.length}</p>}>
      {nodes.value === undefined ? (
        <p class="faint">Waiting for the orchestrator…</p>
      ) : nodes.value.length === 0 ? (
        <p class="faint">No node is there. byz general-node starts one; rounds need at least one.</p>
      ) : (
        <ul class="nodes">
          {nodes.value.map((node) => (
            <NodeCard key={node.node} node={node} canFault={canFault} />
          ))}
        </ul>
      )}
      {about.value?.hasFaults === false ? (
        <p class="hint">
          These nodes share one process. Nodes of their own can be crashed and hung: see docs/dashboard.md.
        </p>
      ) : null}
    </Panel>
  );
}

function NodeCard({ node, canFault }: { readonly node: NodeFacts; readonly canFault: boolean }) {
  const { node: id, state, silentMs, seats, losses } = node;
  const isLive = state === 'live';
  const costly = losses.filter(({ faultCount, faultsMax }) => faultCount > faultsMax);
  return (
    <li class={`node ${state}`}>
      <p class="node-head">
        <span class="node-sign" aria-hidden="true">
          {isLive ? '●' : state === 'draining' ? '◐' : '◆'}
        </span>
        <b>{id}</b> <span>{stateWords[state] ?? state}</span>
        {isLive ? null : <span class="faint">for {(silentMs / 1000).toFixed(1)} s</span>}
      </p>
      <p class="faint">
        {seats.length === 0
          ? 'hosts nobody now'
          : seats
              .map(
                ({ round, general, epoch }) =>
                  `${general} of round ${round}${epoch === 1 ? '' : `, epoch ${epoch}`}`,
              )
              .join('; ')}
      </p>
      {costly.map(({ round, faultCount, faultsMax }) => (
        <p key={round} class="false">
          ! without it round {round} has {faultCount} faults and withstands {faultsMax}
        </p>
      ))}
      {canFault ? (
        <p class="node-buttons">
          <button type="button" class="quiet" onClick={() => void fault(id, { kind: 'crash' })}>
            Crash<span class="hidden"> {id}</span>
          </button>
          <button type="button" class="quiet" onClick={() => void fault(id, { kind: 'hang', forMs: hangMs })}>
            Hang<span class="hidden"> {id}</span>
          </button>
          <button type="button" class="quiet" onClick={() => void fault(id, { kind: 'recover' })}>
            Recover<span class="hidden"> {id}</span>
          </button>
        </p>
      ) : null}
    </li>
  );
}

const stateWords: Readonly<Record<string, string>> = {
  live: 'serving',
  lapsing: 'SILENT',
  draining: 'handing over',
  gone: 'GONE',
};
