/**
 * A council by a protocol that has a commander: one instance for each general, in which it commands and its
 * input is its order; all instances share the phases and the messages. The result is the majority of the n
 * orders agreed on, a tie being the default: interactive consistency, Pease, Shostak and Lamport, "Reaching
 * Agreement in the Presence of Faults", JACM 27(2), 1980.
 *
 * If the loyal generals are more than half and of one mind, their plan has the majority; so validity needs
 * n > 2m beside what the protocol needs for agreement.
 */
import { assert } from './assert.js';
import type { LockStepRules, Situation } from './lock-step-rules.js';
import { majority } from './majority.js';
import type {
  Bound,
  Cost,
  Entry,
  GeneralId,
  Message,
  Output,
  Protocol,
  Setting,
  Slot,
  Vote,
} from './protocol.js';
import { defaultVote } from './protocol.js';

/** One instance: its setting, its general's state in it, what that general has to send, and what came out. */
interface Instance<State> {
  readonly setting: Setting;
  readonly state: State;
  readonly outbox: readonly Message[];
  readonly decision: Vote | undefined;
}

/** What a general knows: all instances, in canonical order of their commanders. */
export type CouncilKnown<State> = readonly Instance<State>[];

/** The rules of a council by `base`, whose entries begin with the commander of their instance. */
export function councilRules<State>(
  base: Protocol<State>,
  bound: (setting: Setting) => Bound,
): LockStepRules<CouncilKnown<State>> {
  return {
    name: base.name,
    version: base.version,
    source: `${base.source}; one instance for each general, as Pease, Shostak, Lamport: JACM 27(2), 1980`,
    phaseCount: base.phaseCount,
    bound,
    cost: (setting) => costOf(base, setting),
    isOwed: (setting, slot) => owingInstances(base, setting, slot).length > 0,
    paths: (setting, slot) =>
      owingInstances(base, setting, slot).flatMap((instance) => base.paths(instance, slot)),
    places: (setting, message) =>
      owingInstances(base, setting, message).flatMap((instance) =>
        base.places(instance, part(message, instance)),
      ),
    judge(setting, slot, entries, signing) {
      const owing = owingInstances(base, setting, slot);
      const judged = owing.map((instance) =>
        base.judge(instance, slot, entriesOf(entries, instance.commander), signing),
      );
      const commanders = new Set(owing.map(({ commander }) => commander));
      const strays = entries.filter(({ path: [first = ''] }) => !commanders.has(first));
      return {
        legal: judged.flatMap(({ legal }) => legal),
        ignored: [
          ...judged.flatMap(({ ignored }) => ignored),
          ...strays.map(({ path }) => ({ reason: 'illegal_path' as const, path })),
        ],
      };
    },
    begin: (situation, order) => begin(base, situation, order),
    tell: (_situation, known, phase) => {
      const due = known.map(({ outbox }) => outbox.filter((message) => message.phase === phase));
      return (to) => due.flatMap((messages) => messages.find((message) => message.to === to)?.entries ?? []);
    },
    hear: ({ setting, self }, known, { phase, heard }) =>
      known.map((instance) => {
        const messages = [...heard]
          .map(([from, entries]) => part({ phase, from, to: self, entries }, instance.setting))
          .filter((message) => owingInstances(base, setting, message).includes(instance.setting));
        const inputs = messages.map((message) => ({ kind: 'message', message }) as const);
        return run(base, instance, [...inputs, { kind: 'close', phase }]);
      }),
    decide: (_situation, known) =>
      majority(
        known.map(({ decision }) => decision ?? defaultVote),
        defaultVote,
      ),
    say(_situation, known, slot, path, vote) {
      const instance = known.find(({ setting }) => setting.commander === path[0]);
      assert(instance !== undefined, `${path[0]} commands an instance`);
      return base.say(instance.state, slot, path, vote);
    },
  };
}

/** The settings of the instances, in canonical order; the same objects for the same council. */
function instancesOf(setting: Setting): readonly Setting[] {
  const known = memo.get(setting);
  if (known !== undefined) return known;
  const made = setting.generals.map((commander) => ({ ...setting, commander, isCouncil: false }));
  memo.set(setting, made);
  return made;
}

/** A pure memo, which changes the cost of a call and nothing else. */
const memo = new WeakMap<Setting, readonly Setting[]>();

/** The instances in which the slot is owed. */
function owingInstances<State>(base: Protocol<State>, setting: Setting, slot: Slot): readonly Setting[] {
  const { phase, from, to } = slot;
  return instancesOf(setting).filter((instance) => base.isSlotOwed(instance, { phase, from, to }));
}

function begin<State>(
  base: Protocol<State>,
  { setting, self, signing }: Situation,
  order: Vote | undefined,
): CouncilKnown<State> {
  // Entries were judged when they came; what an instance hears has been verified.
  const verified = signing === undefined ? undefined : { ...signing, verify: () => true };
  return instancesOf(setting).map((instance) => {
    const state = base.init(instance, self, verified);
    const isOwn = instance.commander === self;
    const start = { kind: 'start', ...(isOwn ? { order: order ?? defaultVote } : {}) } as const;
    return run(base, { setting: instance, state, outbox: [], decision: undefined }, [start]);
  });
}

function run<State>(
  base: Protocol<State>,
  instance: Instance<State>,
  inputs: readonly Parameters<Protocol<State>['step']>[1][],
): Instance<State> {
  let { state, decision } = instance;
  const outputs: Output[] = [];
  for (const input of inputs) {
    const next = base.step(state, input);
    state = next.state;
    outputs.push(...next.outputs);
  }
  for (const output of outputs) if (output.kind === 'decide') decision = output.vote;
  const outbox = outputs.flatMap((output) => (output.kind === 'send' ? output.messages : []));
  return { ...instance, state, decision, outbox };
}

function part(message: Message, { commander }: Setting): Message {
  return { ...message, entries: entriesOf(message.entries, commander) };
}

function entriesOf(entries: readonly Entry[], commander: GeneralId): readonly Entry[] {
  return entries.filter(({ path }) => path[0] === commander);
}

function costOf<State>(base: Protocol<State>, setting: Setting): Cost {
  const n = setting.generals.length;
  const { phaseCount, messageCount, receivedPerLieutenant } = base.cost(setting);
  // After the first phase a general owes another one something if there is a third.
  const relayPhaseCount = Math.max(0, Math.min(phaseCount - 1, n - 2));
  return {
    phaseCount,
    messageCount: n * messageCount,
    tupleCount: n * (n - 1) * (1 + relayPhaseCount),
    receivedPerLieutenant: (n - 1) * receivedPerLieutenant,
  };
}
