/**
 * What the round came to: each property with its sentence, and the step that decided it.
 */
import type { Judgement } from '../../../consensus/index.js';
import { outcomeWord, propertiesOf, refusalWords, statusWord } from '../../../record/index.js';
import { stage } from '../state/app.js';
import { lesson } from '../state/lesson.js';
import { settledAt } from '../state/settled.js';
import { Panel } from './panel.js';

export function VerdictPanel() {
  const ended = stage.ended.value;
  const trace = stage.trace.value;
  const isAtEnd = stage.current.value?.kind === 'ended';
  return (
    <Panel id="verdict" title="Verdict">
      {trace === undefined ? (
        <p class="faint">When a round has ended, it says here what held and why.</p>
      ) : lesson.value !== undefined && !isAtEnd ? (
        <p class="faint">It stands at the end of the lesson.</p>
      ) : ended === undefined ? (
        <p class="faint">The round runs; it is judged when it is over.</p>
      ) : ended.verdict === undefined ? (
        <>
          <p class="outcome unknown">CANCELLED</p>
          <p>Nothing is judged. The reason that was given: {ended.cancelledBecause ?? 'none'}.</p>
        </>
      ) : (
        <>
          <p class={`outcome ${outcomeClass(outcomeWord(ended.verdict))}`}>{outcomeWord(ended.verdict)}</p>
          <p>
            <b>{ended.verdict.bound.rule}</b> · {ended.verdict.bound.numbers} ·{' '}
            {ended.verdict.isWithin ? 'inside: all of it is promised' : 'outside: nothing is promised'}
          </p>
          <dl class="properties">
            {propertiesOf(ended.verdict).map(({ name, judgement }) => (
              <Property key={name} name={name} judgement={judgement} />
            ))}
          </dl>
          {ended.verdict.lost.length === 0 ? null : (
            <p>Lost or late, and counted as faults: {ended.verdict.lost.join(', ')}.</p>
          )}
          {refusalWords(ended.refusals ?? []).map((words) => (
            <p key={words}>The space refused {words}.</p>
          ))}
        </>
      )}
    </Panel>
  );
}

function Property({ name, judgement }: { readonly name: string; readonly judgement: Judgement }) {
  const trace = stage.trace.value;
  const place = trace === undefined ? undefined : settledAt(trace, judgement);
  return (
    <div class={`property ${judgement.status}`}>
      <dt>
        <span class="icon" aria-hidden="true">
          {icons[judgement.status]}
        </span>
        {name} <b>{statusWord(judgement)}</b>
      </dt>
      <dd>
        {judgement.because}
        {place === undefined ? null : (
          <>
            {' '}
            <button type="button" class="link" onClick={() => stage.goTo(place)}>
              show when
            </button>
          </>
        )}
      </dd>
    </div>
  );
}

const icons: Readonly<Record<Judgement['status'], string>> = {
  holds: '✓',
  violated: '✗',
  not_promised: '≈',
  unknown: '?',
};

function outcomeClass(word: string): string {
  return { PASS: 'holds', VIOLATED: 'violated' }[word] ?? 'unknown';
}
