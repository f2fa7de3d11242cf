/**
 * What the address bar says is shown, beside the set-up of the next round. Pure.
 */
export interface Shown {
  readonly round?: number;
  /** Name of a lesson. */
  readonly lesson?: string;
  /** Index of an event; absent: the newest. */
  readonly place?: number;
  /** Whose decision is explained. */
  readonly why?: string;
  /** In a lesson, it is asked what a general will decide before it is shown. */
  readonly isQuiz?: boolean;
  /** What is changed in the fork beside it; see fork.ts. */
  readonly fork?: string;
}

export function shownOf(query: URLSearchParams): Shown {
  const round = numberOf(query.get('round'));
  const lesson = query.get('lesson') ?? undefined;
  const place = numberOf(query.get('at'));
  const why = query.get('why') ?? undefined;
  const fork = query.get('fork') ?? undefined;
  return {
    ...(round === undefined || round === 0 ? {} : { round }),
    ...(lesson === undefined ? {} : { lesson }),
    ...(place === undefined ? {} : { place }),
    ...(why === undefined ? {} : { why }),
    ...(fork === undefined ? {} : { fork }),
    ...(query.get('quiz') === '1' ? { isQuiz: true } : {}),
  };
}

/** The query of a set-up with what is shown added to it. */
export function withShown(
  query: URLSearchParams,
  { round, lesson, place, why, fork, isQuiz }: Shown,
): URLSearchParams {
  const whole = new URLSearchParams(query);
  const parts = { round, lesson, at: place, why, fork, quiz: isQuiz === true ? 1 : undefined };
  for (const [name, value] of Object.entries(parts)) if (value !== undefined) whole.set(name, String(value));
  return whole;
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
