/**
 * Evidence between the domain and the wire. Decoding trusts the service, since only our own client decodes it.
 */
import type { Absent__Output } from '../../proto/generated/byzantine/v1/Absent.js';
import type {
  Deviation__Output,
  Deviation as WireDeviation,
} from '../../proto/generated/byzantine/v1/Deviation.js';
import type {
  Evidence__Output,
  Evidence as WireEvidence,
} from '../../proto/generated/byzantine/v1/Evidence.js';
import type { Inferred__Output } from '../../proto/generated/byzantine/v1/Inferred.js';
import type { Proven__Output } from '../../proto/generated/byzantine/v1/Proven.js';
import type {
  SignedOrder__Output,
  SignedOrder as WireOrder,
} from '../../proto/generated/byzantine/v1/SignedOrder.js';
import type { Vote__Output } from '../../proto/generated/byzantine/v1/Vote.js';
import type {
  Absent,
  Deviation,
  Evidence,
  GeneralId,
  Inferred,
  Proven,
  SignedOrder,
  Vote,
} from '../consensus/index.js';
import { defaultVote } from '../consensus/index.js';
import { ServiceError } from '../runtime/index.js';
import { decodeVote, encodeVote } from './wire-traitor.js';

export function encodeEvidence({ proven, attested, inferred, absent }: Evidence): WireEvidence {
  return {
    proven: proven.map(({ signer, instance, publicKey, orders }) => ({
      signer,
      instance,
      publicKey: Buffer.from(publicKey),
      orders: orders.map(encodeOrder),
    })),
    attested: attested.map(({ first, ...one }) => ({ ...one, first: encodeDeviation(first) })),
    inferred: inferred.map(({ by, accusations, explanations, known }) => ({
      by,
      accusations: accusations.map(encodeSet),
      explanations: explanations.map(encodeSet),
      known: [...known],
    })),
    absent: absent.map(({ general, count, first: { phase, to } }) => ({ general, count, phase, to })),
  };
}

/** Errors: unimplemented (evidence of a newer version). */
export function decodeEvidence({ proven, attested, inferred, absent }: Evidence__Output): Evidence {
  return {
    proven: proven.map(decodeProven),
    attested: attested.map(({ general, count, first }) => ({
      general,
      count,
      first: decodeDeviation(first),
    })),
    inferred: inferred.map(decodeInferred),
    absent: absent.map(decodeAbsent),
  };
}

function encodeOrder({ vote, bytes, signature }: SignedOrder): WireOrder {
  return { vote: encodeVote(vote), content: Buffer.from(bytes), signature: Buffer.from(signature) };
}

function decodeProven({ signer, instance, publicKey, orders: [one, other] }: Proven__Output): Proven {
  if (one === undefined || other === undefined) {
    throw new ServiceError('unimplemented', 'the orchestrator sent a proof that has not two orders');
  }
  return { signer, instance, publicKey, orders: [decodeOrder(one), decodeOrder(other)] };
}

function decodeOrder({ vote, content, signature }: SignedOrder__Output): SignedOrder {
  return { vote: voteOf(vote), bytes: content, signature };
}

const kinds = { false_value: 'FALSE_VALUE', left_out: 'LEFT_OUT', not_owed: 'NOT_OWED' } as const;

function encodeDeviation(deviation: Deviation): WireDeviation {
  const { kind, slot, path } = deviation;
  return {
    kind: kinds[kind],
    ...slot,
    path: [...path],
    ...('said' in deviation ? { said: encodeVote(deviation.said) } : {}),
    ...('loyal' in deviation ? { loyal: encodeVote(deviation.loyal) } : {}),
  };
}

function decodeDeviation(wire: Deviation__Output | null): Deviation {
  const { phase = 0, from = '', to = '', path = [] } = wire ?? {};
  const place = { slot: { phase, from, to }, path };
  const said = voteOf(wire?.said);
  const loyal = voteOf(wire?.loyal);
  switch (wire?.kind) {
    case 'FALSE_VALUE':
      return { ...place, kind: 'false_value', said, loyal };
    case 'LEFT_OUT':
      return { ...place, kind: 'left_out', loyal };
    case 'NOT_OWED':
      return { ...place, kind: 'not_owed', said };
    default:
      throw new ServiceError(
        'unimplemented',
        'the orchestrator sent evidence of a kind that this version does not know',
      );
  }
}

/** Unspecified only where nobody reads it. */
function voteOf(wire: Vote__Output = 'VOTE_UNSPECIFIED'): Vote {
  return decodeVote(wire) ?? defaultVote;
}

function decodeInferred({ by, accusations, explanations, known }: Inferred__Output): Inferred {
  return {
    by,
    accusations: accusations.map(({ generals: [left = '', right = ''] }) => [left, right] as const),
    explanations: explanations.map(({ generals }) => generals),
    known,
  };
}

function decodeAbsent({ general, count, phase, to }: Absent__Output): Absent {
  return { general, count, first: { phase, from: general, to } };
}

function encodeSet(generals: readonly GeneralId[]): { generals: string[] } {
  return { generals: [...generals] };
}
