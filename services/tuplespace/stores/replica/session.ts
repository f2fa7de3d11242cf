/**
 * The spaces of a replica as one caller sees them. What changes something goes through the log; what only reads waits until the replica
 * has applied all that was acknowledged before, and then reads its state.
 */
import { createToken, hashToken } from '../../caller.js';
import { checkEnrol, checkToken, checkTokenHash } from '../../checks-admin.js';
import type * as Api from '../../space.js';
import {
  type AdminSteps,
  type CallerGate,
  checkSecret,
  onAbort,
  RecordedReads,
  type SpaceRefusal,
  type Steps,
  type UncheckedCall,
  watchOf,
} from '../memory/index.js';
import type { Outcome } from './applier.js';
import type { Command } from './command.js';
import { LateWatch } from './late-watch.js';
import { PatientTake } from './patient-take.js';
import { PromptCall } from './prompt-call.js';
import type { Replica } from './replica.js';

export interface ReplicaSessionOptions {
  readonly replica: Replica;
  /** Undefined: no token. */
  readonly tokenHash: string | undefined;
  /** What `enrol` asks for; undefined: anyone may enrol. */
  readonly enrolmentSecret: string | undefined;
  readonly progressMs: number;
  readonly describe: () => Api.SpaceServiceInfo;
}

export class ReplicaSession implements Api.TupleSpace {
  readonly #options: ReplicaSessionOptions;
  readonly #reads = new RecordedReads((refusal) => this.#record(refusal));

  constructor(options: ReplicaSessionOptions) {
    this.#options = options;
  }

  write(request: Api.WriteRequest, options?: Api.CallOptions): Promise<Api.WriteAnswer> {
    return this.#make({ kind: 'write', request }, options) as Promise<Api.WriteAnswer>;
  }

  async read(request: Api.ReadRequest, options?: Api.CallOptions): Promise<Api.ReadAnswer> {
    await this.#ready(options, request.space);
    return this.#reads.call({ operation: 'read', space: request.space }, () =>
      this.#steps.read(request, options),
    );
  }

  take(request: Api.TakeRequest, options?: Api.CallOptions): Promise<Api.TakeAnswer> {
    if ((request.waitMs ?? 0) > 0) return this.#takePatiently(request, options);
    return this.#make({ kind: 'take', request }, options) as Promise<Api.TakeAnswer>;
  }

  settle(request: Api.SettleRequest, options?: Api.CallOptions): Promise<Api.SettleAnswer> {
    return this.#make({ kind: 'settle', request }, options) as Promise<Api.SettleAnswer>;
  }

  lease(request: Api.LeaseRequest, options?: Api.CallOptions): Promise<Api.LeaseAnswer> {
    return this.#make({ kind: 'lease', request }, options) as Promise<Api.LeaseAnswer>;
  }

  watch(request: Api.WatchRequest, { signal }: Api.CallOptions = {}): AsyncIterable<Api.WatchFrame> {
    const open = () => {
      const { pace } = this.#options.replica.machine;
      const { progressMs } = this.#options;
      return watchOf(request, { steps: this.#steps, pace, progressMs, signal })[Symbol.asyncIterator]();
    };
    const ready = async () => {
      await this.#ready({ signal }, request.space);
    };
    const frames = { [Symbol.asyncIterator]: () => new LateWatch(ready, open) };
    return this.#reads.watch({ operation: 'watch', space: request.space }, frames);
  }

  async putSpace(request: Api.PutSpaceRequest, options?: Api.CallOptions): Promise<Api.PutSpaceAnswer> {
    await this.#judge(() => this.#admin.checkPutSpace(request));
    return (await this.#submit({ kind: 'putSpace', request }, options)) as Api.PutSpaceAnswer;
  }

  async listSpaces(request: Api.ListSpacesRequest, options?: Api.CallOptions): Promise<Api.ListSpacesAnswer> {
    await this.#ready(options);
    return this.#admin.listSpaces(request, options);
  }

  async dropSpace(request: { readonly space: string }, options?: Api.CallOptions): Promise<void> {
    await this.#manage({ kind: 'dropSpace', request }, options);
  }

  async explain(request: Api.ExplainRequest, options?: Api.CallOptions): Promise<Api.ExplainAnswer> {
    await this.#ready(options, request.space);
    return this.#reads.call({ operation: 'read', space: request.space }, () =>
      this.#admin.explain(request, options),
    );
  }

  async getInfo(options?: Api.CallOptions): Promise<Api.SpaceServiceInfo> {
    await this.#ready(options);
    this.#gate.identify(options);
    return this.#options.describe();
  }

  async readAudit(request: Api.ReadAuditRequest, options?: Api.CallOptions): Promise<Api.ReadAuditAnswer> {
    await this.#ready(options, request.space);
    return this.#reads.call({ operation: 'manage', space: request.space }, () =>
      this.#admin.readAudit(request, options),
    );
  }

  async enrol(request: Api.EnrolRequest, options?: Api.CallOptions): Promise<Api.EnrolAnswer> {
    options?.signal?.throwIfAborted();
    const { kind, id, secret } = checkEnrol(request);
    checkSecret(secret, this.#options.enrolmentSecret);
    const token = createToken();
    const admitted = { tokenHash: hashToken(token), caller: { kind, id, epoch: 0 } };
    await this.#submit({ kind: 'admit', request: admitted }, options);
    return { token, caller: admitted.caller };
  }

  async putToken(request: Api.PutTokenRequest, options?: Api.CallOptions): Promise<void> {
    await this.#manage({ kind: 'putToken', request: checkToken(request) }, options);
  }

  async revokeToken(request: { readonly tokenHash: string }, options?: Api.CallOptions): Promise<void> {
    const checked = { tokenHash: checkTokenHash(request.tokenHash) };
    await this.#manage({ kind: 'revokeToken', request: checked }, options);
  }

  get #steps(): Steps {
    return this.#options.replica.machine.steps(this.#options.tokenHash);
  }

  get #admin(): AdminSteps {
    return this.#options.replica.machine.adminSteps(this.#options.tokenHash);
  }

  get #gate(): CallerGate {
    return this.#options.replica.machine.gate(this.#options.tokenHash);
  }

  /** Brings a refusal into the audit, through the log; the caller is told of it, whatever becomes of its record. */
  async #record(request: SpaceRefusal): Promise<void> {
    await this.#submit({ kind: 'record', request }).catch(() => {});
  }

  /** Makes a call of a caller with a good token. */
  async #manage(command: Omit<Command, 'tokenHash'>, options?: Api.CallOptions): Promise<unknown> {
    await this.#judge(() => this.#gate.identify());
    return this.#submit(command, options);
  }

  async #takePatiently(request: Api.TakeRequest, { signal }: Api.CallOptions = {}): Promise<Api.TakeAnswer> {
    const { replica, tokenHash } = this.#options;
    await this.#judge(() => this.#steps.check({ kind: 'take', request }));
    if (request.requestId !== undefined)
      replica.waits.supersede({ tokenHash, requestId: request.requestId }, 'take');
    signal?.throwIfAborted();
    return new PatientTake(request, { replica, tokenHash, signal }).promise;
  }

  /** Makes a call that changes tuples and does not wait. */
  #make(call: UncheckedCall, { signal }: Api.CallOptions = {}): Promise<unknown> {
    const { replica, tokenHash } = this.#options;
    return new PromptCall(call, { replica, tokenHash, signal }).promise;
  }

  /** Throws what `judge` throws, if it still does when the state is up to date; promises only where it did. */
  #judge<Finding>(judge: () => Finding): Finding | Promise<Finding> {
    try {
      return judge();
    } catch {
      return this.#options.replica.sync().then(judge);
    }
  }

  /**
   * Applies all that was acknowledged before, and lets the caller's token and what has fallen due in a space (undefined: in any) end, so
   * that no call relies on it.
   */
  async #ready(options: Api.CallOptions = {}, space?: string): Promise<void> {
    const { replica, tokenHash } = this.#options;
    options.signal?.throwIfAborted();
    await replica.sync();
    const { spaces, callers } = replica.machine;
    const nowMs = replica.storeTime.nowMs();
    const dues = [spaces.nextDueMs(space), callers.expiryMs(tokenHash)];
    if (dues.some((dueMs) => dueMs !== undefined && dueMs <= nowMs)) await replica.expire();
    options.signal?.throwIfAborted();
  }

  #submit(command: Omit<Command, 'tokenHash'>, { signal }: Api.CallOptions = {}): Promise<unknown> {
    signal?.throwIfAborted();
    const { replica, tokenHash } = this.#options;
    return new Promise((resolve, reject) => {
      const conclude = (outcome: Outcome) => {
        unhook();
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.answer);
      };
      // What is on its way to the log happens all the same, as with any answer that was lost.
      const giveUp = () => {
        takeBack();
        reject(signal?.reason);
      };
      let takeBack: () => void = () => {};
      const unhook = onAbort(signal, giveUp);
      takeBack = replica.propose({ ...command, tokenHash } as Command, conclude);
    });
  }
}
