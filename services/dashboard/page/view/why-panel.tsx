/**
 * Why a general decided as it did, at the moment that the player shows.
 */
import { useComputed } from '@preact/signals';
import { everyone } from '../../../consensus/index.js';
import { counted, messageSentence, messagesOf, type Trace } from '../../../record/index.js';
import { explained, stage } from '../state/app.js';
import { voteLines } from '../state/vote-lines.js';
import { SelectField } from './fields.js';
import { Panel } from './panel.js';
import { VoteTree } from './vote-tree.js';

/** The core would have to be run on more values than these, in this page. */
const valuesMax = 100_000;

export function WhyPanel() {
  const trace = stage.trace.value;
  if (trace === undefined) return null;
  const { setting } = trace.started;
  return (
    <Panel id="why" title="Why it decided so">
      <SelectField
        label="General"
        value={explained.value ?? ''}
        options={[
          { value: '', label: 'choose a general…' },
          ...setting.generals.map((general) => ({ value: general, label: `${general}${roleOf(general)}` })),
        ]}
        onChange={(general) => {
          explained.value = general === '' ? undefined : general;
        }}
      />
      {explained.value === undefined ? (
        <p class="faint">
          What a general heard, from whom, and the majority that it makes of that, at every step.
        </p>
      ) : (
        <Explanation key={explained.value} general={explained.value} />
      )}
    </Panel>
  );

  function roleOf(general: string): string {
    if (trace?.started.traitors.some((spec) => spec.general === general)) return ', a traitor';
    return general === setting.commander && !setting.isCouncil ? ', the commander' : '';
  }
}

function Explanation({ general }: { readonly general: string }) {
  const now = useComputed(() => {
    const trace = stage.trace.value;
    if (trace === undefined || valueCount(trace.events) > valuesMax) return undefined;
    const own = stage.momentAt(stage.place.value)?.get(general);
    return own === undefined ? undefined : { own, root: voteLines(own, trace, stage.place.value) };
  });
  const trace = stage.trace.value;
  if (trace === undefined) return null;
  if (now.value === undefined) {
    return (
      <p>
        {valueCount(trace.events) > valuesMax
          ? `This round is too large to be explained here: it has more than ${counted(valuesMax, 'value')}. byz replay --step explains it.`
          : `There is no ${general} in this round, or nothing is known of it.`}
      </p>
    );
  }
  const { own, root } = now.value;
  const isTraitor = trace.started.traitors.some((spec) => spec.general === general);
  const decision = own.decision;
  return (
    <>
      <p>
        {decision === undefined ? (
          <>
            {general} has <b>not decided yet</b>.
          </>
        ) : (
          <>
            {general} decides <b class={decision}>{decision}</b>.
          </>
        )}
        {isTraitor ? ' It is a traitor: this is what it would decide, and it means nothing.' : ''}
      </p>
      {root === undefined ? (
        <p class="faint">{general} hears nothing and relays nothing: it follows the order that it gives.</p>
      ) : (
        <>
          <VoteTree root={root} label={`What ${general} heard`} onGoTo={(index) => stage.goTo(index)} />
          {root.isSummary ? <Heard general={general} trace={trace} /> : null}
          <p class="hint">
            Each line is a majority over what was said and what is below it. Enter goes to the message.
          </p>
        </>
      )}
    </>
  );
}

function valueCount(events: readonly { readonly kind: string }[]): number {
  return events.reduce(
    (sum, event) =>
      'message' in event ? sum + (event.message as { entries: unknown[] }).entries.length : sum,
    0,
  );
}

/** Where the tree shows the last phase alone: all that the general was told. */
function Heard({ general, trace }: { readonly general: string; readonly trace: Trace }) {
  const heard = messagesOf(trace).filter(
    ({ index, event: { message } }) =>
      index <= stage.place.value && message.counts && [general, everyone].includes(message.to),
  );
  return (
    <details open={heard.length <= heardMax}>
      <summary>
        all that {general} was told: {counted(heard.length, 'message')}
      </summary>
      <ul class="statements">
        {heard.map(({ index, event }) => (
          <li key={index}>
            <span class="faint">phase {event.message.phase}:</span>{' '}
            <button type="button" class="link" onClick={() => stage.goTo(index)}>
              {messageSentence(event.message)}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Messages that stand open. */
const heardMax = 8;
