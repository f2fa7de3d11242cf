/**
 * A tuple space as a sequential object, for the calls of one window: the tuples that stand, oldest first. Holds and times to live are not
 * in it.
 */
import { matches, type Template } from '../../template.js';
import type { ReadOperation, TakeOperation, WriteOperation } from '../history.js';
import type { Life } from '../lives.js';
import type { Model } from './search.js';

/** Places of the window's tuples in its list of lives; oldest first. */
export type Standing = readonly number[];

/** What a call does to the state: the state after it, or undefined where its answer is not possible. */
export type Effect = (standing: Standing) => Standing | undefined;

export const spaceModel: Model<Standing, Effect> = {
  initial: [],
  step: (standing, effect) => effect(standing),
  keyOf: (standing) => standing.join(','),
};

export class EffectBuilder {
  readonly #places: ReadonlyMap<bigint, number>;
  readonly #lives: readonly Life[];

  /** @param lives the tuples of the window */
  constructor(lives: readonly Life[]) {
    this.#lives = lives;
    this.#places = new Map(
      lives.flatMap(({ id }, place) => (id === undefined ? [] : [[id, place] as const])),
    );
  }

  write(operation: WriteOperation): Effect {
    const { outcome, request } = operation;
    const isIn = this.#wanted(request.unless === undefined ? [] : [request.unless]);
    const added = this.#lives.flatMap((life, place) => (life.write.op === operation.op ? [place] : []));
    if (outcome.kind === 'ok' && outcome.answer.kind === 'blocked') {
      const by = this.#placeOf(outcome.answer.by);
      return (standing) => (by !== undefined && standing.includes(by) && isIn(by) ? standing : undefined);
    }
    const isSure = outcome.kind === 'ok';
    return (standing) => {
      if (standing.some(isIn)) return isSure ? undefined : standing;
      return [...standing, ...added];
    };
  }

  read({ request, outcome }: ReadOperation): Effect {
    if (outcome.kind !== 'ok') return (standing) => standing;
    const isWanted = this.#wanted(request.templates);
    const { countOnly, limit = Number.POSITIVE_INFINITY } = request;
    const { answer } = outcome;
    if (countOnly) {
      return (standing) => (standing.filter(isWanted).length === answer.count ? standing : undefined);
    }
    const shown = answer.tuples.map((tuple) => this.#placeOf(tuple));
    return (standing) => (isStart(shown, standing.filter(isWanted), limit) ? standing : undefined);
  }

  take({ request, outcome }: TakeOperation): Effect {
    const isWanted = this.#wanted(request.templates);
    const { max = 1, min = 1 } = request;
    const taken = (standing: Standing) => {
      const found = standing.filter(isWanted);
      return found.length < min ? [] : found.slice(0, max);
    };
    const without = (standing: Standing, gone: Standing) =>
      gone.length === 0 ? standing : standing.filter((place) => !gone.includes(place));
    if (outcome.kind !== 'ok') return (standing) => without(standing, taken(standing));
    const got = outcome.answer.tuples.map((tuple) => this.#placeOf(tuple));
    return (standing) => {
      const due = taken(standing);
      return isStart(got, due, Number.POSITIVE_INFINITY) ? without(standing, due) : undefined;
    };
  }

  /** Undefined for one that is none of the window's. */
  #placeOf({ id, values }: { readonly id: bigint; readonly values: Life['values'] }): number | undefined {
    const known = this.#places.get(id);
    if (known !== undefined) return known;
    // The write that made it got no answer, so its id was not told.
    const place = this.#lives.findIndex((life) => life.id === undefined && sameValues(life, values));
    return place === -1 ? undefined : place;
  }

  #wanted(templates: readonly Template[]): (place: number) => boolean {
    const isWanted = this.#lives.map(({ values }) => templates.some((template) => matches(template, values)));
    return (place) => isWanted[place] === true;
  }
}

/** True when `shown` is the start of `found` up to `limit`. */
function isStart(shown: readonly (number | undefined)[], found: Standing, limit: number): boolean {
  return shown.length === Math.min(found.length, limit) && shown.every((place, i) => place === found[i]);
}

function sameValues({ values }: Life, others: Life['values']): boolean {
  return values.length === others.length && values.every((value, i) => value === others[i]);
}
