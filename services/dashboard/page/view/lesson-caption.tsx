/**
 * The caption of a lesson, with its way forward and back.
 */

import { lessons } from '../lessons/index.js';
import type { Lesson } from '../lessons/lesson.js';
import { planOf } from '../lessons/lesson.js';
import { isWritable, openLesson, startRequest } from '../state/app.js';
import { goToStep, step } from '../state/lesson.js';
import { requestOfPlan } from '../state/requests.js';

export function LessonCaption({ lesson }: { readonly lesson: Lesson }) {
  const number = Math.min(step.value, lesson.steps.length - 1);
  const now = lesson.steps[number];
  const next = lessons[lessons.indexOf(lesson) + 1];
  const isLast = number === lesson.steps.length - 1;
  return (
    <div class="caption">
      <p aria-live="polite">{now?.text}</p>
      <div class="caption-buttons">
        <button type="button" aria-disabled={number === 0} onClick={() => goToStep(number - 1)}>
          Back
        </button>
        <span class="count">
          {number + 1} / {lesson.steps.length}
        </span>
        {isLast ? null : (
          <button type="button" class="primary" onClick={() => goToStep(number + 1)}>
            Next
          </button>
        )}
        {isLast && next !== undefined ? (
          <button
            type="button"
            class="primary"
            onClick={() => {
              openLesson(next);
              goToStep(0);
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
      </div>
    </div>
  );
}
