/**
 * What is shown: a round as far as its events are known, and the place that the player has gone to.
 */
import { computed, signal } from '@preact/signals';
import type { Moment, TraceEvent } from '../../../record/index.js';
import { endOf, RoundFold, traceOf } from '../../../record/index.js';
import { everyFrame } from '../browser.js';
import { lastPlace, partFrom, stepFrom, stepMs } from './player.js';

export class Stage {
  readonly events = signal<readonly TraceEvent[]>([]);
  /** Index of the last event that is shown as past. */
  readonly place = signal(0);
  /** The place sticks to the newest event. */
  readonly isFollowing = signal(true);
  readonly isPlaying = signal(false);
  readonly speed = signal(1);
  readonly trace = computed(() => traceOf(this.events.value));
  readonly ended = computed(() => (this.trace.value === undefined ? undefined : endOf(this.trace.value)));
  readonly current = computed(() => this.events.value[this.place.value]);
  #fold: RoundFold | undefined;
  #moments: Moment[] = [];
  #stopPlaying = (): void => {};

  /** Another round. */
  clear(events: readonly TraceEvent[] = []): void {
    this.pause();
    this.#fold = undefined;
    this.#moments = [];
    this.events.value = events;
    this.place.value = 0;
    this.isFollowing.value = true;
    if (events.length > 0) this.place.value = lastPlace(events);
  }

  /** What happened next. */
  add(events: readonly TraceEvent[]): void {
    this.events.value = [...this.events.value, ...events];
    if (this.isFollowing.value) this.place.value = lastPlace(this.events.value);
  }

  /** All generals after the event at an index. The first time O(what the cores make of the events up to it). */
  momentAt(index: number): Moment | undefined {
    const { started } = this.trace.value ?? {};
    if (started === undefined) return undefined;
    this.#fold ??= new RoundFold(started);
    for (let next = this.#moments.length; next <= index; next += 1) {
      const event = this.events.value[next];
      if (event === undefined) break;
      this.#moments.push(this.#fold.take(event));
    }
    return this.#moments[index];
  }

  goTo(place: number): void {
    const last = lastPlace(this.events.value);
    this.place.value = Math.max(0, Math.min(place, last));
    // Who goes back looks around; who goes to the end of a running round wants to see what comes.
    this.isFollowing.value = this.place.value === last;
  }

  step(by: 1 | -1): void {
    this.goTo(stepFrom(this.events.value, this.place.value, by));
  }

  part(by: 1 | -1): void {
    this.goTo(partFrom(this.events.value, this.place.value, by));
  }

  toStart(): void {
    this.goTo(0);
  }

  toEnd(): void {
    this.goTo(lastPlace(this.events.value));
  }

  toggle(): void {
    if (this.isPlaying.value) this.pause();
    else this.play();
  }

  /** From the place, or from the start when it is the end. */
  play(): void {
    if (this.place.value >= lastPlace(this.events.value)) this.toStart();
    this.isPlaying.value = true;
    this.isFollowing.value = false;
    let dueMs = 0;
    this.#stopPlaying();
    this.#stopPlaying = everyFrame((passedMs) => {
      dueMs += passedMs * this.speed.value;
      for (; dueMs >= stepMs && this.isPlaying.value; dueMs -= stepMs) this.#advance();
    });
  }

  pause(): void {
    this.#stopPlaying();
    this.isPlaying.value = false;
  }

  #advance(): void {
    this.step(1);
    if (this.place.value >= lastPlace(this.events.value)) this.pause();
  }
}
