/**
 * What a space of a state machine is made with.
 */
import type { EffectiveSettings } from '../../checks-admin.js';
import type { SpaceSettings } from '../../space.js';
import type { Pace } from './pace.js';
import type { StateBounds } from './state.js';

export interface MemorySpaceOptions {
  readonly name: string;
  /** Id of the caller that created it. */
  readonly creator: string;
  readonly settings: SpaceSettings;
  readonly effective: EffectiveSettings;
  readonly bounds: StateBounds;
  readonly incarnation: string;
  /** Secret that its tickets are made with. */
  readonly ticketKey: string;
  readonly pace: Pace;
}
