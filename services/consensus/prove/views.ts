/**
 * Why three generals are too few: two rounds that a loyal lieutenant cannot tell apart, although it would have to
 * decide differently in each. Lamport, Shostak and Pease 1982, section 2, figures 1 and 2.
 */
import { generalIds } from '../general-id.js';
import type { GeneralId, Message, Setting, Vote } from '../protocol.js';
import { type RoundPlan, simulateRound } from '../run.js';

export interface SeenRound {
  /** One line: who is the traitor, and what it does. */
  readonly what: string;
  readonly plan: RoundPlan;
  /** All that the observer was sent, in the order in which it came. */
  readonly view: readonly Message[];
  readonly decision: Vote | undefined;
  /** What a loyal general must decide here, and why. */
  readonly must: string;
}

export interface TwinViews {
  readonly observer: GeneralId;
  readonly rounds: readonly [SeenRound, SeenRound];
  /** The two views are the same bytes. */
  readonly areEqual: boolean;
}

/** Both rounds, run on the engine. */
export function indistinguishableViews(): TwinViews {
  const setting: Setting = {
    protocol: 'om',
    mode: 'mailbox',
    isCouncil: false,
    generals: generalIds(3),
    commander: 'general-0',
    traitorsMax: 1,
  };
  const observer = 'general-1';
  const lyingLieutenant: RoundPlan = {
    setting,
    order: 'Attack',
    seed: 0,
    traitors: [lie('general-2', 1, 'general-1', ['general-0', 'general-2'])],
  };
  const lyingCommander: RoundPlan = {
    setting,
    order: 'Attack',
    seed: 0,
    traitors: [lie('general-0', 0, 'general-2', ['general-0'])],
  };
  const first = see(lyingLieutenant, observer, {
    what: 'general-0 is loyal and orders Attack; general-2 is a traitor and says that it heard Retreat',
    must: 'Attack, the order of a loyal commander',
  });
  const second = see(lyingCommander, observer, {
    what: 'general-0 is a traitor: it tells general-1 Attack and general-2 Retreat; general-2 is loyal',
    must: 'what general-2 decides, which sees the same with the votes exchanged',
  });
  return { observer, rounds: [first, second], areEqual: bytes(first.view) === bytes(second.view) };
}

/** One value, told as Retreat. */
function lie(general: GeneralId, phase: number, to: GeneralId, path: readonly GeneralId[]) {
  return {
    general,
    strategy: 'table' as const,
    acts: [{ phase, from: general, to, path, act: 'Retreat' as const }],
  };
}

function see(plan: RoundPlan, observer: GeneralId, told: { what: string; must: string }): SeenRound {
  const { messages, decisions } = simulateRound(plan);
  const view = messages.filter(({ to }) => to === observer);
  return { ...told, plan, view, decision: decisions.get(observer) };
}

function bytes(view: readonly Message[]): string {
  return JSON.stringify(view);
}
