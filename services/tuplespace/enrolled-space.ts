/**
 * The spaces as a caller sees them who has enrolled, and who enrols again when the service knows its token no more: the service has lost
 * its memory, or the token is over. A call that was refused for that had no effect, so it is made again under the new token.
 */
import { ServiceError } from '../runtime/index.js';
import type { Connect, Connection } from './connect.js';
import type { CallOptions, EnrolRequest } from './space.js';
import { type Around, SpaceAround } from './space-around.js';

export interface EnrolledOptions {
  readonly connect: Connect;
  readonly enrol: EnrolRequest;
  /** Told that there is a new token, before any call is made with it. */
  readonly onForgotten: () => void;
}

/** Errors: those of enrol, which later calls may fail with too. */
export async function connectEnrolled(options: EnrolledOptions): Promise<Connection> {
  const first = await enter(options);
  const enrolled = new Enrolled(first, options);
  return { space: new SpaceAround(() => enrolled.space, enrolled), close: () => enrolled.close() };
}

/** A connection under one token. */
interface Standing {
  readonly connection: Connection;
  callCount: number;
}

class Enrolled implements Around {
  readonly #options: EnrolledOptions;
  #standing: Standing;
  #entering: Promise<void> | undefined;

  constructor(connection: Connection, options: EnrolledOptions) {
    this.#options = options;
    this.#standing = { connection, callCount: 0 };
  }

  get space() {
    return this.#standing.connection.space;
  }

  close(): Promise<void> {
    return this.#standing.connection.close();
  }

  async call<Answer>(
    { options }: { readonly options: CallOptions },
    inside: (options: CallOptions) => Promise<Answer>,
  ): Promise<Answer> {
    const standing = this.#enter();
    try {
      return await inside(options);
    } catch (error) {
      await this.#enrolAgain(standing, error, options);
    } finally {
      this.#leave(standing);
    }
    return inside(options);
  }

  /** One that has begun is the caller's to resume, as after any other loss. */
  async *watch<Frame>(
    { options }: { readonly options: CallOptions },
    inside: (options: CallOptions) => AsyncIterable<Frame>,
  ): AsyncGenerator<Frame, void, undefined> {
    const standing = this.#enter();
    let hasBegun = false;
    try {
      for await (const frame of inside(options)) {
        hasBegun = true;
        yield frame;
      }
      return;
    } catch (error) {
      await this.#enrolAgain(standing, error, options);
      if (hasBegun) throw new ServiceError('unavailable', 'the token of the watch is over', { cause: error });
    } finally {
      this.#leave(standing);
    }
    yield* inside(options);
  }

  #enter(): Standing {
    this.#standing.callCount += 1;
    return this.#standing;
  }

  /** A connection whose token is over is closed when nothing is under way on it. */
  #leave(standing: Standing): void {
    standing.callCount -= 1;
    if (standing !== this.#standing && standing.callCount === 0) void standing.connection.close();
  }

  /** Of several calls that are refused at once the first enrols. Errors: the given one where that does not help. */
  async #enrolAgain(refused: Standing, error: unknown, { signal }: CallOptions): Promise<void> {
    if (!(error instanceof ServiceError) || error.code !== 'unauthenticated') throw error;
    if (refused === this.#standing) {
      this.#entering ??= this.#renew().finally(() => {
        this.#entering = undefined;
      });
      await this.#entering;
    }
    signal?.throwIfAborted();
  }

  async #renew(): Promise<void> {
    const connection = await enter(this.#options);
    this.#standing = { connection, callCount: 0 };
    this.#options.onForgotten();
  }
}

async function enter({ connect, enrol }: EnrolledOptions): Promise<Connection> {
  const door = connect('');
  try {
    const { token } = await door.space.enrol(enrol);
    return connect(token);
  } finally {
    await door.close();
  }
}
