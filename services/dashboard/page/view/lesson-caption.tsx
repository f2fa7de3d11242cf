/**
 * The caption of a lesson, with its way forward and back; in a quiz the question that comes before it.
 */
import { useRef } from 'preact/hooks';
import type { Vote } from '../../../consensus/index.js';
import { counted } from '../../../record/index.js';
import { lessons } from '../lessons/index.js';
import type { Lesson } from '../lessons/lesson.js';
import { planOf } from '../lessons/lesson.js';
import { isQuiz, isWritable, openLesson, startRequest } from '../state/app.js';
import { answers, asked, beginLesson, foretell, goToStep, setQuiz, step } from '../state/lesson.js';
import { requestOfPlan } from '../state/requests.js';

export function LessonCaption({ lesson }: { readonly lesson: Lesson }) {
  const number = Math.min(step.value, lesson.steps.length - 1);
  const now = lesson.steps[number];
  const next = lessons[lessons.indexOf(lesson) + 1];
  const isLast = number === lesson.steps.length - 1;
  const isAsked = asked.value !== undefined;
  const forward = useRef<HTMLButtonElement>(null);
  return (
    <div class="caption">
      <p aria-live="polite">
        {isAsked ? (
          `What will ${asked.value} decide, after all that it has heard?`
        ) : (
          <>
            <Answered isLast={isLast} />
            {now?.text}
          </>
        )}
      </p>
      <div class="caption-buttons">
        <button type="button" aria-disabled={number === 0} onClick={() => goToStep(number - 1)}>
          Back
        </button>
        <span class="count">
          {number + 1} / {lesson.steps.length}
        </span>
        {isAsked ? (
          <Choice
            onChoice={(vote) => {
              foretell(vote);
              forward.current?.focus();
            }}
          />
        ) : null}
        {isLast ? null : (
          <button
            type="button"
            class={isAsked ? '' : 'primary'}
            aria-disabled={isAsked}
            ref={forward}
            onClick={() => (isAsked ? undefined : goToStep(number + 1))}
          >
            Next
          </button>
        )}
        {isLast && next !== undefined ? (
          <button
            type="button"
            class="primary"
            onClick={() => {
              openLesson(next);
              beginLesson();
            }}
          >
            Next lesson: {next.title}
          </button>
        ) : null}
        {isLast && isWritable.value && lesson.round.lost === undefined ? (
          <button
            type="button"
            class="quiet"
            onClick={() => void startRequest(requestOfPlan(planOf(lesson.round)))}
          >
            Run it on the services
          </button>
        ) : null}
        <label class="check">
          <input
            type="checkbox"
            checked={isQuiz.value}
            onChange={({ currentTarget }) => setQuiz(currentTarget.checked)}
          />
          <span>ask me first</span>
        </label>
      </div>
    </div>
  );
}

function Choice({ onChoice }: { readonly onChoice: (vote: Vote) => void }) {
  return (
    <>
      {(['Attack', 'Retreat'] as const).map((vote) => (
        <button key={vote} type="button" class={vote} onClick={() => onChoice(vote)}>
          {vote}
        </button>
      ))}
    </>
  );
}

/** What became of the answer that was given here; at the end, of all of them. */
function Answered({ isLast }: { readonly isLast: boolean }) {
  const { now, count, rightCount } = answers.value;
  if (!isQuiz.value) return null;
  if (now?.isRight === true) return <b class="foretold">✓ {now.vote}, as you said. </b>;
  if (now !== undefined) return <b class="false">✗ Not {now.vote}. </b>;
  if (!isLast || count === 0) return null;
  return (
    <b>
      You foretold {rightCount} of {counted(count, 'decision')}.{' '}
    </b>
  );
}
