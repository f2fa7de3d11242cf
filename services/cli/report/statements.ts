/**
 * Who said what to whom in one phase, silence included: a round's messages against the slots that its
 * protocol expects.
 */
import type { GeneralId, Path, Vote } from '../../consensus/index.js';
import { protocolOf } from '../../consensus/index.js';
import type { RecordedMessage, Round } from '../../orchestrator/index.js';

/** One value that a general owed another, and what came. */
export interface Statement {
  readonly from: GeneralId;
  readonly to: GeneralId;
  /** The generals that the value came through, without its sender; empty for the commander's order. */
  readonly via: Path;
  /** Undefined: nothing came that counts. */
  readonly vote: Vote | undefined;
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
    const entries = said.get(`${slot.from} ${slot.to}`)?.entries ?? [];
    const byPath = new Map(entries.map((entry) => [entry.path.join(' '), entry]));
    return protocol.paths(setting, slot).map((path) => {
      const entry = byPath.get(path.join(' '));
      return {
        from: slot.from,
        to: slot.to,
        via: path.slice(0, -1),
        vote: entry?.vote,
        isFalse: entry?.isFalse ?? traitors.has(slot.from),
      };
    });
  });
}

/** What was said, as a word: the `!` marks a falsehood. */
export function wordOf({ vote, isFalse }: Statement): string {
  return `${vote ?? 'nothing'}${isFalse ? '!' : ''}`;
}
