/**
 * Protocols in lock-step: in each phase everybody who speaks tells what it knows, then everybody takes in
 * what was told, and after the last phase decides. The model of Lynch, Distributed Algorithms, 1996, section
 * 2.1, with a message as the tuple that fills a slot.
 *
 * A protocol writes down its rules; what is common stands here: who owes what, which message fills a slot,
 * when a phase ends. OM(m) with a commander has an engine of its own (om.ts), which keeps a big tree small.
 */
import { assert } from './assert.js';
import type { Heard, LockStepRules, Situation } from './lock-step-rules.js';
import { listSlots, sendersOf } from './lock-step-slots.js';
import type {
  Entry,
  GeneralId,
  IgnoredReason,
  Input,
  Message,
  Output,
  Protocol,
  Setting,
  Slot,
  VoteNode,
} from './protocol.js';
import { defaultVote, everyone } from './protocol.js';

/** Where a general stands. Immutable. */
export interface LockStepState<Known> {
  readonly situation: Situation;
  /** Undefined before the start. */
  readonly known: Known | undefined;
  /** The phase that runs; -1 before the start, the number of phases after the decision. */
  readonly phase: number;
  /** What has come, by phase; those of phases still to come are kept here too. */
  readonly inbox: readonly Mail[];
  /** What the last ended phase brought, for people. */
  readonly last: Heard;
}

/** Messages of a phase, newest first: a list shares what is old, where a map would be copied with each. */
type Mail =
  | {
      readonly count: number;
      readonly from: GeneralId;
      readonly entries: readonly Entry[];
      readonly older: Mail;
    }
  | undefined;

type Step<Known> = { readonly state: LockStepState<Known>; readonly outputs: readonly Output[] };

/** The protocol that follows the rules. A step costs O(n) beside the rules. */
export function lockStep<Known>(rules: LockStepRules<Known>): Protocol<LockStepState<Known>> {
  const isSlot = (setting: Setting, slot: Slot) => isOwedSlot(rules, setting, slot);
  const paths = (setting: Setting, slot: Slot) => (isSlot(setting, slot) ? rules.paths(setting, slot) : []);
  return {
    name: rules.name,
    version: rules.version,
    source: rules.source,
    phaseCount: rules.phaseCount,
    bound: rules.bound,
    cost: rules.cost,
    slots: (setting, phase) => listSlots(rules, setting, phase),
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

function isOwedSlot<Known>(rules: LockStepRules<Known>, setting: Setting, slot: Slot): boolean {
  const { phase, from, to } = slot;
  if (!Number.isInteger(phase) || phase < 0 || phase >= rules.phaseCount(setting) || from === to)
    return false;
  const { generals } = setting;
  const isKnown = generals.includes(from) && (to === everyone || generals.includes(to));
  return isKnown && rules.isOwed(setting, slot);
}

function init<Known>(rules: LockStepRules<Known>, situation: Situation): LockStepState<Known> {
  const { setting, self } = situation;
  assert(setting.generals.includes(self), `${self} is a general of the round`);
  const inbox = new Array<Mail>(rules.phaseCount(setting)).fill(undefined);
  return { situation, known: undefined, phase: -1, inbox, last: new Map() };
}

function step<Known>(rules: LockStepRules<Known>, state: LockStepState<Known>, input: Input): Step<Known> {
  switch (input.kind) {
    case 'start': {
      assert(state.phase === -1, `${state.situation.self} starts once`);
      const known = rules.begin(state.situation, input.order);
      return endPhases(rules, {
        state: { ...state, known, phase: 0 },
        outputs: speak(rules, state, known, 0),
      });
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
  const { setting, self, signing } = state.situation;
  const { phase, from, to } = message;
  const slot: Slot = { phase, from, to };
  const refuse = (reason: IgnoredReason): Step<Known> => ({
    state,
    outputs: [{ kind: 'ignored', slot, reason }],
  });
  if ((to !== self && to !== everyone) || from === self) return refuse('not_owed');
  if (!isOwedSlot(rules, setting, slot)) return refuse('not_owed');
  const older = state.inbox[phase];
  if (hasMailOf(older, from)) return refuse('slot_filled');
  if (phase < state.phase) return refuse('late');
  const { legal, ignored } = rules.judge(setting, slot, message.entries, signing);
  const mail: Mail = { count: (older?.count ?? 0) + 1, from, entries: legal, older };
  return endPhases(rules, {
    state: { ...state, inbox: state.inbox.with(phase, mail) },
    outputs: ignored.map((one) => ({ kind: 'ignored', slot, ...one })),
  });
}

/** Ends phases up to `closed`, and then for as long as every slot owed in the running one is filled. */
function endPhases<Known>(rules: LockStepRules<Known>, from: Step<Known>, closed = -1): Step<Known> {
  let now = from;
  const phaseCount = now.state.inbox.length;
  while (now.state.phase >= 0 && now.state.phase < phaseCount) {
    const isClosed = now.state.phase <= closed;
    if (!isClosed && !isFull(rules, now.state)) break;
    const ended = endPhase(rules, now.state, isFull(rules, now.state) ? 'full' : 'close');
    now = { state: ended.state, outputs: [...now.outputs, ...ended.outputs] };
  }
  return now;
}

function isFull<Known>(
  rules: LockStepRules<Known>,
  { situation, phase, inbox }: LockStepState<Known>,
): boolean {
  const { setting, self } = situation;
  return (inbox[phase]?.count ?? 0) === sendersOf(rules, setting, { phase, to: self }).length;
}

/** Ends the running phase: takes in what was told, then speaks in the next one, or decides. */
function endPhase<Known>(
  rules: LockStepRules<Known>,
  state: LockStepState<Known>,
  by: 'full' | 'close',
): Step<Known> {
  const { situation, phase } = state;
  assert(state.known !== undefined, `${situation.self} starts before a phase ends`);
  const last = heardOf(rules, state);
  const known = rules.hear(situation, state.known, { phase, heard: last });
  const next = phase + 1;
  const after = { ...state, known, last, phase: next };
  const ended: Output = { kind: 'phase-ended', phase, by };
  if (next < state.inbox.length)
    return { state: after, outputs: [ended, ...speak(rules, after, known, next)] };
  return { state: after, outputs: [ended, { kind: 'decide', vote: rules.decide(situation, known) }] };
}

function speak<Known>(
  rules: LockStepRules<Known>,
  { situation }: LockStepState<Known>,
  known: Known,
  phase: number,
): Output[] {
  const { setting, self: from } = situation;
  const messages = [...setting.generals, everyone]
    .map((to) => ({ phase, from, to }))
    .filter((slot) => isOwedSlot(rules, setting, slot))
    .map((slot) => ({ ...slot, entries: rules.tell(situation, known, slot) }));
  return messages.length === 0 ? [] : [{ kind: 'send', phase, messages }];
}

function heardOf<Known>(
  rules: LockStepRules<Known>,
  { situation, phase, inbox }: LockStepState<Known>,
): Heard {
  const came = new Map<GeneralId, readonly Entry[]>();
  for (let mail = inbox[phase]; mail !== undefined; mail = mail.older) came.set(mail.from, mail.entries);
  const senders = sendersOf(rules, situation.setting, { phase, to: situation.self });
  return new Map(
    senders.flatMap((from) => {
      const entries = came.get(from);
      return entries === undefined ? [] : [[from, entries] as const];
    }),
  );
}

function hasMailOf(mail: Mail, from: GeneralId): boolean {
  for (let one = mail; one !== undefined; one = one.older) if (one.from === from) return true;
  return false;
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
