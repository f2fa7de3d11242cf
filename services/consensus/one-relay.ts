/**
 * The one-exchange majority under a commander: the order, one relay by everybody, a majority. That is OM(1),
 * run whatever number of traitors it is asked to withstand; two are too many for it however many generals
 * there are, since a protocol of r exchanges withstands r - 1.
 */
import { flatBound } from './flat-majority.js';
import { type OmState, om } from './om.js';
import type { Protocol, Setting } from './protocol.js';

export const oneRelay: Protocol<OmState> = {
  ...om,
  name: 'majority',
  version: 1,
  source: 'folklore; OM(1) of Lamport, Shostak, Pease 1982',
  bound: flatBound,
  phaseCount: (setting) => om.phaseCount(relayedOnce(setting)),
  cost: (setting) => om.cost(relayedOnce(setting)),
  slots: (setting, phase) => om.slots(relayedOnce(setting), phase),
  paths: (setting, slot) => om.paths(relayedOnce(setting), slot),
  isSlotOwed: (setting, slot) => om.isSlotOwed(relayedOnce(setting), slot),
  isOwed: (setting, slot, path) => om.isOwed(relayedOnce(setting), slot, path),
  judge: (setting, slot, entries) => om.judge(relayedOnce(setting), slot, entries),
  init: (setting, self) => om.init(relayedOnce(setting), self),
};

function relayedOnce(setting: Setting): Setting {
  return { ...setting, traitorsMax: 1 };
}
