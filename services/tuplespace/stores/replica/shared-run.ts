/**
 * A task that many ask for and that runs once at a time. Who asks gets a run that begins afterwards: one under way has begun too early
 * to have seen what the caller has, so those that come meanwhile share the next.
 */
export class SharedRun {
  readonly #task: () => Promise<void>;
  #next: Promise<void> | undefined;
  #underWay: Promise<void> = Promise.resolve();

  constructor(task: () => Promise<void>) {
    this.#task = task;
  }

  /** Resolves when a run that began after this call has ended. Errors: those of the task. */
  run(): Promise<void> {
    this.#next ??= this.#underWay
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        this.#underWay = this.#task();
        return this.#underWay;
      });
    return this.#next;
  }
}
