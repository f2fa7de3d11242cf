import type { VoteNode } from '../consensus/index.js';

/** A general as people may look at it. */
export interface GeneralView {
  readonly phase: number;
  readonly isCommander: boolean;
  readonly isTraitor: boolean;
  readonly votes?: VoteNode;
  readonly decision?: 'Attack' | 'Retreat';
  readonly sentCount: number;
}
