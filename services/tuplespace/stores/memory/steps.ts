/**
 * The steps of one caller on tuples. Each identifies the caller, finds the space, checks what it sent, unless that was done, and what it
 * may do, and then makes one step of the space; all of that is synchronous, and so one step itself. Those that change something put what
 * they refuse into the audit, in the same step; what refuses to read leaves that to who drives the steps (`record`).
 */

import type { Caller } from '../../caller.js';
import { checkSpaceName } from '../../checks-field.js';
import {
  type CheckedLease,
  type CheckedTake,
  type CheckedWrite,
  checkCursor,
  checkLease,
  checkRead,
  checkRequestId,
  checkSettle,
  checkTake,
  checkWrite,
} from '../../checks-request.js';
import { checkTemplates } from '../../checks-template.js';
import type { SpaceLimits } from '../../limits.js';
import type * as Api from '../../space.js';
import type { BlockedCall } from './blocked-call.js';
import {
  type Call,
  type CheckedCall,
  CheckedRequest,
  type CheckedSettlement,
  type UncheckedCall,
} from './call.js';
import type { CallerGate } from './caller-gate.js';
import type { Reach } from './reach.js';
import type { MemorySpace } from './space.js';
import type { Spaces } from './spaces.js';
import type { PatientTake } from './takes.js';
import type { OpenFeed, Watch } from './watch.js';

export interface StepsOptions {
  readonly gate: CallerGate;
  readonly spaces: Spaces;
}

export class Steps {
  readonly #gate: CallerGate;
  readonly #spaces: Spaces;

  constructor({ gate, spaces }: StepsOptions) {
    this.#gate = gate;
    this.#spaces = spaces;
  }

  /**
   * Throws what a call would be refused with before it has any effect, as far as the state says now, but not for want of a right: that is
   * for the step to say, which puts it into the audit. Returns the call as it was checked, and how far its search reaches, where it
   * searches.
   */
  check(call: UncheckedCall): { readonly checked: CheckedCall; readonly reach: Reach | undefined } {
    const requestId = call.request.requestId && checkRequestId(call.request.requestId);
    const caller = this.#gate.identify();
    const name = checkSpaceName(call.request.space);
    const space = this.#spaces.get(name);
    space.checkPace(caller);
    const { limits } = space;
    const about = { space: name, requestId, limits };
    const { kind } = call;
    switch (kind) {
      case 'write': {
        const body = checkWrite(call.request, limits);
        const { unless } = body;
        const search = { caller, requestId, max: 1, includeHeld: true };
        const reach = unless && space.reachOf('read', [unless], search);
        return { checked: { kind, request: new CheckedRequest({ ...about, body }) }, reach };
      }
      case 'take': {
        const body = checkTake(call.request, limits);
        const search = { caller, requestId, max: body.max, includeHeld: false };
        const reach = space.reachOf('take', body.templates, search);
        return { checked: { kind, request: new CheckedRequest({ ...about, body }) }, reach };
      }
      case 'settle': {
        const body = settlementOf(call.request, limits);
        return { checked: { kind, request: new CheckedRequest({ ...about, body }) }, reach: undefined };
      }
      case 'lease': {
        const body = checkLease(call.request, limits);
        return { checked: { kind, request: new CheckedRequest({ ...about, body }) }, reach: undefined };
      }
    }
  }

  /** Whether what was checked need not be checked again. */
  isStillGood({ request: { space, limits } }: CheckedCall): boolean {
    return this.#spaces.has(space) && this.#spaces.get(space).limits === limits;
  }

  write(
    request: Api.WriteRequest | CheckedRequest<CheckedWrite>,
    options?: Api.CallOptions,
  ): Api.WriteAnswer {
    return this.#gate.recording({ operation: 'write', space: request.space }, (about) => {
      const { space, caller } = this.#gate.enter(request.space, options);
      const write = request instanceof CheckedRequest ? request.body : checkWrite(request, space.limits);
      about.tuple = write.tuples[0];
      this.#gate.checkWriter(caller, 'write');
      return space.write(write, this.#call(caller, request, options));
    });
  }

  /** Promises where the call waits. */
  read(request: Api.ReadRequest, options?: Api.CallOptions): Api.ReadAnswer | Promise<Api.ReadAnswer> {
    const { space, caller } = this.#gate.enter(request.space, options);
    this.#gate.checkEpoch(caller);
    return space.read(
      checkRead(request, space.limits),
      this.#call(caller, { space: request.space }, options),
    );
  }

  /** Promises where the call waits. */
  take(request: TakeOf, options?: Api.CallOptions): Api.TakeAnswer | Promise<Api.TakeAnswer> {
    return this.#gate.recording({ operation: 'take', space: request.space }, () => {
      const { space, take, call } = this.#enterTake(request, options);
      return space.takes.take(take, call);
    });
  }

  /** A take that does not wait: what it got, or how many matches are missing, of which nothing is recorded. */
  tryTake(request: TakeOf): Api.TakeAnswer | number {
    return this.#gate.recording({ operation: 'take', space: request.space }, () => {
      const { space, take, call } = this.#enterTake(request);
      return space.takes.tryTake(take, call);
    });
  }

  settle(
    request: Api.SettleRequest | CheckedRequest<CheckedSettlement>,
    options?: Api.CallOptions,
  ): Api.SettleAnswer {
    return this.#gate.recording({ operation: 'take', space: request.space }, (about) => {
      const { space, caller } = this.#gate.enter(request.space, options);
      const { holdToken, action } =
        request instanceof CheckedRequest ? request.body : settlementOf(request, space.limits);
      about.tuple = action.kind === 'commit' ? action.tuples[0] : undefined;
      this.#gate.checkWriter(caller, 'settle');
      return space.settle(holdToken, action, this.#call(caller, request, options));
    });
  }

  lease(
    request: Api.LeaseRequest | CheckedRequest<CheckedLease>,
    options?: Api.CallOptions,
  ): Api.LeaseAnswer {
    return this.#gate.recording({ operation: 'lease', space: request.space }, () => {
      const { space, caller } = this.#gate.enter(request.space, options);
      this.#gate.checkWriter(caller, 'lease');
      const lease = request instanceof CheckedRequest ? request.body : checkLease(request, space.limits);
      return space.lease(lease, this.#call(caller, request, options));
    });
  }

  openFeed(request: Api.WatchRequest, watch: Watch): OpenFeed {
    const { space, caller } = this.#gate.enter(request.space);
    const templates = checkTemplates(request.templates, 0, space.limits);
    const feed = space.openFeed(watch, { caller, templates, from: checkCursor(request.from) });
    return { feed, close: () => space.closeFeed(watch) };
  }

  /** Throws once the caller may no longer watch; asked before each frame. */
  admitWatch({ space: name, templates }: Api.WatchRequest): void {
    const caller = this.#gate.admit(name);
    if (this.#spaces.has(name)) this.#spaces.get(name).admitWatch(caller, templates);
  }

  /** Begins the wait of a take that is made elsewhere. Errors: resource_exhausted. */
  awaitTake(
    request: Api.TakeRequest,
    wait: Omit<PatientTake, 'admit' | 'caller'>,
  ): { space: MemorySpace; blocked: BlockedCall<Api.TakeAnswer> } {
    const { space, take, call } = this.#enterTake(request);
    const { caller, admit } = call;
    return { space, blocked: space.takes.awaitTake(take, { ...wait, caller, admit }) };
  }

  /** Begins every take. */
  #enterTake(request: TakeOf, options?: Api.CallOptions) {
    const { space, caller } = this.#gate.enter(request.space, options);
    this.#gate.checkWriter(caller, 'take');
    const take = request instanceof CheckedRequest ? request.body : checkTake(request, space.limits);
    return { space, take, call: this.#call(caller, request, options) };
  }

  #call(
    caller: Caller,
    { space, requestId }: { readonly space: string; readonly requestId?: Api.RequestId | undefined },
    options: Api.CallOptions | undefined,
  ): Call {
    return {
      caller,
      admit: () => this.#gate.admit(space),
      requestId: requestId && checkRequestId(requestId),
      signal: options?.signal,
    };
  }
}

type TakeOf = Api.TakeRequest | CheckedRequest<CheckedTake>;

function settlementOf(request: Api.SettleRequest, limits: SpaceLimits): CheckedSettlement {
  const action = checkSettle(request, limits);
  return { holdToken: request.holdToken, action };
}
