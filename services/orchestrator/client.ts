/**
 * `Orchestrator` over gRPC.
 */
import { randomUUID } from 'node:crypto';
import type { Evidence } from '../consensus/index.js';
import type { GrpcChannel, RpcOptions } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { NodeFault } from './node-faults.js';
import type { CallOptions, NodeInfo, Orchestrator, Round, RoundEvent, RoundRequest } from './orchestrator.js';
import { orchestratorContract } from './service.js';
import { decodeEvent, decodeNode, encodeCursor, encodeFault, encodeRequest } from './wire-calls.js';
import { decodeEvidence } from './wire-evidence.js';
import { decodeRound } from './wire-round.js';

/** Longest wait for an answer, in ms. */
const answerMsMax = 15_000;
/** How often a start whose answer was lost is tried again; always with the same key. */
const startAttempts = 4;

export class OrchestratorClient implements Orchestrator {
  readonly #channel: GrpcChannel;
  readonly #methods = orchestratorContract().methods;

  /** The channel stays the caller's to close. */
  constructor(channel: GrpcChannel) {
    this.#channel = channel;
  }

  async startRound(request: RoundRequest, options: CallOptions = {}): Promise<Round> {
    const message = encodeRequest({ ...request, key: request.key ?? randomUUID() });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return decodeRound(await this.#channel.unary(this.#methods.StartRound, message, rpc(options)));
      } catch (error) {
        const isAway = error instanceof ServiceError && error.code === 'unavailable';
        if (!isAway || attempt === startAttempts || options.signal?.aborted === true) throw error;
      }
    }
  }

  async *watchRound(
    { number, from }: Parameters<Orchestrator['watchRound']>[0],
    { signal }: CallOptions = {},
  ): AsyncGenerator<RoundEvent> {
    const message = { number, ...(from === undefined ? {} : { from: encodeCursor(from) }) };
    for await (const event of this.#channel.serverStream(this.#methods.WatchRound, message, { signal })) {
      yield decodeEvent(event);
    }
  }

  async getRound(
    { number, withMessages = false }: { readonly number: number; readonly withMessages?: boolean },
    options: CallOptions = {},
  ): Promise<Round> {
    const message = { number, withMessages };
    return decodeRound(await this.#channel.unary(this.#methods.GetRound, message, rpc(options)), {
      withMessages,
    });
  }

  async getEvidence(request: { readonly number: number }, options: CallOptions = {}): Promise<Evidence> {
    const message = { number: request.number };
    return decodeEvidence(await this.#channel.unary(this.#methods.GetEvidence, message, rpc(options)));
  }

  async listRounds(
    { beforeNumber = 0, limit = 0 }: { readonly beforeNumber?: number; readonly limit?: number },
    options: CallOptions = {},
  ): Promise<readonly Round[]> {
    const message = { beforeNumber, limit };
    const { rounds } = await this.#channel.unary(this.#methods.ListRounds, message, rpc(options));
    return rounds.map((round) => decodeRound(round));
  }

  async cancelRound(
    request: { readonly number: number; readonly because: string },
    options: CallOptions = {},
  ): Promise<Round> {
    return decodeRound(await this.#channel.unary(this.#methods.CancelRound, { ...request }, rpc(options)));
  }

  async listNodes(options: CallOptions = {}): Promise<readonly NodeInfo[]> {
    const { nodes } = await this.#channel.unary(this.#methods.ListNodes, {}, rpc(options));
    return nodes.map(decodeNode);
  }

  async faultNode(fault: NodeFault, options: CallOptions = {}): Promise<void> {
    await this.#channel.unary(this.#methods.FaultNode, encodeFault(fault), rpc(options));
  }
}

function rpc({ signal, trace }: CallOptions): RpcOptions {
  return { signal, trace, deadlineMs: answerMsMax };
}
