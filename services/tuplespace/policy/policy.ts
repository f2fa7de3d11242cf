/**
 * The policy of a space: which caller may do what there. An ordered list of rules; the first that fits an act decides it, and what no
 * rule fits is refused. A space without a policy is open to everyone with a good token. The rules are data: they can be looked at,
 * compared and explained (docs/policy.md), and the state machine judges by them in the step of the act itself.
 *
 * After PEATS: Bessani, Correia, Fraga, Lung, "Sharing memory between Byzantine processes using policy-enforced tuple spaces", IEEE
 * TPDS 20(3), 2009.
 */
import type { CallerKind } from '../caller.js';
import type { Matcher } from '../template.js';

/**
 * `read` is Read, with its counts and waits, the `unless` of a Write, and Explain; `take` is Take and what is done with its hold; `write`
 * is Write and the tuples of a commit; `drop` removes the space. A policy only takes away: viewers never write, and nobody but its
 * creator and orchestrators drops a space, whatever the rules say.
 */
export type PolicyOperation = 'read' | 'watch' | 'write' | 'take' | 'lease' | 'drop';

export const policyOperations: readonly PolicyOperation[] = [
  'read',
  'watch',
  'write',
  'take',
  'lease',
  'drop',
];

export interface Policy {
  readonly rules: readonly PolicyRule[];
}

export interface PolicyRule {
  /** What the audit calls it; 1 to 64 characters. */
  readonly name: string;
  readonly effect: 'allow' | 'deny';
  /** At least one. */
  readonly operations: readonly PolicyOperation[];
  /** None: of every kind. */
  readonly kinds: readonly CallerKind[];
  /** Ids of callers; none: whatever the id. */
  readonly callers: readonly string[];
  /** Absent: every tuple. Not for `lease` and `drop`, which are about no tuple. */
  readonly template?: PolicyTemplate;
  /** The rule sleeps until a tuple stands, of just these fields, that matches one of these; none: it is awake from the start. */
  readonly after: readonly PolicyTemplate[];
  /** Once a tuple stands that matches one of these, what the rule fits is refused as over. Of `allow` only. */
  readonly until: readonly PolicyTemplate[];
}

/** A template that can speak of the caller. */
export interface PolicyTemplate {
  readonly fields: readonly PolicyMatcher[];
  /** Whether tuples with more fields match too, whatever is in them. */
  readonly hasMore: boolean;
}

export type PolicyMatcher =
  | Matcher
  /** The caller's id, a string. */
  | { readonly kind: 'caller' }
  /** The caller's epoch, an int64. */
  | { readonly kind: 'epoch' }
  /** In `after` and `until` of rules for `write` alone: the value that the tuple has at this position. */
  | { readonly kind: 'field'; readonly position: number };
