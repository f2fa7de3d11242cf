/**
 * The rounds of a scenario, as its file describes them.
 */
import {
  checkSetting,
  defaultMode,
  generalIds,
  type Mode,
  modes,
  type ProtocolName,
  protocolNames,
  protocolOf,
  type Setting,
  type StrategyName,
  strategyNames,
  type Vote,
  votes,
} from '../consensus/index.js';
import type { InputKind, ScenarioRound } from './scenario.js';
import type { TomlReader } from './toml-reader.js';

export const timeMsMax = 3_600_000;

const inputKinds: readonly InputKind[] = ['alike', 'mixed'];

/** Errors: invalid_argument (the key, and what is allowed). */
export function readRound(table: TomlReader): ScenarioRound {
  const faultCount = table.number('fault_count', { min: 0, max: 100, isWhole: true });
  const [protocol = 'om'] = table.choices<ProtocolName>('protocol', protocolNames, ['om']);
  const round: ScenarioRound = {
    count: table.number('count', { min: 1, max: 64, isWhole: true }, 1),
    protocol,
    mode: table.choices<Mode>('mode', modes, [defaultMode(protocol)])[0] ?? defaultMode(protocol),
    isCouncil: table.flag('council', false),
    inputs: table.choices<InputKind>('inputs', inputKinds, inputKinds),
    generalCount: table.number('general_count', { min: 2, max: 100, isWhole: true }),
    faultCount,
    traitorCount: table.number('traitor_count', { min: 0, max: 100, isWhole: true }, faultCount),
    strategies: table.choices<StrategyName>('strategy', strategyNames, strategyNames),
    orders: table.choices<Vote>('order', votes, votes),
    phaseMs: table.number('phase_ms', { min: 1, max: timeMsMax, isWhole: true }, 200),
    isOutsideBoundAllowed: table.flag('outside_bound', false),
  };
  table.end();
  checkRound(table, round);
  return round;
}

/** The orchestrator would refuse such a round too, but only when it is asked for one. */
function checkRound(table: TomlReader, round: ScenarioRound): void {
  const { generalCount, faultCount, traitorCount, isOutsideBoundAllowed } = round;
  if (traitorCount > generalCount) {
    throw table.refuse('traitor_count', `${traitorCount} is more than the ${generalCount} generals`);
  }
  const setting = settingOf(round);
  const [problem] = checkSetting(setting);
  if (problem !== undefined) throw table.refuse(keys[problem.field] ?? 'fault_count', problem.problem);
  if (isOutsideBoundAllowed) return;
  const bound = protocolOf(setting).bound(setting);
  if (!bound.isWithin) {
    throw table.refuse(
      'fault_count',
      `${faultCount} needs ${bound.rule} (${bound.numbers}); see outside_bound`,
    );
  }
  if (traitorCount > faultCount) {
    throw table.refuse(
      'traitor_count',
      `${traitorCount} is more than fault_count = ${faultCount}; see outside_bound`,
    );
  }
}

/** The key of the file for a field of the setting. */
const keys: Readonly<Record<string, string>> = { mode: 'mode', protocol: 'protocol' };

/** The setting of every round of a scenario. */
function settingOf({
  protocol,
  mode,
  isCouncil,
  generalCount,
  faultCount,
}: Pick<ScenarioRound, 'protocol' | 'mode' | 'isCouncil' | 'generalCount' | 'faultCount'>): Setting {
  const generals = generalIds(generalCount);
  return { protocol, mode, isCouncil, generals, commander: generals[0] ?? '', traitorsMax: faultCount };
}
