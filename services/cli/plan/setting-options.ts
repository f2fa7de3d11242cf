/**
 * The setting that the flags of `prove` and `search` describe.
 */
import type { Bound, Setting } from '../../consensus/index.js';
import { checkSetting, defaultMode, generalIds, protocolOf } from '../../consensus/index.js';
import { roundKeys } from '../../orchestrator/index.js';
import { invalidArgument, ServiceError } from '../../runtime/index.js';
import type { SettingOptions } from '../commands/adversary.js';
import { whole } from '../round-request.js';
import { flagValues, loadCommandSettings } from '../settings.js';
import type { GlobalOptions, Shell } from '../shell.js';

export interface AskedSetting {
  readonly setting: Setting;
  readonly traitorCount: number;
  readonly bound: Bound;
  /** Within the protocol's bound, and no more traitors than the round is made for. */
  readonly isWithin: boolean;
}

/** Errors: invalid_argument (the flag is named), failed_precondition (outside the bound and not asked for). */
export function settingOf(shell: Shell, options: SettingOptions & GlobalOptions): AskedSetting {
  const settings = loadCommandSettings(shell, options, {
    flags: flagValues(options, {
      protocol: roundKeys.protocol.path,
      generals: roundKeys.generalCount.path,
      faults: roundKeys.faultCount.path,
    }),
  });
  const { protocol, generalCount, faultCount } = settings.values(roundKeys);
  const asked = whole('--traitors', options.traitors);
  const traitorsMax = options.faults === undefined && asked !== undefined ? asked : faultCount;
  // Not checked yet: what is wrong in it is named below.
  const name = protocol as Setting['protocol'];
  const setting: Setting = {
    protocol: name,
    mode: (options.mode as Setting['mode'] | undefined) ?? defaultMode(name),
    isCouncil: options.council ?? false,
    generals: generalIds(generalCount),
    commander: 'general-0',
    traitorsMax,
  };
  const [problem] = checkSetting(setting);
  if (problem !== undefined) throw invalidArgument(problem.field, problem.problem);
  const traitorCount = asked ?? traitorsMax;
  if (traitorCount > generalCount)
    throw invalidArgument('--traitors', `${traitorCount} of ${generalCount} generals cannot betray`);
  const bound = protocolOf(setting).bound(setting);
  const isWithin = bound.isWithin && traitorCount <= traitorsMax;
  if (!isWithin && !options.outsideBound) {
    const why = bound.isWithin
      ? `${traitorCount} traitors, but the round is made to withstand ${traitorsMax}`
      : `m = ${traitorsMax} needs ${bound.rule}, but n = ${generalCount} (${bound.numbers})`;
    throw new ServiceError('failed_precondition', `${why}; --outside-bound looks at it all the same`);
  }
  return { setting, traitorCount, bound, isWithin };
}
