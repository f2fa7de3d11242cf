/**
 * Where a traitor betrays: elsewhere it is loyal.
 */
import type { GeneralId, Setting } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import type { Problem } from '../setting.js';
import { type Place, type Plan, sayTruth } from './plan.js';

/** Every condition that is given must hold; one without any holds everywhere. */
export interface Trigger {
  /** Only in these phases. */
  readonly phases?: readonly number[];
  /** Only to these recipients. */
  readonly to?: readonly GeneralId[];
  /** Only of values that came through at least one of these generals. */
  readonly via?: readonly GeneralId[];
}

/** The plan where the trigger holds, and the truth elsewhere. */
export function triggered(plan: Plan, trigger: Trigger): Plan {
  return (place) => (holds(trigger, place) ? plan(place) : sayTruth);
}

/** All that is wrong with a trigger. Fields are like `only.to[1]`. */
export function checkTrigger(trigger: Trigger, setting: Setting): Problem[] {
  const phaseCount = protocolOf(setting).phaseCount(setting);
  const phases = (trigger.phases ?? []).flatMap((phase, i): Problem[] =>
    Number.isInteger(phase) && phase >= 0 && phase < phaseCount
      ? []
      : [{ field: `only.phases[${i}]`, problem: `must be from 0 to ${phaseCount - 1}, got ${phase}` }],
  );
  const generals = (['to', 'via'] as const).flatMap((name) =>
    (trigger[name] ?? []).flatMap((general, i): Problem[] =>
      setting.generals.includes(general)
        ? []
        : [
            {
              field: `only.${name}[${i}]`,
              problem: `must be one of the generals, got ${JSON.stringify(general)}`,
            },
          ],
    ),
  );
  return [...phases, ...generals];
}

function holds({ phases, to, via }: Trigger, place: Place): boolean {
  if (phases?.includes(place.phase) === false) return false;
  if (to?.includes(place.to) === false) return false;
  return via === undefined || place.path.slice(0, -1).some((general) => via.includes(general));
}
