/**
 * What a machine counts of all its spaces while it runs. No part of its state: another replica has a count of its own.
 */
export interface Tally {
  /** Holds that ended because nobody settled them in time. */
  expiredHoldCount: number;
}
