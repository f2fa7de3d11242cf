/**
 * Frames of one watch that have come and were not asked for yet. The service's pace keeps it small (see WatchedFrames in the contract).
 */

export class WatchInbox {
  readonly #frames: Buffer[] = [];
  #end: { readonly reason: unknown } | undefined;
  #wake = (): void => {};

  push(frame: Buffer): void {
    this.#frames.push(frame);
    this.#wake();
  }

  /** What has come is still handed out; then `next` rejects with the reason. */
  end(reason: unknown): void {
    this.#end ??= { reason };
    this.#wake();
  }

  /** Nothing more is handed out. */
  abort(reason: unknown): void {
    this.#frames.length = 0;
    this.end(reason);
  }

  async next(): Promise<Buffer> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      if (this.#end !== undefined) throw this.#end.reason;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
