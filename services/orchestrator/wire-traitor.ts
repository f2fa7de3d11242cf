/**
 * Traitors and votes between the domain and the wire.
 */
import type { Act__Output, Act as WireAct } from '../../proto/generated/byzantine/v1/Act.js';
import type { Timing__Output } from '../../proto/generated/byzantine/v1/Timing.js';
import type { Traitor__Output, Traitor as WireTraitor } from '../../proto/generated/byzantine/v1/Traitor.js';
import type { Vote__Output } from '../../proto/generated/byzantine/v1/Vote.js';
import type { TableAct, Timing, TraitorSpec, Trigger, Vote } from '../consensus/index.js';
import { invalidArgument } from '../runtime/index.js';

const wireVotes = { Attack: 'ATTACK', Retreat: 'RETREAT' } as const;
const wireTimings = { 'last-moment': 'LAST_MOMENT', late: 'LATE' } as const;

export function encodeVote(vote: Vote): 'ATTACK' | 'RETREAT' {
  return wireVotes[vote];
}

/** Undefined for what is not specified. */
export function decodeVote(vote: Vote__Output): Vote | undefined {
  switch (vote) {
    case 'ATTACK':
      return 'Attack';
    case 'RETREAT':
      return 'Retreat';
    default:
      return undefined;
  }
}

export function encodeTraitor(spec: TraitorSpec): WireTraitor {
  const { general, strategy, only } = spec;
  const acts = spec.strategy === 'table' ? spec.acts.map(encodeAct) : [];
  return {
    general,
    strategy,
    acts,
    only:
      only === undefined
        ? null
        : { phases: [...(only.phases ?? [])], to: [...(only.to ?? [])], via: [...(only.via ?? [])] },
  };
}

/**
 * Errors: invalid_argument (acts without `table`, or a trigger with it). The strategy's name is checked when the
 * round is resolved.
 */
export function decodeTraitor(wire: Traitor__Output, field: string): TraitorSpec {
  const { general, strategy, acts } = wire;
  const only = wire.only === null ? {} : { only: decodeTrigger(wire.only) };
  if (strategy !== 'table') {
    if (acts.length > 0)
      throw invalidArgument(`${field}.acts`, `only the strategy "table" has acts, got "${strategy}"`);
    return { general, strategy: strategy as Exclude<TraitorSpec['strategy'], 'table'>, ...only };
  }
  if (wire.only !== null)
    throw invalidArgument(`${field}.only`, 'a table says for itself where it applies, so it has no trigger');
  return { general, strategy, acts: acts.map((act) => decodeAct(act, general)) };
}

function encodeAct({ phase, to, path, act, ifLoyal, when, also }: TableAct): WireAct {
  return {
    phase,
    to,
    path: [...path],
    vote: act === 'Attack' || act === 'Retreat' ? wireVotes[act] : 'VOTE_UNSPECIFIED',
    both: act === 'both',
    loyal: act === 'loyal',
    ifLoyal: ifLoyal === undefined ? 'VOTE_UNSPECIFIED' : wireVotes[ifLoyal],
    when: when === undefined ? 'TIMING_UNSPECIFIED' : wireTimings[when],
    also: also === undefined ? null : { ...also, path: [...also.path] },
  };
}

function decodeAct(wire: Act__Output, from: string): TableAct {
  const ifLoyal = decodeVote(wire.ifLoyal);
  const when = decodeTiming(wire.when);
  return {
    phase: wire.phase,
    from,
    to: wire.to,
    path: wire.path,
    act: decodeSaying(wire),
    ...(ifLoyal === undefined ? {} : { ifLoyal }),
    ...(when === undefined ? {} : { when }),
    ...(wire.also === null ? {} : { also: { ...wire.also } }),
  };
}

function decodeSaying({ both, loyal, vote }: Act__Output): TableAct['act'] {
  if (both) return 'both';
  return loyal ? 'loyal' : (decodeVote(vote) ?? 'nothing');
}

function decodeTiming(timing: Timing__Output): Timing | undefined {
  switch (timing) {
    case 'LAST_MOMENT':
      return 'last-moment';
    case 'LATE':
      return 'late';
    default:
      return undefined;
  }
}

/** A condition without values is none. */
function decodeTrigger({ phases, to, via }: NonNullable<Traitor__Output['only']>): Trigger {
  return {
    ...(phases.length === 0 ? {} : { phases }),
    ...(to.length === 0 ? {} : { to }),
    ...(via.length === 0 ? {} : { via }),
  };
}
