/**
 * Requests and events of the Orchestrator service between the domain and the wire. What comes from clients is checked here for its
 * form; its meaning is checked by the engine.
 */
import type { Cursor__Output } from '../../proto/generated/byzantine/v1/Cursor.js';
import type {
  FaultNodeRequest,
  FaultNodeRequest__Output,
} from '../../proto/generated/byzantine/v1/FaultNodeRequest.js';
import type { Node__Output, Node as WireNode } from '../../proto/generated/byzantine/v1/Node.js';
import type {
  RoundEvent__Output,
  RoundEvent as WireEvent,
} from '../../proto/generated/byzantine/v1/RoundEvent.js';
import type {
  StartRoundRequest,
  StartRoundRequest__Output,
} from '../../proto/generated/byzantine/v1/StartRoundRequest.js';
import { decodeFaultKind, encodeFaultKind } from '../general-node/index.js';
import { ServiceError } from '../runtime/index.js';
import type { Cursor, RequiredCursor } from '../tuplespace/index.js';
import type { NodeFault } from './node-faults.js';
import type { NodeInfo, RoundEvent, RoundRequest } from './orchestrator.js';
import {
  decodeGeneralMetrics,
  decodeInputs,
  decodeMessage,
  decodeRound,
  encodeGeneralMetrics,
  encodeInputs,
  encodeMessage,
  encodeRound,
} from './wire-round.js';
import { decodeTraitor, decodeVote, encodeTraitor, encodeVote } from './wire-traitor.js';

export function encodeRequest(request: RoundRequest): StartRoundRequest {
  return {
    ...(request.protocol === undefined ? {} : { protocol: request.protocol }),
    ...(request.generalCount === undefined ? {} : { generalCount: request.generalCount }),
    ...(request.faultCount === undefined ? {} : { faultCount: request.faultCount }),
    ...(request.traitorCount === undefined ? {} : { traitorCount: request.traitorCount }),
    ...(request.strategy === undefined ? {} : { strategy: request.strategy }),
    ...(request.traitors === undefined ? {} : { traitors: request.traitors.map(encodeTraitor) }),
    ...(request.order === undefined ? {} : { order: encodeVote(request.order) }),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(request.phaseMs === undefined ? {} : { phaseMs: request.phaseMs }),
    ...(request.messagesMax === undefined ? {} : { maxMessages: request.messagesMax }),
    ...(request.isOutsideBoundAllowed === undefined ? {} : { outsideBound: request.isOutsideBoundAllowed }),
    ...(request.key === undefined ? {} : { key: request.key }),
    ...(request.mode === undefined ? {} : { mode: request.mode }),
    ...(request.isCouncil === undefined ? {} : { council: request.isCouncil }),
    ...(request.inputs === undefined ? {} : { inputs: encodeInputs(request.inputs) }),
  };
}

/** Zero and empty mean "the default", as the contract says. Errors: invalid_argument. */
export function decodeRequest(wire: StartRoundRequest__Output): RoundRequest {
  const order = decodeVote(wire.order);
  const phaseMs = Number(wire.phaseMs);
  const messagesMax = Number(wire.maxMessages);
  return {
    ...(wire.protocol === '' ? {} : { protocol: wire.protocol }),
    ...(wire.generalCount === 0 ? {} : { generalCount: wire.generalCount }),
    ...(wire.faultCount === undefined ? {} : { faultCount: wire.faultCount }),
    ...(wire.traitorCount === undefined ? {} : { traitorCount: wire.traitorCount }),
    ...(wire.strategy === '' ? {} : { strategy: wire.strategy }),
    ...(wire.traitors.length === 0
      ? {}
      : { traitors: wire.traitors.map((traitor, i) => decodeTraitor(traitor, `traitors[${i}]`)) }),
    ...(order === undefined ? {} : { order }),
    ...(wire.seed === undefined ? {} : { seed: wire.seed }),
    ...(phaseMs === 0 ? {} : { phaseMs }),
    ...(messagesMax === 0 ? {} : { messagesMax }),
    ...(wire.outsideBound ? { isOutsideBoundAllowed: true } : {}),
    ...(wire.key === '' ? {} : { key: wire.key }),
    ...(wire.mode === '' ? {} : { mode: wire.mode }),
    ...(wire.council ? { isCouncil: true } : {}),
    ...(wire.inputs.length === 0 ? {} : { inputs: decodeInputs(wire.inputs) }),
  };
}

export function encodeFault({ node, kind, forMs = 0 }: NodeFault): FaultNodeRequest {
  return { node, kind: encodeFaultKind(kind), forMs };
}

/** Errors: invalid_argument. */
export function decodeFault({ node, kind, forMs }: FaultNodeRequest__Output): NodeFault {
  return { node, kind: decodeFaultKind(kind), forMs: Number(forMs) };
}

export function encodeCursor({ incarnation = '', revision }: Cursor) {
  return { incarnation, revision: String(revision) };
}

export function decodeCursor(wire: Cursor__Output | null): RequiredCursor {
  return { incarnation: wire?.incarnation ?? '', revision: BigInt(wire?.revision ?? 0) };
}

export function encodeEvent(event: RoundEvent): WireEvent {
  const place = { cursor: encodeCursor(event.cursor), atMs: event.atMs };
  switch (event.kind) {
    case 'started':
      return { ...place, started: encodeRound(event.round) };
    case 'key': {
      const { general, epoch, publicKey } = event;
      return { ...place, key: { general, epoch, publicKey: Buffer.from(publicKey) } };
    }
    case 'message':
      return { ...place, message: encodeMessage(event.message) };
    case 'closed':
      return { ...place, closed: { phase: event.phase } };
    case 'decision':
      return { ...place, decision: { general: event.general, vote: encodeVote(event.vote) } };
    case 'moved':
      return { ...place, moved: { ...event.seat } };
    case 'report':
      return { ...place, report: encodeGeneralMetrics(event.metrics) };
    case 'ended':
      return { ...place, ended: encodeRound(event.round) };
  }
}

/** Errors: unimplemented (an event of a newer version). */
export function decodeEvent(wire: RoundEvent__Output): RoundEvent {
  const place = { cursor: decodeCursor(wire.cursor), atMs: Number(wire.atMs) };
  const { started, key, message, closed, decision, moved, report, ended } = wire;
  if (started) return { ...place, kind: 'started', round: decodeRound(started) };
  if (key) {
    const { general, epoch, publicKey } = key;
    return { ...place, kind: 'key', general, epoch, publicKey: new Uint8Array(publicKey) };
  }
  if (message) return { ...place, kind: 'message', message: decodeMessage(message) };
  if (closed) return { ...place, kind: 'closed', phase: closed.phase };
  if (decision) {
    return {
      ...place,
      kind: 'decision',
      general: decision.general,
      vote: decodeVote(decision.vote) ?? 'Retreat',
    };
  }
  if (moved) return { ...place, kind: 'moved', seat: { ...moved } };
  if (report) return { ...place, kind: 'report', metrics: decodeGeneralMetrics(report) };
  if (ended) return { ...place, kind: 'ended', round: decodeRound(ended) };
  throw new ServiceError(
    'unimplemented',
    'the orchestrator sent an event of a kind that this version does not know',
  );
}

export function encodeNode(info: NodeInfo): WireNode {
  const { node, address, seats, generals, enrolledAtMs, state, lastSeenMs, seatsMax, losses } = info;
  return {
    node,
    address: address ?? '',
    seats: seats.map((seat) => ({ ...seat })),
    generals: [...generals],
    enrolledAtMs,
    state,
    lastSeenMs,
    maxSeats: seatsMax,
    losses: losses.map(({ round, generalCount, faultCount, faultsMax }) => ({
      round,
      generalCount,
      faults: faultCount,
      maxFaults: faultsMax,
    })),
  };
}

export function decodeNode(wire: Node__Output): NodeInfo {
  const { node, address, seats, generals, enrolledAtMs, state, lastSeenMs, maxSeats, losses } = wire;
  return {
    node,
    ...(address === '' ? {} : { address }),
    state: state as NodeInfo['state'],
    lastSeenMs: Number(lastSeenMs),
    seats: seats.map(({ round, general, epoch }) => ({ round: Number(round), general, epoch })),
    generals,
    seatsMax: maxSeats,
    enrolledAtMs: Number(enrolledAtMs),
    losses: losses.map(({ round, generalCount, faults, maxFaults }) => ({
      round: Number(round),
      generalCount,
      faultCount: faults,
      faultsMax: maxFaults,
    })),
  };
}
