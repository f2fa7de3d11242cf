/**
 * OM(m), agreement by oral messages, of a general that is loyal: Lamport, Shostak and Pease, "The Byzantine
 * Generals Problem", ACM TOPLAS 4(3), 1982, section 3. Traitors run these lines too and lie about what comes
 * out (traitors/).
 *
 * In phase 0 the commander sends its order; in each later phase every lieutenant sends on what it heard in
 * the phase before, the default for what did not come; after phase m it takes the recursive majority.
 */
import { assert } from './assert.js';
import {
  explainTree,
  type Level,
  levelSize,
  rankOf,
  resolve,
  type TreeShape,
  treeShape,
} from './eig-tree.js';
import { omBound, omCost } from './om-cost.js';
import { judgeOmEntries } from './om-judge.js';
import { type OmPaths, omPaths } from './om-paths.js';
import {
  defaultVote,
  type Entry,
  type GeneralId,
  type IgnoredReason,
  type Input,
  type Message,
  type Output,
  type Protocol,
  type Setting,
  type Slot,
  type Vote,
  votes,
} from './protocol.js';

/** Where a general stands. Immutable. */
export interface OmState {
  readonly self: GeneralId;
  readonly isCommander: boolean;
  readonly paths: OmPaths;
  readonly shape: TreeShape;
  /** The phase that runs; -1 before the start, the number of phases after the decision. */
  readonly phase: number;
  /** The votes heard, by phase; those of phases still to come are kept here too. */
  readonly heard: readonly Level[];
  /** Whose message of a phase has come, by phase. */
  readonly filled: readonly ReadonlySet<GeneralId>[];
}

type Step = { readonly state: OmState; readonly outputs: readonly Output[] };

/**
 * The protocol. `paths` and `step` build the structure of the round, which holds about (n-1)!/(n-2-m)! paths:
 * ask for the cost first.
 */
export const om: Protocol<OmState> = {
  name: 'om',
  version: 1,
  source: 'Lamport, Shostak, Pease: The Byzantine Generals Problem, ACM TOPLAS 4(3), 1982, section 3',
  phaseCount: (setting) => setting.traitorsMax + 1,
  bound: omBound,
  cost: omCost,
  slots: (setting, phase) => omPaths(setting).slots(phase),
  isSlotOwed: (setting, slot) => omPaths(setting).isOwed(slot),
  paths: (setting, slot) => omPaths(setting).inSlot(slot),
  isOwed: (setting, slot, path) => omPaths(setting).isPathOwed(slot, path),
  places: (_setting, { entries }) => entries.map((entry) => ({ path: entry.path, entries: [entry] })),
  judge: judgeOmEntries,
  init,
  step,
  say: (_state, _slot, path, vote) => ({ path, vote }),
  explain: ({ isCommander, shape, heard }) => (isCommander ? undefined : explainTree(shape, heard)),
};

function init(setting: Setting, self: GeneralId): OmState {
  assert(setting.generals.includes(self), `${self} is a general of the round`);
  const shape = treeShape(setting, self);
  return {
    self,
    isCommander: self === setting.commander,
    paths: omPaths(setting),
    shape,
    phase: -1,
    heard: Array.from({ length: shape.levelCount }, () => []),
    filled: Array.from({ length: shape.levelCount }, () => new Set()),
  };
}

function step(state: OmState, input: Input): Step {
  switch (input.kind) {
    case 'start':
      assert(state.phase === -1, `${state.self} starts once`);
      return state.isCommander ? command(state, input.order) : endFullPhases({ ...state, phase: 0 }, []);
    case 'message':
      return receive(state, input.message);
    case 'close':
      assert(state.phase >= 0, `${state.self} starts before a phase closes`);
      return close(state, input.phase);
  }
}

/** The commander says its order and follows it; it takes no part in relaying. */
function command(state: OmState, order: Vote | undefined): Step {
  assert(order !== undefined, 'the commander starts with an order');
  const sent = send(state, 0, () => order);
  return {
    state: { ...state, phase: state.shape.levelCount },
    outputs: [...sent, { kind: 'decide', vote: order }],
  };
}

/**
 * Fills the message's slot, of this phase or of a later one, and ends the phase when nothing more can come.
 */
function receive(state: OmState, message: Message): Step {
  const { phase, from, to } = message;
  const slot: Slot = { phase, from, to };
  const refuse = (reason: IgnoredReason): Step => ({ state, outputs: [{ kind: 'ignored', slot, reason }] });
  if (to !== state.self || !state.paths.isOwed(slot)) return refuse('not_owed');
  if (state.filled[phase]?.has(from) === true) return refuse('slot_filled');
  if (phase < state.phase) return refuse('late');

  const { level, ignored } = judge(state, slot, message.entries);
  const filled = new Set(state.filled[phase]).add(from);
  return endFullPhases(
    { ...state, heard: state.heard.with(phase, level), filled: state.filled.with(phase, filled) },
    ignored,
  );
}

/**
 * Stores the entries that count, each judged by itself: of several legal ones with one path, the first. No
 * other sender has a path of this slot, so a place that is taken was taken by this message. O(the level + the
 * entries).
 */
function judge(state: OmState, slot: Slot, entries: readonly Entry[]): { level: Level; ignored: Output[] } {
  const { shape, heard } = state;
  const known = heard[slot.phase] ?? [];
  const level = known.length > 0 ? known.slice() : new Array<Vote | undefined>(levelSize(shape, slot.phase));
  const ignored: Output[] = [];
  for (const { path, vote } of entries) {
    const isOfSlot = path.length === slot.phase + 1 && path.at(-1) === slot.from;
    const rank = isOfSlot ? rankOf(shape, path) : undefined;
    if (rank === undefined) ignored.push({ kind: 'ignored', slot, reason: 'illegal_path', path });
    else if (!votes.includes(vote)) ignored.push({ kind: 'ignored', slot, reason: 'illegal_vote', path });
    else if (level[rank] !== undefined)
      ignored.push({ kind: 'ignored', slot, reason: 'repeated_path', path });
    else level[rank] = vote;
  }
  return { level, ignored };
}

/** Ends every phase up to this one. A phase that is over, or beyond the last, changes nothing. */
function close(state: OmState, phase: number): Step {
  let now: Step = { state, outputs: [] };
  while (now.state.phase <= phase && now.state.phase < state.shape.levelCount) {
    const ended = endPhase(now.state, 'close');
    now = endFullPhases(ended.state, [...now.outputs, ...ended.outputs]);
  }
  return now;
}

/** Ends phases for as long as every slot owed in the running one is filled; before the start, none runs. */
function endFullPhases(state: OmState, outputs: readonly Output[]): Step {
  let now: Step = { state, outputs };
  while (isFull(now.state)) {
    const ended = endPhase(now.state, 'full');
    now = { state: ended.state, outputs: [...now.outputs, ...ended.outputs] };
  }
  return now;
}

function isFull({ phase, shape, paths, self, filled }: OmState): boolean {
  if (phase < 0 || phase >= shape.levelCount) return false;
  return filled[phase]?.size === paths.senders(phase, self).length;
}

/** Ends the running phase: sends what the next one owes, or decides. */
function endPhase(state: OmState, by: 'full' | 'close'): Step {
  const ended: Output = { kind: 'phase-ended', phase: state.phase, by };
  const next = state.phase + 1;
  const after = { ...state, phase: next };
  if (next < state.shape.levelCount)
    return { state: after, outputs: [ended, ...send(after, next, heardBefore)] };
  const vote = resolve(state.shape, state.heard)[0]?.[0] ?? defaultVote;
  return { state: after, outputs: [ended, { kind: 'decide', vote }] };
}

/** What this general heard by the path that its relay extends, or the default. */
function heardBefore({ shape, heard }: OmState, relay: Entry['path']): Vote {
  const rank = rankOf(shape, relay, relay.length - 1);
  assert(rank !== undefined, `${relay.join('>')} extends a path of its sender's tree`);
  return heard[relay.length - 2]?.[rank] ?? defaultVote;
}

/** All messages of a phase: each entry is made once and shared by the recipients who are not in its path. */
function send(
  state: OmState,
  phase: number,
  voteOf: (state: OmState, path: Entry['path']) => Vote,
): Output[] {
  const { self, paths } = state;
  const entries = paths.relays(phase, self).map((path): Entry => ({ path, vote: voteOf(state, path) }));
  const messages = paths.recipients(phase, self).map((to) => ({
    phase,
    from: self,
    to,
    entries: entries.filter(({ path }) => !path.includes(to)),
  }));
  return messages.length === 0 ? [] : [{ kind: 'send', phase, messages }];
}
