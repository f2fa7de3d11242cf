/**
 * The conformance suite: what every implementation of `TupleSpace` does, promise by promise. Stores and the
 * client run the same checks; a bug found in one becomes a check for all.
 */
import { callerChecks } from './conformance/callers.suite.js';
import { expiryChecks } from './conformance/expiry.suite.js';
import { holdChecks } from './conformance/holds.suite.js';
import { limitChecks } from './conformance/limits.suite.js';
import { malformedChecks } from './conformance/malformed.suite.js';
import { matchingChecks } from './conformance/matching.suite.js';
import { policyChecks } from './conformance/policy.suite.js';
import { quotaChecks } from './conformance/quotas.suite.js';
import { requestChecks } from './conformance/requests.suite.js';
import { revisionChecks } from './conformance/revisions.suite.js';
import { Scene } from './conformance/scene.suite.js';
import { spaceChecks } from './conformance/spaces.suite.js';
import type { Check, CheckGroup, ConformanceSubject, OpenSubject } from './conformance/subject.suite.js';
import { takeChecks } from './conformance/takes.suite.js';
import { tupleChecks } from './conformance/tuples.suite.js';
import { uniqueChecks } from './conformance/unique.suite.js';
import { waitingChecks } from './conformance/waiting.suite.js';
import { watchChecks } from './conformance/watches.suite.js';
import type { Policy } from './policy/policy.js';
import { openPolicy } from './policy/presets.js';

export type { Check, CheckGroup, ConformanceSubject, OpenSubject } from './conformance/subject.suite.js';

/** Every check there is. */
export const conformanceChecks: readonly CheckGroup[] = [
  tupleChecks,
  matchingChecks,
  revisionChecks,
  takeChecks,
  holdChecks,
  requestChecks,
  waitingChecks,
  expiryChecks,
  watchChecks,
  limitChecks,
  malformedChecks,
  spaceChecks,
  callerChecks,
  policyChecks,
  quotaChecks,
  uniqueChecks,
];

/** Spaces without a policy, and spaces whose policy allows everything: both keep the same promises. */
const policies: readonly [string, Policy | undefined][] = [
  ['without a policy', undefined],
  ['under an open policy', openPolicy],
];

/**
 * Registers the suite with Jest for one implementation, in both kinds of spaces; one subject serves all checks, one after the other.
 */
export function tupleSpaceConformance(name: string, open: OpenSubject): void {
  conformanceIn(policies, name, open);
}

/**
 * The suite in spaces without a policy: for more replicas and other transports of an implementation that passes both. A policy is judged
 * in the state machine, which is the same for all of them.
 */
export function plainConformance(name: string, open: OpenSubject): void {
  conformanceIn(policies.slice(0, 1), name, open);
}

function conformanceIn(kinds: typeof policies, name: string, open: OpenSubject): void {
  describe(`${name} is a tuple space`, () => {
    let subject: ConformanceSubject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject.stop());

    describe.each(kinds)('%s', (_, policy) => {
      const run = async (check: Check) => {
        const scene = await Scene.open(subject, { openAnother: open, policy });
        try {
          await check.run(scene);
        } finally {
          await scene.close();
        }
      };
      for (const { topic, checks } of conformanceChecks) {
        describe(topic, () => {
          for (const check of checks) it(check.claim, () => run(check));
        });
      }
    });
  });
}
