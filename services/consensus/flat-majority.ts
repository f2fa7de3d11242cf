/**
 * The flat majority: relays as in OM(m), and then one majority over every value heard, by whatever path. The
 * shortcut that many implementations take, the original example among them. With one traitor it is OM(1);
 * from two on, long paths outvote short ones, and two liars among seven break validity.
 */
import { levelSize } from './eig-tree.js';
import { majority } from './majority.js';
import { type OmState, om } from './om.js';
import type { Bound, Input, Output, Protocol, Setting, Vote } from './protocol.js';
import { defaultVote } from './protocol.js';

export const flatMajority: Protocol<OmState> = {
  ...om,
  name: 'flat',
  version: 1,
  source: 'folklore; OM(m) of Lamport, Shostak, Pease 1982 without its recursion',
  bound: flatBound,
  step,
};

/** Relays are worth something from m = 1 on; from m = 2 on nothing is promised. */
export function flatBound({ generals, traitorsMax }: Setting): Bound {
  const [n, m] = [generals.length, traitorsMax];
  const isWithin = m <= 1 && n >= 3 * m + 1;
  const relays = m <= 1 ? `${n} ${isWithin ? '≥' : '<'} ${3 * m + 1}` : `${m} > 1`;
  return { isWithin, rule: 'm ≤ 1 and n ≥ 3m + 1', numbers: relays };
}

function step(state: OmState, input: Input): { state: OmState; outputs: readonly Output[] } {
  const next = om.step(state, input);
  if (state.isCommander) return next;
  const outputs = next.outputs.map((output): Output => {
    return output.kind === 'decide' ? { kind: 'decide', vote: flatVote(next.state) } : output;
  });
  return { state: next.state, outputs };
}

/** The majority of all values heard, the default standing in for what did not come. */
function flatVote({ shape, heard }: OmState): Vote {
  const all = heard.flatMap((level, depth) =>
    Array.from({ length: levelSize(shape, depth) }, (_, rank) => level[rank] ?? defaultVote),
  );
  return majority(all, defaultVote);
}
