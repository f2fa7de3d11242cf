/**
 * Settings of every protocol, and rounds with everything that a traitor can say, for tests.
 */
import { generalIds } from '../general-id.js';
import type { GeneralId, Mode, ProtocolName, Setting, Vote } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import { type SimulatedRound, simulateRound } from '../run.js';
import type { TraitorSpec } from '../traitors/spec.js';
import type { TableAct } from '../traitors/table.js';

export interface Form {
  readonly protocol: ProtocolName;
  readonly mode?: Mode;
  readonly isCouncil?: boolean;
}

/** A setting with general-0 in command, or in no command at all. */
export function settingOf(form: Form, n: number, m: number): Setting {
  const { protocol, mode = protocol === 'sm' ? 'signed' : 'mailbox', isCouncil = false } = form;
  const generals = generalIds(n);
  const commander = generals[0] ?? '';
  return { protocol, mode, isCouncil, generals, commander, traitorsMax: m };
}

/** The inputs of a council, one letter a general: `AAR`. */
export function inputsOf(letters: string): ReadonlyMap<GeneralId, Vote> {
  const ids = generalIds(letters.length);
  return new Map(ids.map((id, index) => [id, letters[index] === 'A' ? 'Attack' : 'Retreat']));
}

/** Decisions of these generals as letters, `-` for none. */
export function lettersOf(round: SimulatedRound, generals: readonly GeneralId[]): string {
  return generals.map((general) => round.decisions.get(general)?.[0] ?? '-').join('');
}

/** All places where a general speaks, with what is said there; undefined says the truth. */
export function tableFor(
  setting: Setting,
  general: GeneralId,
  act: (place: Omit<TableAct, 'act'>) => TableAct['act'] | undefined,
): TraitorSpec {
  const acts = placesOf(setting, general).flatMap((place): TableAct[] => {
    const said = act(place);
    return said === undefined ? [] : [{ ...place, act: said }];
  });
  return { general, strategy: 'table', acts };
}

/** All places where a general speaks, in canonical order. */
export function placesOf(setting: Setting, general: GeneralId): Omit<TableAct, 'act'>[] {
  const protocol = protocolOf(setting);
  return Array.from({ length: protocol.phaseCount(setting) }, (_, phase) => protocol.slots(setting, phase))
    .flat()
    .filter(({ from }) => from === general)
    .flatMap((slot) => protocol.paths(setting, slot).map((path) => ({ ...slot, path })));
}

/** Every round in which the traitor says one of `sayings` at each of its places, independently. */
export function* everyRound(
  setting: Setting,
  traitor: GeneralId,
  given: {
    readonly order: Vote;
    readonly inputs?: ReadonlyMap<GeneralId, Vote>;
    readonly sayings: readonly TableAct['act'][];
  },
): Generator<SimulatedRound> {
  const { sayings, ...input } = given;
  const places = placesOf(setting, traitor);
  for (let number = 0; number < sayings.length ** places.length; number += 1) {
    const acts = places.map((place, index): TableAct => {
      const digit = Math.floor(number / sayings.length ** index) % sayings.length;
      return { ...place, act: sayings[digit] ?? 'nothing' };
    });
    const traitors: TraitorSpec[] = [{ general: traitor, strategy: 'table', acts }];
    yield simulateRound({ setting, ...input, traitors, seed: 0 });
  }
}
