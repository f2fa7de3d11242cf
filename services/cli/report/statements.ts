/**
 * Who said what to whom in one phase, silence included: a round's messages against the slots that its
 * protocol expects.
 */
import type { GeneralId, Path, Slot, Vote } from '../../consensus/index.js';
import { protocolOf } from '../../consensus/index.js';
import type { RecordedEntry, RecordedMessage, Round } from '../../orchestrator/index.js';

/** One value that a general owed another, and what came. */
export interface Statement {
  readonly from: GeneralId;
  /** A general, or `everyone` on a board. */
  readonly to: GeneralId;
  /** The generals that the value came through, without its sender; empty for the commander's order. */
  readonly via: Path;
  /** Undefined: nothing came that counts. */
  readonly vote: Vote | undefined;
  /** A message came and said that there is nothing to say. */
  readonly isEmpty: boolean;
  /** A loyal general would have said something else, or something at all. */
  readonly isFalse: boolean;
}

/** All statements of a phase, by sender, recipient and path in canonical order. O(values of the phase). */
export function statementsOf(round: Round, phase: number): readonly Statement[] {
  const { setting } = round;
  const protocol = protocolOf(setting);
  const traitors = new Set(round.traitors.map(({ general }) => general));
  const said = new Map<string, RecordedMessage>();
  for (const message of round.messages ?? []) {
    if (message.phase === phase && message.counts) said.set(`${message.from} ${message.to}`, message);
  }
  return protocol.slots(setting, phase).flatMap((slot) => {
    const message = said.get(`${slot.from} ${slot.to}`);
    const silence = { ...slot, via: [], vote: undefined, isEmpty: false, isFalse: traitors.has(slot.from) };
    // What a chain of signatures goes through is up to what was heard; other values have their places.
    const isPlaced = setting.mode !== 'signed';
    if (message === undefined && !isPlaced) return [silence];
    if (message?.entries.length === 0) return [{ ...silence, isEmpty: true, isFalse: false }];
    if (!isPlaced) return (message?.entries ?? []).map((entry) => statement(slot, entry));
    const byPath = new Map((message?.entries ?? []).map((entry) => [entry.path.join(' '), entry]));
    return protocol.paths(setting, slot).map((path) => {
      const entry = byPath.get(path.join(' '));
      return entry === undefined ? { ...silence, via: path.slice(0, -1) } : statement(slot, entry);
    });
  });
}

/** What was said, as a word: the `!` marks a falsehood. */
export function wordOf({ vote, isEmpty, isFalse }: Statement): string {
  return `${vote ?? (isEmpty ? 'none' : 'nothing')}${isFalse ? '!' : ''}`;
}

function statement({ from, to }: Slot, { path, vote, isFalse }: RecordedEntry): Statement {
  return { from, to, via: path.slice(0, -1), vote, isEmpty: false, isFalse };
}
