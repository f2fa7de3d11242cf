/**
 * The lessons that can be taken.
 */
import { goToStage } from '../browser.js';
import { lessons } from '../lessons/index.js';
import { openLesson } from '../state/app.js';
import { beginLesson, lesson } from '../state/lesson.js';
import { Panel } from './panel.js';

export function LessonList() {
  return (
    <Panel id="lessons" title="Lessons">
      <ol class="list numbered">
        {lessons.map((one) => (
          <li key={one.name}>
            <button
              type="button"
              class="row lesson"
              aria-current={lesson.value === one ? 'true' : undefined}
              onClick={() => {
                openLesson(one);
                beginLesson();
                goToStage();
              }}
            >
              <span>{one.title}</span>
              <span class="hint">{one.summary}</span>
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
