/**
 * Taking a lesson: its round on the stage, and which caption stands.
 */
import { computed, signal } from '@preact/signals';
import type { Lesson } from '../lessons/lesson.js';
import { placeOf } from '../lessons/lesson.js';
import { explained, stage, subject } from './app.js';

/** Of the caption that was gone to. */
export const step = signal(0);

/** Undefined where no lesson is taken. */
export const lesson = computed<Lesson | undefined>(() =>
  subject.value.kind === 'lesson' ? subject.value.lesson : undefined,
);

/** Shows a caption, the moment that it is about, and the tree that it speaks of. */
export function goToStep(number: number): void {
  const [taken, trace] = [lesson.value, stage.trace.value];
  const next = taken?.steps[number];
  if (next === undefined || trace === undefined) return;
  step.value = number;
  stage.pause();
  stage.goTo(placeOf(next.at, trace));
  if (next.why !== undefined) explained.value = next.why;
}
