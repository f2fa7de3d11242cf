/**
 * Every message in a table: the equal of the diagram, complete whatever the size of the round, with a filter.
 */
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { Fragment } from 'preact';
import { memo } from 'preact/compat';
import type { MessageWritten, TraceEntry } from '../../../record/index.js';
import { counted, messagesOf, pathWords, summaryOf } from '../../../record/index.js';
import { stage, tabled } from '../state/app.js';
import { everyMessage, type Filter, matching } from '../state/filter.js';
import { SelectField } from './fields.js';
import { Panel } from './panel.js';
import { useTime } from './use-time.js';

/** Rows at once. */
const pageRows = 100;
/** Values that stand open in a row; more are behind a summary. */
const openMax = 6;

export function MessageTable() {
  const filter = useSignal<Filter>(everyMessage);
  const page = useSignal(0);
  const rows = useComputed(() =>
    tabled.value === undefined ? [] : matching(messagesOf(tabled.value), filter.value),
  );
  // The page of the table goes with the player.
  useSignalEffect(() => {
    const at = rows.value.findLastIndex(({ index }) => index <= stage.place.value);
    page.value = Math.floor(Math.max(0, at) / pageRows);
  });
  const trace = tabled.value;
  if (trace === undefined) return null;
  const { setting, at } = trace.started;
  const pageCount = Math.max(1, Math.ceil(rows.value.length / pageRows));
  const first = Math.min(page.value, pageCount - 1) * pageRows;
  const generals = ['any', ...setting.generals].map((value) => ({ value, label: value }));
  return (
    <Panel
      id="messages"
      title="Messages"
      aside={<p class="faint">{counted(rows.value.length, 'message')}</p>}
    >
      <div class="filters">
        <SelectField
          label="General"
          value={filter.value.general}
          options={generals}
          onChange={(general) => (filter.value = { ...filter.value, general })}
        />
        <SelectField
          label="Phase"
          value={filter.value.phase}
          options={['any', ...phasesOf(trace.events)].map((value) => ({ value, label: value }))}
          onChange={(phase) => (filter.value = { ...filter.value, phase })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={filter.value.isFalseOnly}
            onChange={({ currentTarget }) =>
              (filter.value = { ...filter.value, isFalseOnly: currentTarget.checked })
            }
          />
          <span>false ones only</span>
        </label>
      </div>
      <section class="scroll tall" tabIndex={0} aria-label="Messages, in the order of the space">
        <table class="messages">
          <thead>
            <tr>
              <th scope="col" class="number">
                #
              </th>
              <th scope="col" class="number wide">
                ms
              </th>
              <th scope="col" class="number">
                phase
              </th>
              <th scope="col">from</th>
              <th scope="col">to</th>
              <th scope="col">said</th>
            </tr>
          </thead>
          <tbody>
            {rows.value.slice(first, first + pageRows).map(({ index, event }) => (
              <MessageRow key={index} index={index} event={event} startedAt={at} />
            ))}
          </tbody>
        </table>
      </section>
      {pageCount === 1 ? null : (
        <p class="pages">
          <button type="button" class="quiet" aria-disabled={page.value === 0} onClick={() => turn(-1)}>
            Earlier
          </button>
          <span>
            {first + 1} to {Math.min(rows.value.length, first + pageRows)}
          </span>
          <button
            type="button"
            class="quiet"
            aria-disabled={page.value >= pageCount - 1}
            onClick={() => turn(1)}
          >
            Later
          </button>
        </p>
      )}
    </Panel>
  );

  function turn(by: number): void {
    page.value = Math.max(0, Math.min(pageCount - 1, page.value + by));
  }
}

/** Made once: with a step of the player only the attributes of two rows of a hundred change. */
const MessageRow = memo(
  (props: { readonly index: number; readonly event: MessageWritten; readonly startedAt: string }) => {
    const { index, event, startedAt } = props;
    const { message, at } = event;
    const time = useTime(stage.place, index);
    const current = useComputed(() => (time.value === 'now' ? 'step' : undefined));
    return (
      <tr class={time} aria-current={current}>
        <td class="number">
          <button
            type="button"
            class="link"
            onClick={() => stage.goTo(index)}
            aria-label={`Go to message ${index}`}
          >
            {index}
          </button>
        </td>
        <td class="number wide">{Date.parse(at) - Date.parse(startedAt)}</td>
        <td class="number">{message.phase}</td>
        <td class="name">{message.from}</td>
        <td class="name">{message.to}</td>
        <td>
          <Said entries={message.entries} />
          {message.counts ? null : <b class="false"> does not count</b>}
        </td>
      </tr>
    );
  },
);

function phasesOf(events: readonly { readonly kind: string }[]): readonly string[] {
  const phases = new Set(
    events.flatMap((event) => ('message' in event ? [(event.message as { phase: number }).phase] : [])),
  );
  return [...phases].sort((one, other) => one - other).map(String);
}

function Said({ entries }: { readonly entries: readonly TraceEntry[] }) {
  const isOpen = useSignal(false);
  if (entries.length === 0) return <>nothing to say</>;
  if (entries.length <= openMax) return <Values entries={entries} />;
  return (
    <details
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{summaryOf(entries)}</summary>
      {isOpen.value ? <Values entries={entries} /> : null}
    </details>
  );
}

function Values({ entries }: { readonly entries: readonly TraceEntry[] }) {
  return (
    <>
      {entries.map((entry, i) => (
        <Fragment key={entry.path.join('>') + entry.vote}>
          {i === 0 ? '' : ', '}
          <Value entry={entry} />
        </Fragment>
      ))}
    </>
  );
}

function Value({ entry }: { readonly entry: TraceEntry }) {
  const { path, vote, isFalse } = entry;
  return (
    <>
      <span class={vote}>{vote}</span>
      {path.length < 2 ? null : <span class="faint"> ({pathWords(path.slice(0, -1))})</span>}
      {isFalse ? <span class="false"> ! false</span> : null}
    </>
  );
}
