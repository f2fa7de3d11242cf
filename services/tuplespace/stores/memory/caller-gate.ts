/**
 * The gate of the steps of one caller: who it is, where it may be at all, and where what it was refused is recorded. It knows no policy;
 * the spaces do.
 */
import type { Caller, CallerKind } from '../../caller.js';
import { checkSpaceName } from '../../checks-field.js';
import type { CheckedTuple } from '../../checks-tuple.js';
import type * as Api from '../../space.js';
import type { Callers } from './callers.js';
import { checkBound, checkKind, writers } from './callers.js';
import { type Refusal, Refused } from './refusal.js';
import type { MemorySpace } from './space.js';
import type { Spaces } from './spaces.js';

/** A refused act and the space that it named; empty: it named none. */
export interface SpaceRefusal extends Refusal {
  readonly space: string;
}

/** What an act is about, as far as it is known when it is refused. */
export interface About {
  readonly operation: Refusal['operation'];
  readonly space: string;
  tuple?: CheckedTuple | undefined;
}

export interface CallerGateOptions {
  readonly callers: Callers;
  readonly spaces: Spaces;
  /** Undefined: no token. */
  readonly tokenHash: string | undefined;
}

export class CallerGate {
  readonly #options: CallerGateOptions;

  constructor(options: CallerGateOptions) {
    this.#options = options;
  }

  /** Begins every call: refuses one that was given up, a store that is down, and a token that is not good. */
  identify({ signal }: Api.CallOptions = {}): Caller {
    const { spaces, callers, tokenHash } = this.#options;
    signal?.throwIfAborted();
    spaces.checkOpen();
    return callers.identify(tokenHash);
  }

  /** Begins a call on one space. */
  enter(name: string, options?: Api.CallOptions): { space: MemorySpace; caller: Caller } {
    const caller = this.identify(options);
    checkBound(caller, checkSpaceName(name));
    return { space: this.#options.spaces.get(name), caller };
  }

  /** Throws once the caller may no longer be in a space. */
  admit(name: string): Caller {
    const caller = this.identify();
    checkBound(caller, name);
    this.#options.callers.checkEpoch(caller);
    return caller;
  }

  checkEpoch(caller: Caller): void {
    this.#options.callers.checkEpoch(caller);
  }

  checkWriter(caller: Caller, act: string): void {
    checkKind(caller, writers, act);
    this.checkEpoch(caller);
  }

  identifyAs(kinds: readonly CallerKind[], act: string, options?: Api.CallOptions): Caller {
    const caller = this.identify(options);
    checkKind(caller, kinds, act);
    return caller;
  }

  /** Puts what was refused to this caller into the audit of the space that it named, or else of its own. */
  record({ space: name, ...refusal }: SpaceRefusal): void {
    const { callers, spaces, tokenHash } = this.#options;
    const caller = callers.identify(tokenHash);
    const space = [name, caller.space ?? ''].find((each) => spaces.has(each));
    if (space !== undefined) spaces.get(space).record(refusal, caller);
  }

  /** Makes a step that puts what it refuses into the audit. */
  recording<Result>(about: About, step: (about: About) => Result): Result {
    try {
      return step(about);
    } catch (error) {
      if (error instanceof Refused) this.record({ ...about, ...error.by });
      throw error;
    }
  }
}
