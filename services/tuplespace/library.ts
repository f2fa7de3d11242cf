/**
 * The tuple space as a library: what a program of somebody else's imports, as `byzantine-generals/tuplespace`. The promises are those of
 * docs/tuplespace.md; ways to use it stand in docs/recipes.md.
 */
export { type Clock, type ErrorCode, ServiceError, systemClock } from '../runtime/index.js';
export { TupleSpaceClient, type TupleSpaceClientOptions } from './client.js';
export { type FollowOptions, follow } from './follow.js';
export type { Policy, PolicyMatcher, PolicyOperation, PolicyRule, PolicyTemplate } from './policy/policy.js';
export {
  allow,
  boardPolicy,
  boardRules,
  deny,
  mailboxPolicy,
  mailboxRules,
  neverTake,
  openPolicy,
  policyPrefix,
  policyTemplate,
  theCaller,
  theEpoch,
} from './policy/presets.js';
export { readAll } from './read-all.js';
export type * from './space.js';
export { any, anyOf, between, exact, matches, prefix, type Template, template } from './template.js';
export type { StoredTuple, Tuple, Value, ValueType } from './tuple.js';
