/**
 * A fork: the round as it was and as it would have been, side by side, with what differs.
 */
import {
  endOf,
  messageSentence,
  outcomeSentence,
  outcomeWord,
  pathWords,
  type Trace,
} from '../../../record/index.js';
import { change, isWritable, startRequest } from '../state/app.js';
import { differences, type Fork } from '../state/fork.js';
import { after, before, fork } from '../state/fork-view.js';
import { requestOfPlan } from '../state/requests.js';
import { Diagram } from './diagram.js';
import { Panel } from './panel.js';
import { Player } from './player.js';

/** Differences that are written out. */
const shownMax = 12;

export function ForkPanel() {
  const now = fork.value;
  if (now === undefined) return null;
  return (
    <div class="whole">
      <Panel
        id="fork"
        title={titleOf(now)}
        aside={
          <span class="stage-actions">
            {isWritable.value ? (
              <button type="button" class="quiet" onClick={() => void startRequest(requestOfPlan(now.plan))}>
                Run the fork on the services
              </button>
            ) : null}
            <button
              type="button"
              class="quiet"
              onClick={() => {
                change.value = undefined;
              }}
            >
              Close the fork
            </button>
          </span>
        }
      >
        <div class="side-by-side">
          <Side name="As it was, run again" trace={now.before} id="before" />
          <Side name="The fork" trace={now.after} id="after" />
        </div>
        <Player stage={before} label="Player of both runs" />
        <Decisions fork={now} />
        <Differences fork={now} />
      </Panel>
    </div>
  );
}

function titleOf({ message, change: { act, path } }: Fork): string {
  const what = path === undefined ? act : `${act} of ${pathWords(path.slice(0, -1))}`;
  return `Fork: what if ${message.from} had told ${message.to} ${what}`;
}

function Side({
  name,
  trace,
  id,
}: {
  readonly name: string;
  readonly trace: Trace;
  readonly id: 'before' | 'after';
}) {
  const verdict = endOf(trace)?.verdict;
  return (
    <div class="side">
      <h3>
        {name} <span class="tag">{outcomeWord(verdict)}</span>
      </h3>
      <Diagram trace={trace} stage={id === 'before' ? before : after} name={id} label={name} />
      <p class="hint">{outcomeSentence(trace)}.</p>
    </div>
  );
}

function Decisions({ fork: { before: was, after: is } }: { readonly fork: Fork }) {
  const decided = [was, is].map(
    (trace) =>
      new Map(
        trace.events.flatMap((event) => (event.kind === 'decision' ? [[event.general, event.vote]] : [])),
      ),
  );
  const traitors = new Set(was.started.traitors.map(({ general }) => general));
  return (
    <section class="scroll" tabIndex={0} aria-label="Decisions in both runs">
      <table>
        <thead>
          <tr>
            <th scope="col">general</th>
            <th scope="col">as it was</th>
            <th scope="col">in the fork</th>
            <th scope="col">
              <span class="hidden">difference</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {was.started.setting.generals.map((general) => {
            const [old, fresh] = decided.map((votes) => votes.get(general));
            if (traitors.has(general)) return null;
            return (
              <tr key={general}>
                <th scope="row">{general}</th>
                <td class={old}>{old ?? 'none'}</td>
                <td class={fresh}>{fresh ?? 'none'}</td>
                <td>{old === fresh ? '' : <b class="false">≠ decides otherwise</b>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Differences({ fork: now }: { readonly fork: Fork }) {
  const all = differences(now);
  if (all.length === 0) return <p>Nothing that anybody said differs.</p>;
  return (
    <details open={all.length <= shownMax}>
      <summary>
        {all.length} {all.length === 1 ? 'message differs' : 'messages differ'}
      </summary>
      <ul class="statements">
        {all.slice(0, shownMax).map(({ slot, was, is }) => (
          <li key={`${slot.phase} ${slot.from} ${slot.to}`}>
            <span class="faint">phase {slot.phase}:</span>{' '}
            {was === undefined ? `${slot.from} told ${slot.to} nothing` : messageSentence(was)} <b>≠</b>{' '}
            {is === undefined ? 'nothing' : messageSentence(is)}
          </li>
        ))}
      </ul>
      {all.length > shownMax ? <p class="faint">and {all.length - shownMax} more</p> : null}
    </details>
  );
}
