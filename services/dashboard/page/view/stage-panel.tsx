/**
 * The stage: what is shown, the diagram and the player.
 */
import { eventSentence, protocolTitle, roundTitle, type Trace } from '../../../record/index.js';
import { cancel, isQuiz, isWritable, roundConnection, stage, subject } from '../state/app.js';
import { lesson } from '../state/lesson.js';
import { waitingFor } from '../state/waiting.js';
import { Diagram } from './diagram.js';
import { ForkEditor } from './fork-editor.js';
import { LessonCaption } from './lesson-caption.js';
import { Player } from './player.js';

export function StagePanel() {
  const trace = stage.trace.value;
  return (
    <section class={isQuiz.value ? 'panel stage quiz' : 'panel stage'} aria-labelledby="stage-title">
      <div class="panel-head">
        <h2 id="stage-title">{title(trace)}</h2>
        <StageStatus />
      </div>
      {trace === undefined ? <Waiting /> : <Shown trace={trace} />}
    </section>
  );
}

function Shown({ trace }: { readonly trace: Trace }) {
  return (
    <>
      {lesson.value === undefined ? (
        <p class="faint facts">{factsOf(trace)}</p>
      ) : (
        <LessonCaption lesson={lesson.value} />
      )}
      <Diagram trace={trace} stage={stage} isOutcomeTold={!isQuiz.value} />
      <WaitingLine trace={trace} />
      <Sentence />
      <Player stage={stage} />
      <ForkEditor />
      <p class="faint key">
        A = Attack, R = Retreat, ∅ = nothing came. A double line and ! mark a falsehood: a loyal general in
        its place would have said otherwise.
      </p>
    </>
  );
}

function title(trace: Trace | undefined): string {
  const shown = subject.value;
  if (shown.kind === 'nothing') return 'No round is shown';
  if (shown.kind === 'lesson') return `Lesson: ${shown.lesson.title}`;
  return `Round ${shown.number}${trace === undefined ? '' : `: ${protocolTitle(trace.started)}`}`;
}

function factsOf(trace: Trace): string {
  const { setting, order, inputs = {} } = trace.started;
  const dissent = Object.keys(inputs).length;
  const given = setting.isCouncil
    ? `everybody proposes ${order}${dissent === 0 ? '' : `, but for ${dissent}`}`
    : `${setting.commander} orders ${order}`;
  return `${roundTitle(trace)} · ${given}`;
}

/** While a round runs: whom it waits for, and for how long at most. */
function WaitingLine({ trace }: { readonly trace: Trace }) {
  if (stage.ended.value !== undefined || stage.origin.value === 'core') return null;
  const waiting = waitingFor(trace);
  if (waiting === undefined) return <p class="faint">Everybody has spoken; the decisions come in.</p>;
  const { phase, generals } = waiting;
  const most = trace.started.phaseMs.toLocaleString('en-US');
  return (
    <p class="faint">
      Phase {phase} waits for {generals.join(', ')}, for {most} ms at most.
    </p>
  );
}

/** What happened at this place, told to screen readers too when it is gone to by hand. */
function Sentence() {
  const event = stage.current.value;
  return (
    <p class="sentence" aria-live={stage.isPlaying.value || stage.isFollowing.value ? 'off' : 'polite'}>
      {event === undefined ? '' : eventSentence(event)}
    </p>
  );
}

function StageStatus() {
  if (subject.value.kind !== 'round') return null;
  const { number } = subject.value;
  const ended = stage.ended.value;
  const link = roundConnection.value;
  if (ended !== undefined) {
    return (
      <p class="stage-actions">
        <a class="quiet" href={`/api/rounds/${number}/trace.jsonl`} download={`round-${number}.trace.jsonl`}>
          Take the record
        </a>
      </p>
    );
  }
  return (
    <p class="stage-actions">
      <span class={`status ${link.kind}`} role="status">
        <span class="dot" aria-hidden="true" />
        {
          { connecting: 'connecting', live: 'running, live', lost: 'connection lost', refused: 'not there' }[
            link.kind
          ]
        }
      </span>
      {isWritable.value && link.kind === 'live' ? (
        <button type="button" class="quiet" onClick={() => void cancel(number)}>
          Cancel the round
        </button>
      ) : null}
    </p>
  );
}

function Waiting() {
  const link = roundConnection.value;
  if (subject.value.kind === 'nothing') {
    return (
      <div class="empty">
        <p>
          <b>Generals must agree, and some of them lie.</b>
        </p>
        <p>Set up a round and start it, open one that was run, or begin with a lesson.</p>
      </div>
    );
  }
  if (link.kind === 'refused') {
    return (
      <div class="empty">
        <p>
          <b>This round cannot be shown.</b>
        </p>
        <p>{link.because}.</p>
      </div>
    );
  }
  return (
    <div class="empty" role="status">
      <p>
        {link.kind === 'lost'
          ? 'The orchestrator does not answer; it is tried again.'
          : 'Asking for the round…'}
      </p>
    </div>
  );
}
