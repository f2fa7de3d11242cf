/**
 * Every way in which the traitors of a round can treat one general in a phase, or on a board all of them.
 */
import type { GeneralId, Message, Protocol } from '../protocol.js';
import { votes } from '../protocol.js';
import type { TableAct } from '../traitors/table.js';
import type { ProofCase } from './proof.js';

/** Who is treated, and when. */
export interface Told {
  readonly phase: number;
  /** A general, or `everyone` on a board. */
  readonly to: GeneralId;
}

/** How many `treatments` gives. */
export function treatmentCount(protocol: Protocol<unknown>, asked: ProofCase, told: Told): number {
  return sayingsIn(asked).length ** places(protocol, asked, told).length;
}

/** One act for each place of each traitor. */
export function treatments(
  protocol: Protocol<unknown>,
  asked: ProofCase,
  told: Told,
): readonly (readonly TableAct[])[] {
  return places(protocol, asked, told).reduce<readonly (readonly TableAct[])[]>(
    (all, place) => all.flatMap((acts) => sayingsIn(asked).map((act) => [...acts, { ...place, act }])),
    [[]],
  );
}

/** The messages of such a treatment, by the traitors' states: one for each who says something. */
export function toMessages(
  protocol: Protocol<unknown>,
  acts: readonly TableAct[],
  stateOf: (general: GeneralId) => unknown,
): readonly Message[] {
  const said = new Map<GeneralId, Message>();
  for (const { phase, from, to, path, act } of acts) {
    if (act === 'nothing') continue;
    const slot = { phase, from, to };
    const entries = votes
      .filter((vote) => act === 'both' || act === vote)
      .map((vote) => protocol.say(stateOf(from), slot, path, vote));
    said.set(from, { ...slot, entries: [...(said.get(from)?.entries ?? []), ...entries] });
  }
  return [...said.values()];
}

/** Where signatures are checked, two votes in one place are legal; elsewhere the second counts for nothing. */
function sayingsIn({ setting: { mode } }: ProofCase): readonly TableAct['act'][] {
  return mode === 'signed' ? [...votes, 'both', 'nothing'] : [...votes, 'nothing'];
}

function places(protocol: Protocol<unknown>, { setting, traitors }: ProofCase, { phase, to }: Told) {
  return traitors
    .filter((from) => from !== to)
    .flatMap((from) =>
      protocol.paths(setting, { phase, from, to }).map((path) => ({ phase, from, to, path })),
    );
}
