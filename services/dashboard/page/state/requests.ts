/**
 * Rounds of the core as requests for the services. Pure.
 */
import type { RoundPlan } from '../../../consensus/index.js';
import type { StartRound } from '../../wire.js';

/** The same round; it runs also where nothing is promised. */
export function requestOfPlan({ setting, order, inputs, traitors, seed }: RoundPlan): StartRound {
  return {
    protocol: setting.protocol,
    mode: setting.mode,
    isCouncil: setting.isCouncil,
    ...(inputs === undefined ? {} : { inputs: Object.fromEntries(inputs) }),
    generalCount: setting.generals.length,
    faultCount: setting.traitorsMax,
    traitorCount: traitors.length,
    traitors,
    order,
    seed,
    isOutsideBoundAllowed: true,
  };
}
