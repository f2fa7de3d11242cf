/**
 * What is shown: a round as far as its events are known, and the place that the player has gone to.
 */
import { computed, signal } from '@preact/signals';
import { idealSigning } from '../../../consensus/index.js';
import type { Moment, Started, TraceEvent } from '../../../record/index.js';
import { endOf, RoundFold, rerunning, traceOf } from '../../../record/index.js';
import { everyFrame } from '../browser.js';
import { lastPlace, partFrom, stepFrom, stepMs } from './player.js';
import { verifySignature } from './signatures.js';

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
  /** How it came about: on the services, or in this page by the core alone. */
  readonly origin = signal<'services' | 'core'>('services');
  #fold: RoundFold | undefined;
  #foldedCount = 0;
  #moments: Moment[] = [];
  #stopPlaying = (): void => {};

  /** Another round, as far as it is known. */
  show(events: readonly TraceEvent[], origin: 'services' | 'core'): void {
    this.pause();
    this.origin.value = origin;
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
    const events = this.events.value;
    // With signatures the record is the signers' memory, so that what is new in it may change what was.
    const isStale = started.setting.mode === 'signed' && this.#foldedCount < events.length;
    if (this.#fold === undefined || isStale) {
      this.#fold = this.#newFold(started, events);
      this.#moments = [];
      this.#foldedCount = events.length;
    }
    for (let next = this.#moments.length; next <= index; next += 1) {
      const event = events[next];
      if (event === undefined) break;
      this.#moments.push(this.#fold.take(event));
    }
    return this.#moments[index];
  }

  #newFold(started: Started, events: readonly TraceEvent[]): RoundFold {
    if (this.origin.value === 'core')
      return new RoundFold(started, (general) => idealSigning(general, 'simulated'));
    return new RoundFold(started, rerunning(events, started, verifySignature).signing);
  }

  goTo(place: number): void {
    const last = lastPlace(this.events.value);
    this.place.value = Math.max(0, Math.min(place, last));
    // Who goes back looks around; who goes to the end of a running round wants to see what comes.
    this.isFollowing.value = this.place.value === last;
  }

  /** By hand, which ends playing. */
  step(by: 1 | -1): void {
    this.pause();
    this.goTo(stepFrom(this.events.value, this.place.value, by));
  }

  part(by: 1 | -1): void {
    this.pause();
    this.goTo(partFrom(this.events.value, this.place.value, by));
  }

  toStart(): void {
    this.pause();
    this.goTo(0);
  }

  toEnd(): void {
    this.pause();
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
    this.goTo(stepFrom(this.events.value, this.place.value, 1));
    if (this.place.value >= lastPlace(this.events.value)) this.pause();
  }
}
