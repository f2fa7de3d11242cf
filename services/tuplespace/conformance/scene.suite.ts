/**
 * A scene: the callers and spaces of one check. Spaces are new in each, so that checks do not see each other.
 */
import { randomUUID } from 'node:crypto';
import type { Caller, CallerKind } from '../caller.js';
import { createToken, hashToken } from '../caller.js';
import type { Policy } from '../policy/policy.js';
import type { SpaceSettings, TupleSpace } from '../space.js';
import { Place } from './place.suite.js';
import type { ConformanceSubject, OpenSubject } from './subject.suite.js';

export interface SceneOptions {
  /** Opens another subject, for checks that stop it. */
  readonly openAnother: OpenSubject;
  /** Of the scene's places; undefined: none. */
  readonly policy: Policy | undefined;
}

export class Scene {
  readonly subject: ConformanceSubject;
  /** May do everything. */
  readonly orchestrator: TupleSpace;
  /** Opens another subject, for checks that stop it. */
  readonly openAnother: OpenSubject;
  readonly #settings: SpaceSettings;
  readonly #watched: Place[] = [];

  private constructor(
    subject: ConformanceSubject,
    orchestrator: TupleSpace,
    { openAnother, policy }: SceneOptions,
  ) {
    this.subject = subject;
    this.orchestrator = orchestrator;
    this.openAnother = openAnother;
    this.#settings = policy === undefined ? {} : { policy };
  }

  static async open(subject: ConformanceSubject, options: SceneOptions): Promise<Scene> {
    const { token } = await subject.as('').enrol({
      kind: 'orchestrator',
      id: 'orchestrator',
      secret: subject.enrolmentSecret,
    });
    return new Scene(subject, subject.as(token), options);
  }

  /** The suite's unit of time, in ms. */
  get unitMs(): number {
    return this.subject.unitMs;
  }

  /** Longer than any check takes, in ms: for what must not end by itself. */
  get longMs(): number {
    return 60_000;
  }

  /** Lets the store's time pass. */
  elapse(ms: number): Promise<void> {
    return this.subject.elapse(ms);
  }

  /** A new space, as its creator sees it: a client of its own, or the caller given. Its policy is the scene's, unless it has one. */
  async place(settings: SpaceSettings = {}, creator?: TupleSpace): Promise<Place> {
    const space = `check/${randomUUID()}`;
    const caller = creator ?? (await this.client());
    await caller.putSpace({ space, settings: { ...this.#settings, ...settings } });
    const place = new Place(caller, space, this.subject.patienceMs);
    this.#watched.push(place);
    return place;
  }

  /** Ends what the check's places still have under way. */
  async close(): Promise<void> {
    await Promise.all(this.#watched.map((place) => place.close()));
  }

  /** The spaces as a new client sees them. */
  async client(): Promise<TupleSpace> {
    return (await this.enrol('client')).as;
  }

  /** Enrols a new caller. */
  async enrol(
    kind: Exclude<CallerKind, 'general'>,
    id = `${kind}-${randomUUID()}`,
  ): Promise<{ token: string; caller: Caller; as: TupleSpace }> {
    const secret = this.subject.enrolmentSecret;
    const { token, caller } = await this.subject.as('').enrol({ kind, id, secret });
    return { token, caller, as: this.subject.as(token) };
  }

  /** The spaces as a caller sees them whose token the orchestrator puts. */
  async admit(caller: Caller): Promise<{ tokenHash: string; as: TupleSpace }> {
    const token = createToken();
    const tokenHash = hashToken(token);
    await this.orchestrator.putToken({ tokenHash, caller });
    return { tokenHash, as: this.subject.as(token) };
  }

  /** The spaces as a general with a seat in a space sees them. */
  async general(place: Place, seat: Partial<Caller> = {}): Promise<TupleSpace> {
    const caller: Caller = { kind: 'general', id: 'general-1', epoch: 1, space: place.space, ...seat };
    return (await this.admit(caller)).as;
  }
}
