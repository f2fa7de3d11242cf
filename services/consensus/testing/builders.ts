/**
 * Settings and treasons for tests, in few words.
 */
import { generalId, generalIds } from '../general-id.js';
import { om } from '../om.js';
import type { GeneralId, Message, Path, Setting, Vote } from '../protocol.js';
import { type SimulatedRound, simulateRound } from '../run.js';
import type { TraitorSpec } from '../traitors/spec.js';
import type { TableAct } from '../traitors/table.js';

/** OM(m) among `general-0` to `general-<n-1>`, the first of them in command. */
export function oral(n: number, m: number): Setting {
  return {
    protocol: 'om',
    mode: 'mailbox',
    generals: generalIds(n),
    commander: generalId(0),
    isCouncil: false,
    traitorsMax: m,
  };
}

/** Ids of these indexes. */
export function ids(...indexes: readonly number[]): GeneralId[] {
  return indexes.map(generalId);
}

/**
 * All places where the general speaks, with what a function of the place says there; undefined says the
 * truth.
 */
export function tableOf(
  setting: Setting,
  general: GeneralId,
  act: (place: { phase: number; to: GeneralId; path: Path }) => TableAct['act'] | undefined,
): TraitorSpec {
  const acts: TableAct[] = [];
  for (let phase = 0; phase < om.phaseCount(setting); phase += 1) {
    for (const { from, to } of om.slots(setting, phase)) {
      if (from !== general) continue;
      for (const path of om.paths(setting, { phase, from, to })) {
        const said = act({ phase, to, path });
        if (said !== undefined) acts.push({ phase, from, to, path, act: said });
      }
    }
  }
  return { general, strategy: 'table', acts };
}

/** Every traitor says Attack to the camp and Retreat to the rest, in every phase. */
export function twoFacedOver(
  setting: Setting,
  traitors: readonly GeneralId[],
  camp: readonly GeneralId[],
): TraitorSpec[] {
  return traitors.map((general) =>
    tableOf(setting, general, ({ to }) => (camp.includes(to) ? 'Attack' : 'Retreat')),
  );
}

/** What each general of a list decided. */
export function decisionsOf(round: SimulatedRound, generals: readonly GeneralId[]): (Vote | undefined)[] {
  return generals.map((general) => round.decisions.get(general));
}

/** Everything that a general was sent, in canonical order of the slots. */
export function viewOf(round: SimulatedRound, general: GeneralId): Message[] {
  return round.messages.filter(({ to }) => to === general);
}

/** True when agreement or validity is broken, promised or not. */
export function isBroken({ verdict }: SimulatedRound): boolean {
  return verdict.agreement.status === 'violated' || verdict.validity.status === 'violated';
}

/** All rounds in which the traitor says one of `sayings` at each of its places, independently. */
export function* everyTreason(
  setting: Setting,
  { traitor, order, sayings }: { traitor: GeneralId; order: Vote; sayings: readonly TableAct['act'][] },
): Generator<SimulatedRound> {
  const full = tableOf(setting, traitor, () => 'nothing');
  const places = full.strategy === 'table' ? full.acts : [];
  for (let number = 0; number < sayings.length ** places.length; number += 1) {
    const acts = places.map((place, index): TableAct => {
      const digit = Math.floor(number / sayings.length ** index) % sayings.length;
      return { ...place, act: sayings[digit] ?? 'nothing' };
    });
    const traitors: TraitorSpec[] = [{ general: traitor, strategy: 'table', acts }];
    yield simulateRound({ setting, order, traitors, seed: 0 });
  }
}
