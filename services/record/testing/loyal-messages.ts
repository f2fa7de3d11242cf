/**
 * What a loyal general would have said in a slot, by the rule of OM alone: the order in phase 0, later what it heard by the path
 * before. An oracle for the marks of a trace, apart from the engine that the code under test runs.
 */
import type { Entry, Message, Vote } from '../../consensus/index.js';
import { defaultVote } from '../../consensus/index.js';

/** True for an entry that a loyal sender would have said. The messages must all have come in time. */
export function loyalMessages(
  order: Vote,
  messages: readonly Message[],
): (message: Message, entry: Entry) => boolean {
  return ({ phase, from }, { path, vote }) => {
    if (phase === 0) return vote === order;
    const before = path.slice(0, -1);
    const heard = messages
      .find((one) => one.phase === phase - 1 && one.from === before.at(-1) && one.to === from)
      ?.entries.find((entry) => entry.path.join(' ') === before.join(' '));
    return vote === (heard?.vote ?? defaultVote);
  };
}
