import type { GeneralId, Mode, ProtocolName, Setting, Vote } from '../protocol.js';
import { votes } from '../protocol.js';
import { simulateRound } from '../run.js';
import { subsetOf, subsets } from '../search/subsets.js';
import { isBroken, oral } from '../testing/builders.js';
import { type Exploration, explore } from './explore.js';
import { addProofs, emptyProof, type Proof } from './proof.js';

function settingOf(protocol: ProtocolName, mode: Mode, n: number, m: number, isCouncil: boolean): Setting {
  return { ...oral(n, m), protocol, mode, isCouncil };
}

/** All placements, and in a council all inputs. */
function casesOf(setting: Setting, traitorCount: number): Exploration[] {
  return [...subsets(setting.generals, traitorCount)].flatMap((traitors): Exploration[] => {
    if (!setting.isCouncil) return votes.map((order) => ({ setting, traitors, order }));
    const loyal = setting.generals.filter((id) => !traitors.includes(id));
    return Array.from({ length: 2 ** loyal.length }, (_, number) => {
      const attacking = new Set(subsetOf(loyal, number));
      const inputs = new Map<GeneralId, Vote>(
        setting.generals.map((id) => [id, attacking.has(id) ? 'Attack' : 'Retreat']),
      );
      return { setting, traitors, order: 'Retreat', inputs };
    });
  });
}

function exploreAll(setting: Setting, traitorCount: number): Proof {
  return casesOf(setting, traitorCount).map(explore).reduce(addProofs, emptyProof);
}

describe('every behaviour, by the states that the engine reaches', () => {
  it('OM at n = 4 has 54 behaviours in command under either order and 54 in the ranks, and none breaks it', () => {
    const proof = exploreAll(oral(4, 1), 1);
    expect([proof.behaviours, proof.violations]).toEqual([27n * 2n + 54n, 0n]);
  });

  it('OM at n = 3 breaks in four of 9 · 2 + 12', () => {
    const proof = exploreAll(oral(3, 1), 1);
    expect([proof.behaviours, proof.violations]).toEqual([9n * 2n + 12n, 4n]);
    expect(proof.witness && isBroken(simulateRound(proof.witness))).toBe(true);
  });

  it.each<[string, Setting, number]>([
    ['SM at n = 3', settingOf('sm', 'signed', 3, 1, false), 1],
    ['SM at n = 4', settingOf('sm', 'signed', 4, 1, false), 1],
    ['King at n = 4', settingOf('king', 'mailbox', 4, 1, true), 1],
    ['King with a commander at n = 4', settingOf('king', 'mailbox', 4, 1, false), 1],
    ['Phase King with a commander at n = 5', settingOf('phase-king', 'mailbox', 5, 1, false), 1],
  ])('%s: nothing breaks it', (_name, setting, traitorCount) => {
    const proof = exploreAll(setting, traitorCount);
    expect(proof.behaviours).toBeGreaterThan(0n);
    expect(proof.violations).toBe(0n);
  });

  it.each<[string, Setting, number]>([
    ['Phase King at n = 4', settingOf('phase-king', 'mailbox', 4, 1, true), 1],
    ['the majority at n = 4', settingOf('majority', 'mailbox', 4, 1, true), 1],
    ['SM(1) with two traitors of 4', settingOf('sm', 'signed', 4, 1, false), 2],
  ])('%s breaks, and the witness does so on the engine', (_name, setting, traitorCount) => {
    const proof = exploreAll(setting, traitorCount);
    expect(proof.violations).toBeGreaterThan(0n);
    expect(proof.witness && isBroken(simulateRound(proof.witness))).toBe(true);
  });
});
