/**
 * The one-exchange majority: everybody tells everybody its plan, and each follows the majority of what it
 * heard and of its own; a tie is the default. The barrier test of the original example, and what most people
 * write first. Against a single liar it fails whenever the loyal generals are near a tie.
 */
import type { LockStepRules } from './lock-step-rules.js';
import { majority } from './majority.js';
import { plainEntries, tellAll } from './plain-entries.js';
import type { Vote } from './protocol.js';
import { defaultVote, everyone } from './protocol.js';
import { heardVote } from './turns.js';

/** The rules of the council. What did not come counts as the default. */
export const majorityRules: LockStepRules<readonly Vote[]> = {
  name: 'majority',
  version: 1,
  source: 'folklore; a protocol for generals that fail in no way at all',
  ...plainEntries,
  phaseCount: () => 1,
  bound: ({ traitorsMax }) => ({
    isWithin: traitorsMax === 0,
    rule: 'm = 0',
    numbers: `${traitorsMax} ${traitorsMax === 0 ? '=' : '≠'} 0`,
  }),
  cost({ generals }) {
    const n = generals.length;
    return {
      phaseCount: 1,
      messageCount: n * (n - 1),
      tupleCount: n * (n - 1),
      receivedPerLieutenant: n - 1,
    };
  },
  isOwed: (_setting, { to }) => to !== everyone,
  begin: (_situation, order = defaultVote) => [order],
  tell: ({ self }, [own = defaultVote]) => tellAll(self, own),
  hear: ({ setting, self }, [own = defaultVote], { heard }) => [
    own,
    ...setting.generals
      .filter((general) => general !== self)
      .map((general) => heardVote(heard, general) ?? defaultVote),
  ],
  decide: (_situation, known) => majority(known, defaultVote),
};
