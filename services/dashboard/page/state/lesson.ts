/**
 * Taking a lesson: its round on the stage, and which caption stands. As a quiz, it asks what a general will decide before it says so.
 */
import { computed, signal } from '@preact/signals';
import type { GeneralId, Vote } from '../../../consensus/index.js';
import type { Lesson } from '../lessons/lesson.js';
import { placeOf } from '../lessons/lesson.js';
import { explained, isQuiz, stage, subject } from './app.js';

/** Of the caption that was gone to. */
export const step = signal(0);
/** What was foretold, by the number of the caption that tells it. */
const foretold = signal<ReadonlyMap<number, Vote>>(new Map());

/** Undefined where no lesson is taken. */
export const lesson = computed<Lesson | undefined>(() =>
  subject.value.kind === 'lesson' ? subject.value.lesson : undefined,
);

/** Whose decision is asked for in place of the caption. */
export const asked = computed<GeneralId | undefined>(() =>
  isQuiz.value && !foretold.value.has(step.value) ? deciderAt(step.value) : undefined,
);

/** What was foretold at the caption that stands, and how many decisions were and rightly so. */
export const answers = computed(() => {
  const given = [...foretold.value].map(([number, vote]) => ({
    number,
    vote,
    isRight: vote === voteAt(number),
  }));
  return {
    now: given.find(({ number }) => number === step.value),
    count: given.length,
    rightCount: given.filter(({ isRight }) => isRight).length,
  };
});

/** From its first caption, with nothing foretold. */
export function beginLesson(): void {
  foretold.value = new Map();
  goToStep(0);
}

/** Shows a caption, the moment that it is about, and the tree that it speaks of; or what comes before them, and the question. */
export function goToStep(number: number): void {
  const [taken, trace] = [lesson.value, stage.trace.value];
  const next = taken?.steps[number];
  if (next === undefined || trace === undefined) return;
  step.value = number;
  stage.pause();
  const place = placeOf(next.at, trace);
  const isAsked = asked.value !== undefined;
  stage.goTo(isAsked ? place - 1 : place);
  if (isAsked) explained.value = undefined;
  else if (next.why !== undefined) explained.value = next.why;
}

export function foretell(vote: Vote): void {
  foretold.value = new Map([...foretold.value, [step.value, vote]]);
  goToStep(step.value);
}

export function setQuiz(isOn: boolean): void {
  isQuiz.value = isOn;
  goToStep(step.value);
}

function deciderAt(number: number): GeneralId | undefined {
  const at = lesson.value?.steps[number]?.at;
  return typeof at === 'object' && 'decision' in at ? at.decision : undefined;
}

function voteAt(number: number): Vote | undefined {
  const general = deciderAt(number);
  const event = stage.trace.value?.events.find((one) => one.kind === 'decision' && one.general === general);
  return event?.kind === 'decision' ? event.vote : undefined;
}
