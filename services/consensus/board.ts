/**
 * Agreement over a board: a space that everybody reads, with writers that cannot be forged and one tuple for
 * each of them. Nobody can tell two generals two things there, so one phase is enough whatever the number of
 * traitors, and relaying what all can read would add nothing. Segments of shared memory with access
 * control: Bessani, Correia, da Silva Fraga and Lung, "Sharing Memory between Byzantine Processes using
 * Policy-Enforced Tuple Spaces", IEEE TPDS 20(3), 2009. It rests on the space being trusted.
 */
import { atLeast } from './bounds.js';
import type { LockStepRules } from './lock-step-rules.js';
import { majority } from './majority.js';
import { plainEntries, tellAll } from './plain-entries.js';
import type { GeneralId, ProtocolName, Setting, Vote } from './protocol.js';
import { defaultVote, everyone } from './protocol.js';
import { heardVote } from './turns.js';

/**
 * What was posted, by general; what is missing is the default. With a commander the one order is followed; in
 * a council the majority of all n.
 */
export function boardRules(name: ProtocolName): LockStepRules<ReadonlyMap<GeneralId, Vote>> {
  return {
    name,
    version: 1,
    source: 'Bessani, Correia, da Silva Fraga, Lung: Policy-Enforced Tuple Spaces, IEEE TPDS 20(3), 2009',
    ...plainEntries,
    phaseCount: () => 1,
    bound({ generals, traitorsMax, isCouncil }) {
      const [n, m] = [generals.length, traitorsMax];
      if (isCouncil) return atLeast(n, 2 * m + 1, { rule: 'n ≥ 2m + 1' });
      return { isWithin: true, rule: 'any n and m', numbers: `${n} and ${m}` };
    },
    cost(setting) {
      const writerCount = posters(setting).length;
      return {
        phaseCount: 1,
        messageCount: writerCount,
        tupleCount: writerCount,
        receivedPerLieutenant: setting.isCouncil ? writerCount - 1 : 1,
      };
    },
    isOwed: (setting, { from, to }) => to === everyone && posters(setting).includes(from),
    begin: ({ self }, order) => new Map(order === undefined ? [] : [[self, order]]),
    tell: ({ self }, posted) => tellAll(self, posted.get(self) ?? defaultVote),
    hear: (_situation, posted, { heard }) =>
      new Map([...posted, ...[...heard.keys()].map((from) => [from, voteOf(heard, from)] as const)]),
    decide: ({ setting }, posted) =>
      majority(
        posters(setting).map((general) => posted.get(general) ?? defaultVote),
        defaultVote,
      ),
  };
}

function voteOf(heard: Parameters<typeof heardVote>[0], from: GeneralId): Vote {
  return heardVote(heard, from) ?? defaultVote;
}

function posters({ generals, commander, isCouncil }: Setting): readonly GeneralId[] {
  return isCouncil ? generals : [commander];
}
