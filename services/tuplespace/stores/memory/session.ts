/**
 * The spaces as one caller sees them. Each call identifies the caller, finds the space, checks what the
 * caller may do and what it sent, and then makes one step of the space; all of that is synchronous, and so
 * one step itself.
 */
import type { Clock } from '../../../runtime/index.js';
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
import type { Call } from './call.js';
import { type Callers, checkBound, checkKind } from './callers.js';
import type { MemorySpace } from './space.js';
import type { Spaces } from './spaces.js';
import type { StoreTime } from './store-time.js';
import { Watch } from './watch.js';

export interface MemorySessionOptions {
  /** Undefined: no token. */
  readonly tokenHash: string | undefined;
  readonly callers: Callers;
  readonly spaces: Spaces;
  readonly clock: Clock;
  readonly time: StoreTime;
  readonly progressMs: number;
  readonly describe: () => Api.SpaceServiceInfo;
}

/** Callers that may change tuples; a viewer only reads. */
const writers: readonly CallerKind[] = ['orchestrator', 'node', 'general', 'client'];
/** Callers that may make spaces. */
const founders: readonly CallerKind[] = ['orchestrator', 'node', 'client'];
const orchestrators: readonly CallerKind[] = ['orchestrator'];

export class MemorySession implements Api.TupleSpace {
  readonly #options: MemorySessionOptions;

  constructor(options: MemorySessionOptions) {
    this.#options = options;
  }

  async write(request: Api.WriteRequest, options?: Api.CallOptions): Promise<Api.WriteAnswer> {
    const { space, caller } = this.#enter(request.space, options);
    checkKind(caller, writers, 'write');
    const write = checkWrite(request, space.limits);
    this.#checkEpoch(caller, space, write.tuples);
    return space.write(write, this.#call(caller, request, options));
  }

  async read(request: Api.ReadRequest, options?: Api.CallOptions): Promise<Api.ReadAnswer> {
    const { space, caller } = this.#enter(request.space, options);
    this.#options.callers.checkEpoch(caller);
    return space.read(
      checkRead(request, space.limits),
      this.#call(caller, { space: request.space }, options),
    );
  }

  async take(request: Api.TakeRequest, options?: Api.CallOptions): Promise<Api.TakeAnswer> {
    const { space, caller } = this.#enter(request.space, options);
    checkKind(caller, writers, 'take');
    this.#options.callers.checkEpoch(caller);
    return space.take(checkTake(request, space.limits), this.#call(caller, request, options));
  }

  async settle(request: Api.SettleRequest, options?: Api.CallOptions): Promise<Api.SettleAnswer> {
    const { space, caller } = this.#enter(request.space, options);
    checkKind(caller, writers, 'settle');
    const action = checkSettle(request, space.limits);
    this.#checkEpoch(caller, space, action.kind === 'commit' ? action.tuples : []);
    return space.settle(request.holdToken, action, this.#call(caller, request, options));
  }

  async lease(request: Api.LeaseRequest, options?: Api.CallOptions): Promise<Api.LeaseAnswer> {
    const { space, caller } = this.#enter(request.space, options);
    checkKind(caller, writers, 'lease');
    this.#options.callers.checkEpoch(caller);
    return space.lease(checkLease(request, space.limits), this.#call(caller, request, options));
  }

  watch(request: Api.WatchRequest, { signal }: Api.CallOptions = {}): AsyncIterable<Api.WatchFrame> {
    const { clock, time, progressMs } = this.#options;
    const open = (watch: Watch) => {
      const { space } = this.#enter(request.space);
      const templates = checkTemplates(request.templates, 0, space.limits);
      const feed = space.openFeed(watch, { templates, from: checkCursor(request.from) });
      return { feed, close: () => space.closeFeed(watch) };
    };
    const admit = () => this.#admit(request.space);
    const source = { open, admit, nowMs: () => time.nowMs(), clock, progressMs, signal };
    return { [Symbol.asyncIterator]: () => new Watch(source) };
  }

  async putSpace(request: Api.PutSpaceRequest, options?: Api.CallOptions): Promise<Api.PutSpaceAnswer> {
    const caller = this.#identify(options);
    const name = checkSpaceName(request.space);
    checkBound(caller, name);
    checkKind(caller, founders, 'put a space');
    return this.#options.spaces.put(name, request.settings, caller.id);
  }

  async listSpaces(request: Api.ListSpacesRequest, options?: Api.CallOptions): Promise<Api.ListSpacesAnswer> {
    const caller = this.#identify(options);
    const { prefix = '', afterSpace = '' } = request;
    return this.#options.spaces.list({
      limit: checkPageLimit(request.limit),
      isWanted: (name) =>
        name.startsWith(prefix) && name > afterSpace && (caller.space === undefined || caller.space === name),
    });
  }

  async dropSpace(request: { readonly space: string }, options?: Api.CallOptions): Promise<void> {
    const { space, caller } = this.#enter(request.space, options);
    this.#options.callers.checkEpoch(caller);
    if (caller.id !== space.options.creator) checkKind(caller, orchestrators, "drop another's space");
    this.#options.spaces.drop(request.space);
  }

  async explain(request: Api.ExplainRequest, options?: Api.CallOptions): Promise<Api.ExplainAnswer> {
    const { space, caller } = this.#enter(request.space, options);
    this.#options.callers.checkEpoch(caller);
    return space.explain(checkTemplate(request.template, 'template', space.limits));
  }

  async getInfo(options?: Api.CallOptions): Promise<Api.SpaceServiceInfo> {
    this.#identify(options);
    return this.#options.describe();
  }

  async readAudit(request: Api.ReadAuditRequest, options?: Api.CallOptions): Promise<Api.ReadAuditAnswer> {
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
  async enrol(request: Api.EnrolRequest, options?: Api.CallOptions): Promise<Api.EnrolAnswer> {
    options?.signal?.throwIfAborted();
    this.#options.spaces.checkOpen();
    return this.#options.callers.enrol(checkEnrol(request));
  }

  async putToken(request: Api.PutTokenRequest, options?: Api.CallOptions): Promise<void> {
    checkKind(this.#identify(options), orchestrators, 'put tokens');
    this.#options.callers.put(checkToken(request));
  }

  async revokeToken(request: { readonly tokenHash: string }, options?: Api.CallOptions): Promise<void> {
    checkKind(this.#identify(options), orchestrators, 'revoke tokens');
    this.#options.callers.revoke(checkTokenHash(request.tokenHash));
  }

  /** Begins every call: refuses one that was given up, a store that is down, and a token that is not good. */
  #identify({ signal }: Api.CallOptions = {}): Caller {
    signal?.throwIfAborted();
    this.#options.spaces.checkOpen();
    return this.#options.callers.identify(this.#options.tokenHash);
  }

  /** Begins a call on one space. */
  #enter(name: string, options?: Api.CallOptions): { space: MemorySpace; caller: Caller } {
    const caller = this.#identify(options);
    checkBound(caller, checkSpaceName(name));
    return { space: this.#options.spaces.get(name), caller };
  }

  /** Throws once the caller may no longer be in a space. */
  #admit(name: string): void {
    const caller = this.#identify();
    checkBound(caller, name);
    this.#options.callers.checkEpoch(caller);
  }

  /** As `checkEpoch`, and puts the write that is refused into the audit. */
  #checkEpoch(caller: Caller, space: MemorySpace, [first]: readonly CheckedTuple[]): void {
    try {
      this.#options.callers.checkEpoch(caller);
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
      admit: () => this.#admit(space),
      requestId: requestId && checkRequestId(requestId),
      signal: options?.signal,
    };
  }
}
