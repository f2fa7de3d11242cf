/**
 * Protocols in lock-step: in each phase everybody who speaks tells what it knows, then everybody takes in
 * what was told, and after the last phase decides. The model of Lynch, Distributed Algorithms, 1996, section
 * 2.1, with a message as the tuple that fills a slot.
 *
 * A protocol writes down its rules; what is common stands here: who owes what, which message fills a slot,
 * when a phase ends. OM(m) with a commander has an engine of its own (om.ts), which keeps a big tree small.
 */
import { assert } from './assert.js';
import { addMail, hasMailOf, heardIn, type Mail } from './lock-step-mail.js';
import type { Heard, LockStepRules, Situation } from './lock-step-rules.js';
import { type LockStepSlots, lockStepSlots } from './lock-step-slots.js';
import type { IgnoredReason, Input, Message, Output, Protocol, Setting, Slot, VoteNode } from './protocol.js';
import { defaultVote, everyone } from './protocol.js';

/** Where a general stands. Immutable. */
export interface LockStepState<Known> {
  readonly situation: Situation;
  readonly slots: LockStepSlots;
  /** Undefined before the start. */
  readonly known: Known | undefined;
  /** The phase that runs; -1 before the start, the number of phases after the decision. */
  readonly phase: number;
  /** What has come in the running phase. */
  readonly mail: Mail;
  /** What has come in other phases, by phase: in those that are over and in those still to come. */
  readonly otherMail: readonly Mail[];
  /** What the last ended phase brought, for people. */
  readonly last: Heard;
}

type Step<Known> = { readonly state: LockStepState<Known>; readonly outputs: readonly Output[] };

/** The protocol that follows the rules. A message costs O(1) beside the rules, the end of a phase O(n). */
export function lockStep<Known>(rules: LockStepRules<Known>): Protocol<LockStepState<Known>> {
  const isSlot = (setting: Setting, slot: Slot) => lockStepSlots(rules, setting).isOwed(slot);
  const paths = (setting: Setting, slot: Slot) => (isSlot(setting, slot) ? rules.paths(setting, slot) : []);
  return {
    name: rules.name,
    version: rules.version,
    source: rules.source,
    phaseCount: rules.phaseCount,
    bound: rules.bound,
    cost: rules.cost,
    slots: (setting, phase) => lockStepSlots(rules, setting).list(phase),
    isSlotOwed: isSlot,
    paths,
    isOwed: (setting, slot, path) =>
      paths(setting, slot).some(
        (one) => one.length === path.length && one.every((id, index) => id === path[index]),
      ),
    places: rules.places,
    judge: rules.judge,
    init: (setting, self, signing) => init(rules, { setting, self, signing }),
    step: (state, input) => step(rules, state, input),
    say: ({ situation, known }, slot, path, vote) => {
      assert(known !== undefined, `${situation.self} starts before it speaks`);
      return rules.say(situation, known, slot, path, vote);
    },
    explain: (state) => explain(rules, state),
  };
}

function init<Known>(rules: LockStepRules<Known>, situation: Situation): LockStepState<Known> {
  const { setting, self } = situation;
  assert(setting.generals.includes(self), `${self} is a general of the round`);
  const slots = lockStepSlots(rules, setting);
  const otherMail = new Array<Mail>(slots.phaseCount).fill(undefined);
  return { situation, slots, known: undefined, phase: -1, mail: undefined, otherMail, last: new Map() };
}

function step<Known>(rules: LockStepRules<Known>, state: LockStepState<Known>, input: Input): Step<Known> {
  switch (input.kind) {
    case 'start': {
      assert(state.phase === -1, `${state.situation.self} starts once`);
      const known = rules.begin(state.situation, input.order);
      const started = { ...state, known, phase: 0, mail: state.otherMail[0] };
      return endPhases(rules, { state: started, outputs: speak(rules, state, known, 0) });
    }
    case 'message':
      return receive(rules, state, input.message);
    case 'close':
      assert(state.phase >= 0, `${state.situation.self} starts before a phase closes`);
      return endPhases(rules, { state, outputs: [] }, input.phase);
  }
}

/** Fills the message's slot, of this phase or of a later one. */
function receive<Known>(
  rules: LockStepRules<Known>,
  state: LockStepState<Known>,
  message: Message,
): Step<Known> {
  const { slots, situation } = state;
  const { setting, self, signing } = situation;
  const { phase, from, to } = message;
  const slot: Slot = { phase, from, to };
  const refuse = (reason: IgnoredReason): Step<Known> => ({
    state,
    outputs: [{ kind: 'ignored', slot, reason }],
  });
  const place = slots.places.get(from);
  if ((to !== self && to !== everyone) || from === self) return refuse('not_owed');
  if (place === undefined || !slots.isOwed(slot)) return refuse('not_owed');
  const isRunning = phase === state.phase;
  const before = isRunning ? state.mail : state.otherMail[phase];
  if (hasMailOf(before, place)) return refuse('slot_filled');
  if (phase < state.phase) return refuse('late');
  const { legal, ignored } = rules.judge(setting, slot, message.entries, signing);
  const mail = addMail(before, { from, place, entries: legal });
  return endPhases(rules, {
    state: isRunning ? { ...state, mail } : { ...state, otherMail: state.otherMail.with(phase, mail) },
    outputs: ignored.map((one) => ({ kind: 'ignored', slot, ...one })),
  });
}

/** Ends phases up to `closed`, and then for as long as every slot owed in the running one is filled. */
function endPhases<Known>(rules: LockStepRules<Known>, from: Step<Known>, closed = -1): Step<Known> {
  let now = from;
  const { phaseCount } = now.state.slots;
  while (now.state.phase >= 0 && now.state.phase < phaseCount) {
    const isClosed = now.state.phase <= closed;
    if (!isClosed && !isFull(now.state)) break;
    const ended = endPhase(rules, now.state, isFull(now.state) ? 'full' : 'close');
    now = { state: ended.state, outputs: [...now.outputs, ...ended.outputs] };
  }
  return now;
}

function isFull({ situation, slots, phase, mail }: LockStepState<unknown>): boolean {
  return (mail?.count ?? 0) === slots.senders(phase, situation.self).length;
}

/** Ends the running phase: takes in what was told, then speaks in the next one, or decides. */
function endPhase<Known>(
  rules: LockStepRules<Known>,
  state: LockStepState<Known>,
  by: 'full' | 'close',
): Step<Known> {
  const { situation, slots, phase, mail } = state;
  assert(state.known !== undefined, `${situation.self} starts before a phase ends`);
  const last = heardIn(mail);
  const known = rules.hear(situation, state.known, { phase, heard: last });
  const next = phase + 1;
  const otherMail = state.otherMail.with(phase, mail);
  const after = { ...state, known, last, phase: next, mail: otherMail[next], otherMail };
  const ended: Output = { kind: 'phase-ended', phase, by };
  if (next < slots.phaseCount) return { state: after, outputs: [ended, ...speak(rules, after, known, next)] };
  return { state: after, outputs: [ended, { kind: 'decide', vote: rules.decide(situation, known) }] };
}

function speak<Known>(
  rules: LockStepRules<Known>,
  { situation, slots }: LockStepState<Known>,
  known: Known,
  phase: number,
): Output[] {
  const { self: from } = situation;
  const recipients = slots.recipients(phase, from);
  if (recipients.length === 0) return [];
  const told = rules.tell(situation, known, phase);
  const messages = recipients.map((to): Message => ({ phase, from, to, entries: told(to) }));
  return [{ kind: 'send', phase, messages }];
}

/** What came in the last phase that is over, under what the general would decide now. */
function explain<Known>(rules: LockStepRules<Known>, state: LockStepState<Known>): VoteNode | undefined {
  const { situation, known, last } = state;
  if (known === undefined) return undefined;
  const children = [...last].flatMap(([from, entries]): VoteNode[] => {
    if (entries.length === 0) return [{ path: [from], value: defaultVote, children: [] }];
    return entries.map(({ path, vote }) => ({ path, heard: vote, value: vote, children: [] }));
  });
  return { path: [], value: rules.decide(situation, known), children };
}
