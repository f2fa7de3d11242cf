/**
 * The steps of one caller that are about spaces and tokens, and about what people may know of a space.
 */
import { checkEnrol, checkPageLimit, checkToken, checkTokenHash } from '../../checks-admin.js';
import { checkInteger, checkSpaceName } from '../../checks-field.js';
import { checkTemplate } from '../../checks-template.js';
import type * as Api from '../../space.js';
import type { CallerGate } from './caller-gate.js';
import type { Callers } from './callers.js';
import { checkBound, checkKind, foundersOf, orchestrators } from './callers.js';
import type { Spaces } from './spaces.js';

export interface AdminStepsOptions {
  readonly gate: CallerGate;
  readonly callers: Callers;
  readonly spaces: Spaces;
}

export class AdminSteps {
  readonly #gate: CallerGate;
  readonly #callers: Callers;
  readonly #spaces: Spaces;

  constructor({ gate, callers, spaces }: AdminStepsOptions) {
    this.#gate = gate;
    this.#callers = callers;
    this.#spaces = spaces;
  }

  /** Throws what `putSpace` would be refused with before it has any effect, but not for want of a right. */
  checkPutSpace(request: Api.PutSpaceRequest): void {
    checkSpaceName(request.space);
    this.#spaces.checkSettings(request.settings);
    this.#gate.identify();
  }

  putSpace(request: Api.PutSpaceRequest, options?: Api.CallOptions): Api.PutSpaceAnswer {
    const name = checkSpaceName(request.space);
    return this.#gate.recording({ operation: 'manage', space: name }, () => {
      const caller = this.#gate.identifyAs(foundersOf(name), `put the space "${name}"`, options);
      checkBound(caller, name);
      const answer = this.#spaces.put(name, request.settings, caller.id);
      // How much has happened in a space is for those to know who may read it.
      return this.#spaces.get(name).isOpenTo(caller) ? answer : { ...answer, revision: 0n };
    });
  }

  /** The spaces that the caller may know all of. */
  listSpaces(request: Api.ListSpacesRequest, options?: Api.CallOptions): Api.ListSpacesAnswer {
    const caller = this.#gate.identify(options);
    const { prefix = '', afterSpace = '' } = request;
    return this.#spaces.list({
      limit: checkPageLimit(request.limit),
      isWanted: (name) =>
        name.startsWith(prefix) &&
        name > afterSpace &&
        (caller.space === undefined || caller.space === name) &&
        this.#spaces.get(name).isOpenTo(caller),
    });
  }

  dropSpace(request: { readonly space: string }, options?: Api.CallOptions): void {
    this.#gate.recording({ operation: 'drop', space: request.space }, () => {
      const { space, caller } = this.#gate.enter(request.space, options);
      this.#gate.checkEpoch(caller);
      space.checkDrop(caller);
      this.#spaces.drop(request.space);
    });
  }

  explain(request: Api.ExplainRequest, options?: Api.CallOptions): Api.ExplainAnswer {
    const { space, caller } = this.#gate.enter(request.space, options);
    this.#gate.checkEpoch(caller);
    return space.explain(checkTemplate(request.template, 'template', space.limits), caller);
  }

  readAudit(request: Api.ReadAuditRequest, options?: Api.CallOptions): Api.ReadAuditAnswer {
    const { space, caller } = this.#gate.enter(request.space, options);
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
    this.#spaces.checkOpen();
    return this.#callers.enrol(checkEnrol(request));
  }

  putToken(request: Api.PutTokenRequest, options?: Api.CallOptions): void {
    this.#gate.recording({ operation: 'manage', space: request.caller?.space ?? '' }, () => {
      this.#gate.identifyAs(orchestrators, 'put tokens', options);
      this.#callers.put(checkToken(request));
    });
  }

  revokeToken(request: { readonly tokenHash: string }, options?: Api.CallOptions): void {
    this.#gate.recording({ operation: 'manage', space: '' }, () => {
      this.#gate.identifyAs(orchestrators, 'revoke tokens', options);
      this.#callers.revoke(checkTokenHash(request.tokenHash));
    });
  }
}
