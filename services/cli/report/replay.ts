/**
 * The command that runs a round again.
 */

import type { GeneralId, Setting, TraitorSpec, Vote } from '../../consensus/index.js';
import type { Round } from '../../orchestrator/index.js';

/** What decides all that happens in a round, timing apart. */
export interface Replayable {
  readonly setting: Setting;
  readonly traitors: readonly TraitorSpec[];
  readonly order: Vote;
  readonly seed: number;
  readonly isOutsideBoundAllowed: boolean;
}

/** The command for a round as it was; undefined as below. */
export function againCommand(round: Round): string | undefined {
  return replayCommand({ ...round, isOutsideBoundAllowed: round.verdict?.isWithin === false });
}

/** One line; undefined for a round with a traitor that follows a table, which no flag can hold. */
export function replayCommand(round: Replayable): string | undefined {
  const { setting, traitors, order, seed } = round;
  if (traitors.some(({ strategy }) => strategy === 'table')) return undefined;
  const named: [GeneralId, string][] = traitors.map(({ general, strategy }) => [general, strategy]);
  return [
    'byz run',
    `--generals ${setting.generals.length} --faults ${setting.traitorsMax} --traitors ${traitors.length}`,
    ...named.map(([general, strategy]) => `${general}=${strategy}`),
    `--order ${order} --seed ${seed}`,
    ...(round.isOutsideBoundAllowed ? ['--outside-bound'] : []),
  ].join(' ');
}
