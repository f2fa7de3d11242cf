/**
 * The steps of one caller. Each identifies the caller, finds the space, checks what the caller may do and what it sent, and then makes
 * one step of the space; all of that is synchronous, and so one step itself.
 */
import type { Caller, CallerKind } from '../../caller.js';
import { checkEnrol, checkPageLimit, checkToken, checkTokenHash } from '../../checks-admin.js';
import { checkInteger, checkSpaceName } from '../../checks-field.js';
import {
  checkCursor,
  checkLease,
  checkRead,
  checkRequestId,
  checkSettle,
  checkTake,
  checkWrite,
} from '../../checks-request.js';
import { checkTemplate, checkTemplates } from '../../checks-template.js';
import type { CheckedTuple } from '../../checks-tuple.js';
import type * as Api from '../../space.js';
import type { BlockedCall } from './blocked-call.js';
import type { Call, UncheckedCall } from './call.js';
import { checkBound, checkKind, founders, orchestrators, writers } from './callers.js';
import type { Machine } from './machine.js';
import type { Reach } from './reach.js';
import type { MemorySpace } from './space.js';
import type { PatientTake } from './takes.js';
import type { OpenFeed, Watch } from './watch.js';

export class Steps {
  readonly #machine: Machine;
  readonly #tokenHash: string | undefined;

  constructor(machine: Machine, tokenHash: string | undefined) {
    this.#machine = machine;
    this.#tokenHash = tokenHash;
  }

  /**
   * Throws what a call would be refused with before it has any effect, as far as the state says now. Returns how far its search reaches,
   * where it searches.
   */
  check(call: UncheckedCall): Reach | undefined {
    const requestId = call.request.requestId && checkRequestId(call.request.requestId);
    switch (call.kind) {
      case 'write': {
        const { space, caller } = this.#enterAs(writers, 'write', call.request.space);
        const { unless } = checkWrite(call.request, space.limits);
        return unless && space.reachOf([unless], { caller, requestId, max: 1, includeHeld: true });
      }
      case 'take': {
        const { space, take, call: made } = this.#enterTake(call.request);
        return space.reachOf(take.templates, { ...made, max: take.max, includeHeld: false });
      }
      case 'settle':
        checkSettle(call.request, this.#enterAs(writers, 'settle', call.request.space).space.limits);
        return undefined;
      case 'lease':
        checkLease(call.request, this.#enterAs(writers, 'lease', call.request.space).space.limits);
        return undefined;
    }
  }

  write(request: Api.WriteRequest, options?: Api.CallOptions): Api.WriteAnswer {
    const { space, caller } = this.#enter(request.space, options);
    checkKind(caller, writers, 'write');
    const write = checkWrite(request, space.limits);
    this.#checkEpoch(caller, space, write.tuples);
    return space.write(write, this.#call(caller, request, options));
  }

  /** Promises where the call waits. */
  read(request: Api.ReadRequest, options?: Api.CallOptions): Api.ReadAnswer | Promise<Api.ReadAnswer> {
    const { space, caller } = this.#enter(request.space, options);
    this.#machine.callers.checkEpoch(caller);
    return space.read(
      checkRead(request, space.limits),
      this.#call(caller, { space: request.space }, options),
    );
  }

  /** Promises where the call waits. */
  take(request: Api.TakeRequest, options?: Api.CallOptions): Api.TakeAnswer | Promise<Api.TakeAnswer> {
    const { space, take, call } = this.#enterTake(request, options);
    return space.takes.take(take, call);
  }

  /** A take that does not wait: what it got, or how many matches are missing, of which nothing is recorded. */
  tryTake(request: Api.TakeRequest): Api.TakeAnswer | number {
    const { space, take, call } = this.#enterTake(request);
    return space.takes.tryTake(take, call);
  }

  settle(request: Api.SettleRequest, options?: Api.CallOptions): Api.SettleAnswer {
    const { space, caller } = this.#enter(request.space, options);
    checkKind(caller, writers, 'settle');
    const action = checkSettle(request, space.limits);
    this.#checkEpoch(caller, space, action.kind === 'commit' ? action.tuples : []);
    return space.settle(request.holdToken, action, this.#call(caller, request, options));
  }

  lease(request: Api.LeaseRequest, options?: Api.CallOptions): Api.LeaseAnswer {
    const { space, caller } = this.#enter(request.space, options);
    checkKind(caller, writers, 'lease');
    this.#machine.callers.checkEpoch(caller);
    return space.lease(checkLease(request, space.limits), this.#call(caller, request, options));
  }

  openFeed(request: Api.WatchRequest, watch: Watch): OpenFeed {
    const { space } = this.#enter(request.space);
    const templates = checkTemplates(request.templates, 0, space.limits);
    const feed = space.openFeed(watch, { templates, from: checkCursor(request.from) });
    return { feed, close: () => space.closeFeed(watch) };
  }

  /** As `check`, for the settings of a space. */
  checkPutSpace(request: Api.PutSpaceRequest): void {
    checkSpaceName(request.space);
    this.#machine.spaces.checkSettings(request.settings);
    this.identify();
  }

  putSpace(request: Api.PutSpaceRequest, options?: Api.CallOptions): Api.PutSpaceAnswer {
    const caller = this.identify(options);
    const name = checkSpaceName(request.space);
    checkBound(caller, name);
    checkKind(caller, founders, 'put a space');
    return this.#machine.spaces.put(name, request.settings, caller.id);
  }

  listSpaces(request: Api.ListSpacesRequest, options?: Api.CallOptions): Api.ListSpacesAnswer {
    const caller = this.identify(options);
    const { prefix = '', afterSpace = '' } = request;
    return this.#machine.spaces.list({
      limit: checkPageLimit(request.limit),
      isWanted: (name) =>
        name.startsWith(prefix) && name > afterSpace && (caller.space === undefined || caller.space === name),
    });
  }

  dropSpace(request: { readonly space: string }, options?: Api.CallOptions): void {
    const { space, caller } = this.#enter(request.space, options);
    this.#machine.callers.checkEpoch(caller);
    if (caller.id !== space.options.creator) checkKind(caller, orchestrators, "drop another's space");
    this.#machine.spaces.drop(request.space);
  }

  explain(request: Api.ExplainRequest, options?: Api.CallOptions): Api.ExplainAnswer {
    const { space, caller } = this.#enter(request.space, options);
    this.#machine.callers.checkEpoch(caller);
    return space.explain(checkTemplate(request.template, 'template', space.limits));
  }

  readAudit(request: Api.ReadAuditRequest, options?: Api.CallOptions): Api.ReadAuditAnswer {
    const { space, caller } = this.#enter(request.space, options);
    checkKind(caller, orchestrators, 'read the audit');
    const afterSequence = checkInteger(request.afterSequence, 'afterSequence', {
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
      fallback: 0,
    });
    return space.readAudit(afterSequence, checkPageLimit(request.limit));
  }

  /** The one call that no token is needed for, nor looked at. */
  enrol(request: Api.EnrolRequest, options?: Api.CallOptions): Api.EnrolAnswer {
    options?.signal?.throwIfAborted();
    this.#machine.spaces.checkOpen();
    return this.#machine.callers.enrol(checkEnrol(request));
  }

  putToken(request: Api.PutTokenRequest, options?: Api.CallOptions): void {
    checkKind(this.identify(options), orchestrators, 'put tokens');
    this.#machine.callers.put(checkToken(request));
  }

  revokeToken(request: { readonly tokenHash: string }, options?: Api.CallOptions): void {
    checkKind(this.identify(options), orchestrators, 'revoke tokens');
    this.#machine.callers.revoke(checkTokenHash(request.tokenHash));
  }

  #enterAs(kinds: readonly CallerKind[], act: string, name: string): { space: MemorySpace; caller: Caller } {
    const entered = this.#enter(name);
    checkKind(entered.caller, kinds, act);
    return entered;
  }

  /** Begins the wait of a take that is made elsewhere. Errors: resource_exhausted. */
  awaitTake(
    request: Api.TakeRequest,
    wait: Omit<PatientTake, 'admit'>,
  ): { space: MemorySpace; blocked: BlockedCall<Api.TakeAnswer> } {
    const { space, take, call } = this.#enterTake(request);
    return { space, blocked: space.takes.awaitTake(take, { ...wait, admit: call.admit }) };
  }

  /** Begins every take. */
  #enterTake(request: Api.TakeRequest, options?: Api.CallOptions) {
    const { space, caller } = this.#enter(request.space, options);
    checkKind(caller, writers, 'take');
    this.#machine.callers.checkEpoch(caller);
    return { space, take: checkTake(request, space.limits), call: this.#call(caller, request, options) };
  }

  /** Begins every call: refuses one that was given up, a store that is down, and a token that is not good. */
  identify({ signal }: Api.CallOptions = {}): Caller {
    signal?.throwIfAborted();
    this.#machine.spaces.checkOpen();
    return this.#machine.callers.identify(this.#tokenHash);
  }

  /** Begins a call on one space. */
  #enter(name: string, options?: Api.CallOptions): { space: MemorySpace; caller: Caller } {
    const caller = this.identify(options);
    checkBound(caller, checkSpaceName(name));
    return { space: this.#machine.spaces.get(name), caller };
  }

  /** Throws once the caller may no longer be in a space. */
  admit(name: string): void {
    const caller = this.identify();
    checkBound(caller, name);
    this.#machine.callers.checkEpoch(caller);
  }

  /** As `checkEpoch`, and puts the write that is refused into the audit. */
  #checkEpoch(caller: Caller, space: MemorySpace, [first]: readonly CheckedTuple[]): void {
    try {
      this.#machine.callers.checkEpoch(caller);
    } catch (error) {
      if (first !== undefined) space.auditEpoch(caller, first);
      throw error;
    }
  }

  #call(
    caller: Caller,
    { space, requestId }: { readonly space: string; readonly requestId?: Api.RequestId },
    options: Api.CallOptions | undefined,
  ): Call {
    return {
      caller,
      admit: () => this.admit(space),
      requestId: requestId && checkRequestId(requestId),
      signal: options?.signal,
    };
  }
}
