/**
 * The lessons teach what is so: each is run by the core, and comes to what it says.
 */
import { idealSigning } from '../../../consensus/index.js';
import { RoundFold, replayTrace, type Trace } from '../../../record/index.js';
import { voteLines } from '../state/vote-lines.js';
import { lessonNamed, lessons } from './index.js';
import { placeOf, planOf, traceOfLesson } from './lesson.js';

test('there are lessons, each with a name of its own', () => {
  expect(lessons.length).toBeGreaterThanOrEqual(6);
  expect(new Set(lessons.map(({ name }) => name)).size).toBe(lessons.length);
  for (const lesson of lessons) expect(lessonNamed(lesson.name)).toBe(lesson);
  expect(lessonNamed('nowhere')).toBeUndefined();
});

describe.each(lessons.map((lesson) => [lesson.name, lesson] as const))('%s', (_name, lesson) => {
  const trace = traceOfLesson(lesson);
  const ended = trace.events.at(-1);
  const verdict = ended?.kind === 'ended' ? ended.verdict : undefined;

  test('comes to what it claims', () => {
    const word = (status: string | undefined) => (status === 'violated' ? 'broken' : 'kept');
    expect({
      isPromised: verdict?.isWithin,
      agreement: word(verdict?.agreement.status),
      validity: word(verdict?.validity.status),
    }).toEqual(lesson.claim);
  });

  test('goes forward from step to step, from the start to the end', () => {
    const places = lesson.steps.map(({ at }) => placeOf(at, trace));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBe(trace.events.length - 1);
  });

  test('names generals that there are, and explains only those that have decided', () => {
    const { generals } = planOf(lesson.round).setting;
    for (const { why, at } of lesson.steps) {
      if (why === undefined) continue;
      expect(generals).toContain(why);
      expect(at).toEqual({ decision: why });
      const { recorded, root } = decisionIn(trace, why);
      expect(root?.value).toBe(recorded);
    }
  });

  test('has a decision that a quiz can ask for', () => {
    expect(lesson.steps.some(({ at }) => typeof at === 'object' && 'decision' in at)).toBe(true);
  });

  test('is a record that follows from itself', () => {
    expect(replayTrace(trace).mismatches).toEqual([]);
  });
});

/** What a general decided by the trace, and what its vote tree comes to at the end. */
function decisionIn(trace: Trace, general: string) {
  const fold = new RoundFold(trace.started, (id) => idealSigning(id, 'simulated'));
  for (const event of trace.events) fold.take(event);
  const own = fold.moment.get(general);
  const decided = trace.events.find((event) => event.kind === 'decision' && event.general === general);
  return {
    recorded: decided?.kind === 'decision' ? decided.vote : undefined,
    root: own === undefined ? undefined : voteLines(own, trace, trace.events.length - 1),
  };
}
