/**
 * The command that runs a round again.
 */

import type { GeneralId, Setting, TraitorSpec, Vote } from '../../consensus/index.js';
import { defaultMode } from '../../consensus/index.js';
import type { Round } from '../../orchestrator/index.js';

/** What decides all that happens in a round, timing apart. */
export interface Replayable {
  readonly setting: Setting;
  readonly traitors: readonly TraitorSpec[];
  readonly order: Vote;
  /** Of a council, the inputs that differ from `order`. */
  readonly inputs?: ReadonlyMap<GeneralId, Vote>;
  readonly seed: number;
  readonly isOutsideBoundAllowed: boolean;
}

/** The command for a round as it was; undefined as below. */
export function againCommand(round: Round): string | undefined {
  return replayCommand({ ...round, isOutsideBoundAllowed: round.verdict?.isWithin === false });
}

/** One line; undefined for a round with a traitor that follows a table, which no flag can hold. */
export function replayCommand(round: Replayable): string | undefined {
  const { setting, traitors, order, inputs, seed } = round;
  if (traitors.some(({ strategy }) => strategy === 'table')) return undefined;
  const named: [GeneralId, string][] = traitors.map(({ general, strategy }) => [general, strategy]);
  return [
    'byz run',
    `--generals ${setting.generals.length} --faults ${setting.traitorsMax} --traitors ${traitors.length}`,
    ...named.map(([general, strategy]) => `${general}=${strategy}`),
    `--order ${order} --seed ${seed}`,
    ...settingFlags(setting),
    ...[...(inputs ?? [])].map(([general, vote]) => `--input ${general}=${vote}`),
    ...(round.isOutsideBoundAllowed ? ['--outside-bound'] : []),
  ].join(' ');
}

/** Only what differs from OM by mail with a commander, which is the default. */
function settingFlags({ protocol, mode, isCouncil }: Setting): readonly string[] {
  return [
    ...(protocol === 'om' ? [] : [`--protocol ${protocol}`]),
    ...(mode === defaultMode(protocol) ? [] : [`--mode ${mode}`]),
    ...(isCouncil ? ['--council'] : []),
  ];
}
