/**
 * What the orchestrator knows, in the form in which the page gets it.
 */
import type { Evidence } from '../consensus/index.js';
import type { NodeInfo, Round, RoundRequest } from '../orchestrator/index.js';
import type { EvidenceFacts, NodeFacts, RoundFacts, StartRound } from './wire.js';

export function roundFacts(round: Round): RoundFacts {
  const { number, status, setting, traitors, order, seed, seats, startedAtMs, verdict, metrics } = round;
  return {
    number,
    status,
    setting,
    traitors: traitors.map(({ general }) => general),
    order,
    seed,
    seats,
    startedAtMs,
    messageCount: round.messageCount,
    expectedMessageCount: round.cost.messageCount,
    ...(verdict === undefined ? {} : { verdict }),
    ...(metrics === undefined ? {} : { metrics }),
  };
}

export function nodeFacts(info: NodeInfo, nowMs: number): NodeFacts {
  const { node, state, lastSeenMs, seats, generals, losses } = info;
  return {
    node,
    state,
    silentMs: Math.max(0, nowMs - lastSeenMs),
    seats,
    generals,
    losses: losses.map(({ round, faultCount, faultsMax }) => ({ round, faultCount, faultsMax })),
  };
}

export function roundRequest({ inputs, ...others }: StartRound): RoundRequest {
  return { ...others, ...(inputs === undefined ? {} : { inputs: new Map(Object.entries(inputs)) }) };
}

/** Bytes of signatures and keys as hexadecimal text. */
export function evidenceFacts({ proven, ...others }: Evidence): EvidenceFacts {
  return {
    ...others,
    proven: proven.map(({ signer, instance, publicKey, orders }) => ({
      signer,
      instance,
      publicKey: hex(publicKey),
      orders: orders.map(({ vote, bytes, signature }) => ({
        vote,
        bytes: hex(bytes),
        signature: hex(signature),
      })),
    })),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
