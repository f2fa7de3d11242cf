/**
 * The state machine of a store: its spaces and its callers. The memory store is one, driven by calls; a replica of another store is
 * one, driven by the log. Deterministic: the same steps at the same times, with the same random texts, make the same state.
 */
import { limitCeilings, type SpaceLimits } from '../../limits.js';
import type { StoreFigures } from '../../metrics.js';
import { AdminSteps } from './admin-steps.js';
import { CallerGate } from './caller-gate.js';
import { Callers } from './callers.js';
import { partsOf } from './dump-parts.js';
import type { Pace } from './pace.js';
import { Restoration, recordsOf } from './restoration.js';
import { Spaces } from './spaces.js';
import { Steps } from './steps.js';

export interface MachineOptions {
  /** Limits of spaces whose settings say nothing. */
  readonly limits: SpaceLimits;
  /** How far a space's settings may raise them; default `limitCeilings`. */
  readonly ceilings?: SpaceLimits;
  /** Events that a space keeps for watches to resume from, where its settings say nothing; default 100,000. */
  readonly historyMax?: number;
  /** Canonical bytes of the tuples in those events; default 256 MiB. */
  readonly historyBytesMax?: number;
  /** Refused writes that a space keeps; default 10,000. */
  readonly auditMax?: number;
  /** Default 10,000. */
  readonly spacesMax?: number;
  /** Default 100,000. */
  readonly tokensMax?: number;
  /** What `enrol` asks for; undefined: anyone may enrol. */
  readonly enrolmentSecret?: string | undefined;
  /** Whether calls without a token are let in; default true. */
  readonly isAnonymousAllowed?: boolean;
}

export interface MachineDrive {
  readonly pace: Pace;
  /** A new random text of 32 characters or more. */
  readonly randomText: () => string;
  /** A new token for who enrols; only stores that enrol inside the machine need it. */
  readonly createToken?: () => string;
  /** See `StateBounds`. */
  readonly areEffectsGuarded: boolean;
}

export class Machine {
  readonly spaces: Spaces;
  readonly callers: Callers;
  readonly pace: Pace;
  readonly #tally = { expiredHoldCount: 0 };

  constructor(options: MachineOptions, { pace, randomText, createToken, areEffectsGuarded }: MachineDrive) {
    const { limits, ceilings = limitCeilings, historyMax = 100_000, auditMax = 10_000 } = options;
    this.pace = pace;
    this.spaces = new Spaces({
      pace,
      randomText,
      defaults: { limits, ceilings, historyMax },
      bounds: {
        historyBytesMax: options.historyBytesMax ?? 256 * 1024 * 1024,
        auditMax,
        areEffectsGuarded,
        tally: this.#tally,
      },
      spacesMax: options.spacesMax ?? 10_000,
    });
    this.callers = new Callers({
      enrolmentSecret: options.enrolmentSecret,
      isAnonymousAllowed: options.isAnonymousAllowed ?? true,
      tokensMax: options.tokensMax ?? 100_000,
      nowMs: () => pace.time.nowMs(),
      hasSpace: (name) => this.spaces.has(name),
      createToken,
    });
  }

  /** The steps of the caller with the token of this hash on tuples; undefined: no token. */
  steps(tokenHash: string | undefined): Steps {
    return new Steps({ gate: this.gate(tokenHash), spaces: this.spaces });
  }

  /** Its steps that are about spaces and tokens. */
  adminSteps(tokenHash: string | undefined): AdminSteps {
    return new AdminSteps({ gate: this.gate(tokenHash), callers: this.callers, spaces: this.spaces });
  }

  /** What identifies it, and records what it is refused. */
  gate(tokenHash: string | undefined): CallerGate {
    return new CallerGate({ callers: this.callers, spaces: this.spaces, tokenHash });
  }

  /** What stands in all spaces together. O(spaces). */
  figures(): StoreFigures {
    return { ...this.spaces.figures(), ...this.#tally };
  }

  /** The state, in parts of some 256 KiB; nothing may be done to the machine until all are drawn. Equal states give equal parts. */
  *dump(): Generator<Uint8Array> {
    // What is due ends in the next step of its space, which another machine may have made already.
    this.spaces.expire();
    yield* partsOf(recordsOf(this));
  }

  /** Takes over the state of a dump; of the options only the bounds count for what stands. Errors: failed_precondition. */
  async restore(parts: AsyncIterable<Uint8Array>): Promise<void> {
    const restoration = new Restoration(this);
    for await (const part of parts) restoration.take(part);
    restoration.finish();
  }

  /** As `restore`, in one go. */
  restoreNow(parts: Iterable<Uint8Array>): void {
    const restoration = new Restoration(this);
    for (const part of parts) restoration.take(part);
    restoration.finish();
  }
}
