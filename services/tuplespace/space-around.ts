/**
 * A `TupleSpace` around another one, for what is the same for every call: counting, tracing, a token that must be good.
 */
import type * as space from './space.js';

/** The calls that are answered once. */
export type CallName = Exclude<keyof space.TupleSpace, 'watch'>;

/** What is told of a call. */
export interface CallFacts {
  readonly name: CallName;
  /** The space that it is about; undefined for calls about none. */
  readonly space: string | undefined;
  /** How long it was asked to wait, in ms. */
  readonly waitMs: number;
  readonly options: space.CallOptions;
}

/** Both make the call inside, with options of their choice. */
export interface Around {
  call<Answer>(facts: CallFacts, inside: (options: space.CallOptions) => Promise<Answer>): Promise<Answer>;
  watch(
    facts: Pick<CallFacts, 'space' | 'options'>,
    inside: (options: space.CallOptions) => AsyncIterable<space.WatchFrame>,
  ): AsyncIterable<space.WatchFrame>;
}

export class SpaceAround implements space.TupleSpace {
  readonly #inner: () => space.TupleSpace;
  readonly #around: Around;

  /** `inner` is asked whenever a call is made. */
  constructor(inner: () => space.TupleSpace, around: Around) {
    this.#inner = inner;
    this.#around = around;
  }

  write(request: space.WriteRequest, options?: space.CallOptions) {
    return this.#call('write', request, options, (given) => this.#inner().write(request, given));
  }

  read(request: space.ReadRequest, options?: space.CallOptions) {
    return this.#call('read', request, options, (given) => this.#inner().read(request, given));
  }

  take(request: space.TakeRequest, options?: space.CallOptions) {
    return this.#call('take', request, options, (given) => this.#inner().take(request, given));
  }

  settle(request: space.SettleRequest, options?: space.CallOptions) {
    return this.#call('settle', request, options, (given) => this.#inner().settle(request, given));
  }

  lease(request: space.LeaseRequest, options?: space.CallOptions) {
    return this.#call('lease', request, options, (given) => this.#inner().lease(request, given));
  }

  watch(request: space.WatchRequest, options: space.CallOptions = {}) {
    const facts = { space: request.space, options };
    return this.#around.watch(facts, (given) => this.#inner().watch(request, given));
  }

  putSpace(request: space.PutSpaceRequest, options?: space.CallOptions) {
    return this.#call('putSpace', request, options, (given) => this.#inner().putSpace(request, given));
  }

  listSpaces(request: space.ListSpacesRequest, options?: space.CallOptions) {
    return this.#call('listSpaces', {}, options, (given) => this.#inner().listSpaces(request, given));
  }

  dropSpace(request: { readonly space: string }, options?: space.CallOptions) {
    return this.#call('dropSpace', request, options, (given) => this.#inner().dropSpace(request, given));
  }

  explain(request: space.ExplainRequest, options?: space.CallOptions) {
    return this.#call('explain', request, options, (given) => this.#inner().explain(request, given));
  }

  getInfo(options?: space.CallOptions) {
    return this.#call('getInfo', {}, options, (given) => this.#inner().getInfo(given));
  }

  readAudit(request: space.ReadAuditRequest, options?: space.CallOptions) {
    return this.#call('readAudit', request, options, (given) => this.#inner().readAudit(request, given));
  }

  enrol(request: space.EnrolRequest, options?: space.CallOptions) {
    return this.#call('enrol', {}, options, (given) => this.#inner().enrol(request, given));
  }

  putToken(request: space.PutTokenRequest, options?: space.CallOptions) {
    return this.#call('putToken', {}, options, (given) => this.#inner().putToken(request, given));
  }

  revokeToken(request: { readonly tokenHash: string }, options?: space.CallOptions) {
    return this.#call('revokeToken', {}, options, (given) => this.#inner().revokeToken(request, given));
  }

  #call<Answer>(
    name: CallName,
    request: { readonly space?: string; readonly waitMs?: number },
    options: space.CallOptions = {},
    inside: (options: space.CallOptions) => Promise<Answer>,
  ): Promise<Answer> {
    return this.#around.call({ name, space: request.space, waitMs: request.waitMs ?? 0, options }, inside);
  }
}
