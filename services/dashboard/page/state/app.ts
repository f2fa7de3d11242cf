/**
 * The state of the whole page, and what a person can do with it. What is shown stands in the address bar, so that it can be sent to
 * somebody else.
 */
import { computed, effect, type Signal, signal } from '@preact/signals';
import type { TraceEvent } from '../../../record/index.js';
import type { About, FaultRequest, NodeFacts, RoundFacts, StartRound, SystemLine } from '../../wire.js';
import { currentQuery, freshId, goToStage, onReturn, showQuery, takeKey } from '../browser.js';
import { lessonNamed } from '../lessons/index.js';
import { type Lesson, traceOfLesson } from '../lessons/lesson.js';
import { type Shown, shownOf, withShown } from './address.js';
import { openStream, post, postRound, RefusedError } from './api.js';
import { type Connection, follow } from './following.js';
import { type Change, parseChange, printChange } from './fork.js';
import { oncePerFrame } from './frames.js';
import { defaultSetup, possible, priceOf, queryOf, requestOf, type Setup, setupOf } from './setup.js';
import { Stage } from './stage.js';
import { tablesOf } from './tables.js';

/** What the stage holds. */
export type Subject =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'round'; readonly number: number }
  | { readonly kind: 'lesson'; readonly lesson: Lesson };

export const about = signal<About | undefined>(undefined);
/** These are undefined until they are known. */
export const nodes = signal<readonly NodeFacts[] | undefined>(undefined);
export const rounds = signal<readonly RoundFacts[] | undefined>(undefined);
/** To the orchestrator as a whole, and to the round that is shown. */
export const connection = signal<Connection>({ kind: 'connecting' });
export const roundConnection = signal<Connection>({ kind: 'connecting' });
export const subject = signal<Subject>({ kind: 'nothing' });
export const stage = new Stage();
export const tabled = tablesOf(stage);
export const setup = signal<Setup | undefined>(undefined);
/** Whose vote tree is open. */
export const explained = signal<string | undefined>(undefined);
/** Lessons ask what a general will decide before they show it. */
export const isQuiz = signal(false);
/** What is changed in the fork beside the round. */
export const change = signal<Change | undefined>(undefined);
/** The last thing that went wrong when something was asked for. */
export const problem = signal<string | undefined>(undefined);
export const isStarting = signal(false);

let key: string | undefined;
const hasKey = signal(false);
/** Rounds can be started and nodes be broken from here. */
export const isWritable = computed(() => about.value?.isWritable === true && hasKey.value);

const standard = computed(() => (about.value === undefined ? undefined : defaultSetup(about.value)));
export const price = computed(() =>
  about.value === undefined || setup.value === undefined
    ? undefined
    : priceOf(setup.value, about.value.defaults),
);

let stopShown = new AbortController();
let wantedPlace: number | undefined;
let shownName = 'nothing ';

/** Once, when the page opens. */
export function begin(): void {
  key = takeKey();
  hasKey.value = key !== undefined;
  let isFirst = true;
  void follow({
    open: (signal) => openStream('/api/system', signal),
    onLines: (lines) => {
      for (const line of lines) take(JSON.parse(line) as SystemLine);
      if (isFirst) readAddress();
      isFirst = about.value === undefined;
    },
    onConnection: (now) => show(connection, now),
    isOver: () => false,
    signal: new AbortController().signal,
  });
  onReturn(readAddress);
  effect(writeAddress);
}

function take(line: SystemLine): void {
  switch (line.kind) {
    case 'about':
      about.value = line.about;
      break;
    case 'nodes':
      nodes.value = line.nodes;
      break;
    case 'rounds':
      rounds.value = line.rounds;
      break;
  }
}

export function edit(part: Partial<Setup>): void {
  if (setup.value !== undefined) setup.value = possible({ ...setup.value, ...part });
}

/** Starts the round that is set up and shows it. */
export async function start(): Promise<void> {
  if (setup.value === undefined) return;
  // The seed that was drawn stands in the address too, so that the link gives the same round.
  await startRequest(requestOf(setup.value));
}

export async function startRequest(request: StartRound): Promise<void> {
  isStarting.value = true;
  await attempt(async () => {
    const { number, record } = await postRound({ ...request, key: freshId() }, key);
    openRound(number, record);
    goToStage();
  });
  isStarting.value = false;
}

export async function fault(node: string, request: FaultRequest): Promise<void> {
  await attempt(() => post(`/api/nodes/${node}/fault`, request, key));
}

export async function cancel(number: number): Promise<void> {
  await attempt(() => post(`/api/rounds/${number}/cancel`, {}, key));
}

/** Shows the round of a lesson at its start. */
export function openLesson(lesson: Lesson): void {
  open({ kind: 'lesson', lesson }, traceOfLesson(lesson).events);
  stage.toStart();
}

/** Shows a round from its start, and follows it; `record` is its record where that is already coming. */
export function openRound(number: number, record?: ReadableStream<Uint8Array>): void {
  const events: TraceEvent[] = [];
  open({ kind: 'round', number }, []);
  const { signal } = stopShown;
  const draw = oncePerFrame<TraceEvent>(
    (fresh) => {
      stage.add(fresh);
      goToWanted();
    },
    { signal },
  );
  let coming = record;
  void follow({
    open: async (signal) => {
      const first = coming;
      coming = undefined;
      if (first !== undefined) return first;
      const last = events.at(-1);
      const from =
        last === undefined ? '' : `?from=${encodeURIComponent(`${last.incarnation}:${last.revision}`)}`;
      return openStream(`/api/rounds/${number}/trace.jsonl${from}`, signal);
    },
    onLines: (lines) => {
      const fresh = lines.map((line) => JSON.parse(line) as TraceEvent);
      events.push(...fresh);
      draw(fresh);
    },
    onConnection: (now) => show(roundConnection, now),
    isOver: () => events.at(-1)?.kind === 'ended',
    signal,
  });
}

function open(next: Subject, events: readonly TraceEvent[]): void {
  stopShown.abort();
  stopShown = new AbortController();
  problem.value = undefined;
  explained.value = undefined;
  change.value = undefined;
  wantedPlace = undefined;
  roundConnection.value = { kind: 'connecting' };
  stage.show(events, next.kind === 'round' ? 'services' : 'core');
  subject.value = next;
}

/** What the address bar asks for, at the start and when the browser goes back. */
function readAddress(): void {
  const query = currentQuery();
  if (standard.value === undefined) return;
  setup.value = setupOf(query, standard.value);
  const shown = shownOf(query);
  const lesson = lessonNamed(shown.lesson ?? '');
  if (shown.round !== undefined) openRound(shown.round);
  else if (lesson !== undefined) openLesson(lesson);
  else open({ kind: 'nothing' }, []);
  wantedPlace = shown.place;
  explained.value = shown.why;
  isQuiz.value = shown.isQuiz === true;
  change.value = parseChange(shown.fork ?? '');
  goToWanted();
}

/** The place that a link names, once it has happened. */
function goToWanted(): void {
  if (wantedPlace === undefined || stage.events.value.length <= wantedPlace) return;
  stage.goTo(wantedPlace);
  wantedPlace = undefined;
}

function writeAddress(): void {
  if (setup.value === undefined || standard.value === undefined) return;
  const shown = shownNow();
  const name = `${subject.value.kind} ${shown.round ?? shown.lesson ?? ''}`;
  showQuery(withShown(queryOf(setup.value, standard.value), shown), { isNew: name !== shownName });
  shownName = name;
}

function shownNow(): Shown {
  const now = subject.value;
  const what =
    now.kind === 'round' ? { round: now.number } : now.kind === 'lesson' ? { lesson: now.lesson.name } : {};
  const place = wantedPlace ?? (stage.isFollowing.value ? undefined : stage.place.value);
  const why = explained.value;
  const fork = change.value === undefined ? {} : { fork: printChange(change.value) };
  return {
    ...what,
    ...(place === undefined ? {} : { place }),
    ...(why === undefined ? {} : { why }),
    ...fork,
    ...(now.kind === 'lesson' && isQuiz.value ? { isQuiz: true } : {}),
  };
}

/** Says what went wrong instead of throwing it. */
async function attempt(action: () => Promise<unknown>): Promise<void> {
  problem.value = undefined;
  try {
    await action();
  } catch (error) {
    problem.value = error instanceof RefusedError ? error.message : 'the orchestrator does not answer';
  }
}

function show(target: Signal<Connection>, now: Connection): void {
  if (JSON.stringify(target.value) !== JSON.stringify(now)) target.value = now;
}
