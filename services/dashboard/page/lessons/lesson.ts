/**
 * What a lesson is: rounds of the core, with captions at certain moments. Data over the same player that shows every round.
 */
import type {
  GeneralId,
  Mode,
  ProtocolName,
  RoundPlan,
  Setting,
  TraitorSpec,
  Vote,
} from '../../../consensus/index.js';
import { defaultMode, generalIds } from '../../../consensus/index.js';
import { simulatedTrace, type Trace } from '../../../record/index.js';

export interface Lesson {
  /** In links; kebab case. */
  readonly name: string;
  readonly title: string;
  /** One sentence: what is learnt. */
  readonly summary: string;
  readonly round: LessonRound;
  /** In the order of their moments. */
  readonly steps: readonly LessonStep[];
  /** What the round comes to; a test holds the lesson to it. */
  readonly claim: {
    readonly isPromised: boolean;
    readonly agreement: 'kept' | 'broken';
    readonly validity: 'kept' | 'broken';
  };
}

export interface LessonRound {
  readonly protocol: ProtocolName;
  readonly mode?: Mode;
  readonly isCouncil?: boolean;
  readonly generalCount: number;
  readonly faultCount: number;
  readonly order: Vote;
  readonly inputs?: Readonly<Record<GeneralId, Vote>>;
  readonly traitors: readonly TraitorSpec[];
  readonly seed: number;
  /** Loyal generals that are not heard: what they leave out. */
  readonly lost?: readonly TraitorSpec[];
}

export interface LessonStep {
  readonly at: LessonMoment;
  /** One or two sentences. */
  readonly text: string;
  /** Whose vote tree is open. */
  readonly why?: GeneralId;
}

export type LessonMoment =
  | 'start'
  | 'end'
  /** A message; the first that fits. */
  | { readonly phase: number; readonly from: GeneralId; readonly to?: GeneralId }
  | { readonly decision: GeneralId }
  | { readonly close: number };

export function planOf(round: LessonRound): RoundPlan {
  const generals = generalIds(round.generalCount);
  const setting: Setting = {
    protocol: round.protocol,
    mode: round.mode ?? defaultMode(round.protocol),
    isCouncil: round.isCouncil ?? false,
    generals,
    commander: generals[0] ?? '',
    traitorsMax: round.faultCount,
  };
  const { order, traitors, seed, inputs } = round;
  return {
    setting,
    order,
    traitors,
    seed,
    ...(inputs === undefined ? {} : { inputs: new Map(Object.entries(inputs)) }),
  };
}

export function traceOfLesson({ round }: Lesson): Trace {
  return simulatedTrace(planOf(round), round.lost === undefined ? {} : { lost: round.lost });
}

/** Index of the event of a moment. Errors: a plain one when the round has no such moment, which is a bug of the lesson. */
export function placeOf(moment: LessonMoment, { events }: Trace): number {
  const found = events.findIndex((event) => {
    if (moment === 'start') return event.kind === 'started';
    if (moment === 'end') return event.kind === 'ended';
    if ('decision' in moment) return event.kind === 'decision' && event.general === moment.decision;
    if ('close' in moment) return event.kind === 'closed' && event.phase === moment.close;
    if (event.kind !== 'message') return false;
    const { phase, from, to } = event.message;
    return phase === moment.phase && from === moment.from && (moment.to === undefined || to === moment.to);
  });
  if (found < 0) throw new Error(`the lesson names a moment that there is not: ${JSON.stringify(moment)}`);
  return found;
}
