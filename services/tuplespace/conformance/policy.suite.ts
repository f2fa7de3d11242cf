/**
 * A policy decides who may do what: by the first rule that fits, in the step of the act, and without telling anything of what stands.
 */

import type { Policy } from '../policy/policy.js';
import { allow, mailboxPolicy, policyTemplate, theCaller, theEpoch } from '../policy/presets.js';
import { any, exact, template } from '../template.js';
import type { Place } from './place.suite.js';
import { allRefused, refused } from './refusals.suite.js';
import type { Scene } from './scene.suite.js';
import type { CheckGroup } from './subject.suite.js';

const everyone = template(any, any, any, any);
const mailOf = (general: string) => template('mail', any, general, any);

/** A mailbox, seen by two generals and the orchestrator. */
async function mailbox(scene: Scene, policy: Policy = mailboxPolicy) {
  const place = await scene.place({ policy }, scene.orchestrator);
  const [one, two] = await Promise.all(
    ['general-1', 'general-2'].map(async (id) => place.as(await scene.general(place, { id }))),
  );
  if (one === undefined || two === undefined) throw new Error('there are two');
  return { place, one, two };
}

/** Everything that shows what others wrote to each other. */
function peeks(place: Place): Promise<unknown>[] {
  const theirs = mailOf('general-2');
  return [
    place.read(theirs),
    place.read(everyone),
    place.read([mailOf('general-1'), theirs]),
    place.read(theirs, { countOnly: true }),
    place.read(theirs, { min: 1, waitMs: 1 }),
    place.watch([theirs]).next(),
    place.watch().next(),
    place.watch([theirs], { revision: 1n }).next(),
    place.take(theirs),
    place.take(theirs, { waitMs: 1 }),
    place.writeWith({ tuples: [['mail', 'general-1', 'general-2', 'me too']], unless: theirs }),
    place.caller.explain({ space: place.space, template: theirs }),
  ];
}

export const policyChecks: CheckGroup = {
  topic: 'policies',
  checks: [
    {
      claim: 'a letter is written by its sender and read by its recipient, each by name',
      run: async (scene) => {
        const { place, one, two } = await mailbox(scene);
        await one.write(['mail', 'general-1', 'general-2', 'Attack']);
        expect(await two.values(mailOf('general-2'))).toEqual([['mail', 'general-1', 'general-2', 'Attack']]);
        expect(await one.count(template('mail', 'general-1', any, any))).toBe(1);
        await refused(one.write(['mail', 'general-2', 'general-1', 'Retreat']), 'permission_denied');
        await refused(one.write(['mail', 'general-1']), 'permission_denied');
        expect(await place.count(everyone)).toBe(1);
      },
    },
    {
      claim:
        'a letter that is not there and one that is are refused alike to everyone else, however they ask',
      run: async (scene) => {
        const { place, one, two } = await mailbox(scene);
        const before = await Promise.all(peeks(one).map((peek) => refused(peek, 'permission_denied')));
        await two.write(['mail', 'general-2', 'general-2', 'secret']);
        const after = await Promise.all(peeks(one).map((peek) => refused(peek, 'permission_denied')));
        expect(after.map(({ message, details }) => [message, details])).toEqual(
          before.map(({ message, details }) => [message, details]),
        );
        expect((await one.caller.listSpaces({})).spaces).toEqual([]);
        expect(await place.count(everyone)).toBe(1);
      },
    },
    {
      claim: 'a refused act changes nothing, and stands in the audit with who, what and the rule',
      run: async (scene) => {
        const { place, one } = await mailbox(scene);
        await one.write(['mail', 'general-1', 'general-2', 'Attack']);
        const before = await place.info();
        await refused(one.write(['mail', 'general-2', 'general-1', 'Retreat']), 'permission_denied');
        await refused(one.read(everyone), 'permission_denied');
        await refused(one.take(mailOf('general-1')), 'permission_denied');
        await refused(one.watch().next(), 'permission_denied');
        await refused(one.lease({ ttlMs: scene.longMs }), 'permission_denied');
        await refused(one.settle('hold-1-x', { kind: 'release' }), 'permission_denied');
        await refused(one.caller.dropSpace({ space: place.space }), 'permission_denied');
        expect(await place.info()).toEqual(before);
        const { entries, refusals } = await scene.orchestrator.readAudit({ space: place.space });
        expect(entries.map(({ operation, rule, callerId }) => `${callerId} ${operation} ${rule}`)).toEqual([
          'general-1 write default',
          'general-1 read default',
          'general-1 take never-take',
          'general-1 watch default',
          'general-1 lease default',
          'general-1 take never-take',
          'general-1 drop kind',
        ]);
        expect(entries[0]?.tuple).toEqual(['mail', 'general-2', 'general-1', 'Retreat']);
        expect(entries[1]?.template).toEqual(everyone);
        expect(refusals).toContainEqual({ callerId: 'general-1', rule: 'default', count: 4 });
      },
    },
    {
      claim: 'the first rule that fits decides, and a write is refused whole',
      run: async (scene) => {
        const policy: Policy = {
          rules: [
            { ...allow('no-gold', ['write'], { template: policyTemplate('gold', any) }), effect: 'deny' },
            allow('anything', ['read', 'write']),
          ],
        };
        const { one } = await mailbox(scene, policy);
        const error = await refused(one.write(['iron', 1n], ['gold', 1n]), 'permission_denied');
        expect(error.details).toMatchObject({ rule: 'no-gold' });
        expect(await one.count(template(any, any))).toBe(0);
        await one.write(['gold', 1n, 'in other words'], ['iron', 1n]);
      },
    },
    {
      claim: 'a denying rule refuses whatever it can meet, an allowing one needs all of the template',
      run: async (scene) => {
        const policy: Policy = {
          rules: [
            { ...allow('sealed', ['read'], { template: policyTemplate('sealed', any) }), effect: 'deny' },
            allow('numbers', ['read'], { template: policyTemplate(any, { kind: 'type', type: 'int64' }) }),
          ],
        };
        const { one } = await mailbox(scene, policy);
        const int = { kind: 'type', type: 'int64' } as const;
        await one.read(template('open', int));
        await one.read(template('open', 5n));
        await one.read(
          template({ kind: 'prefix', value: 'o' }, { kind: 'range', low: { value: 1n, isInclusive: true } }),
        );
        await refused(one.read(template(any, int)), 'permission_denied');
        await refused(one.read(template('open', any)), 'permission_denied');
        await refused(one.read(template('sealed', 5n)), 'permission_denied');
      },
    },
    {
      claim: 'a rule is over once its end stands, and wakes once its beginning does',
      run: async (scene) => {
        const policy: Policy = {
          rules: [
            allow('keeper', ['write'], { kinds: ['orchestrator'] }),
            allow('vote', ['write'], {
              template: policyTemplate('vote', theCaller, any),
              until: [policyTemplate('close', { kind: 'field', position: 2 })],
            }),
            allow('result', ['read'], {
              template: policyTemplate('vote', any, any),
              after: [policyTemplate('close', exact(2n))],
            }),
          ],
        };
        const { place, one, two } = await mailbox(scene, policy);
        await one.write(['vote', 'general-1', 1n]);
        await place.write(['close', 1n]);
        const error = await refused(two.write(['vote', 'general-2', 1n]), 'failed_precondition');
        expect(error.details).toMatchObject({ rule: 'vote' });
        await two.write(['vote', 'general-2', 2n]);
        await refused(two.read(template('vote', any, any)), 'permission_denied');
        await place.write(['close', 2n]);
        expect(await two.count(template('vote', any, any))).toBe(2);
      },
    },
    {
      claim: 'a write that was answered is answered again after its rule is over',
      run: async (scene) => {
        const policy: Policy = {
          rules: [allow('once', ['write'], { until: [policyTemplate('end')] })],
        };
        const { one } = await mailbox(scene, policy);
        const requestId = { session: 's', sequence: 1, lowestUnanswered: 1 };
        const first = await one.writeWith({ tuples: [['a']], requestId });
        await one.write(['end']);
        expect(await one.writeWith({ tuples: [['a']], requestId })).toEqual(first);
        await refused(one.write(['b']), 'failed_precondition');
      },
    },
    {
      claim: 'a template can ask for the epoch, kinds and ids of callers',
      run: async (scene) => {
        const policy: Policy = {
          rules: [
            allow('key', ['write'], {
              kinds: ['general'],
              template: policyTemplate('key', theCaller, theEpoch),
            }),
            allow('chief', ['write'], { callers: ['general-2'], template: policyTemplate('order') }),
          ],
        };
        const { place, one, two } = await mailbox(scene, policy);
        await one.write(['key', 'general-1', 1n]);
        await refused(one.write(['key', 'general-1', 2n]), 'permission_denied');
        await refused(place.write(['key', 'orchestrator', 0n]), 'permission_denied');
        await refused(one.write(['order']), 'permission_denied');
        await two.write(['order']);
      },
    },
    {
      claim: 'a hold is its taker’s under the same rule as the take',
      run: async (scene) => {
        const own = policyTemplate('job', theCaller);
        const policy: Policy = {
          rules: [
            allow('keeper', ['write'], { kinds: ['orchestrator'] }),
            allow('work', ['take'], { template: own }),
            allow('done', ['write'], { template: policyTemplate('done', theCaller) }),
          ],
        };
        const { place, one, two } = await mailbox(scene, policy);
        await place.write(['job', 'general-1']);
        const { holdToken } = await one.take(template('job', 'general-1'), { holdMs: scene.longMs });
        const stolen = { kind: 'commit' as const, tuples: [['done', 'general-2']] };
        await allRefused(
          [
            two.settle(holdToken, stolen),
            two.settle(holdToken, { kind: 'release' }),
            one.settle(holdToken, stolen),
          ],
          'permission_denied',
        );
        await one.settle(holdToken, { kind: 'commit', tuples: [['done', 'general-1']] });
      },
    },
    {
      claim: 'a watch ends when its rule does, and a blocked read gets nothing then',
      run: async (scene) => {
        const policy: Policy = {
          rules: [
            allow('keeper', ['write', 'read'], { kinds: ['orchestrator'] }),
            allow('while', ['read', 'watch'], { until: [policyTemplate('end')] }),
          ],
        };
        const { place, one } = await mailbox(scene, policy);
        const frames = one.watch();
        await frames.snapshot();
        await frames.progress();
        const next = refused(frames.nextNews(), 'failed_precondition');
        const read = refused(one.read(template('end'), { waitMs: scene.longMs }), 'failed_precondition');
        await place.blockedCount(1);
        await place.write(['end']);
        await Promise.all([next, read]);
      },
    },
    {
      claim: 'a policy without rules lets nobody do anything, and a viewer writes under none',
      run: async (scene) => {
        const { place, one } = await mailbox(scene, { rules: [] });
        await allRefused([one.write(['a']), one.read(everyone), place.write(['a'])], 'permission_denied');
        const open = await scene.place({ policy: { rules: [allow('open', ['write', 'read'])] } });
        const viewer = open.as((await scene.enrol('viewer')).as);
        await refused(viewer.write(['a']), 'permission_denied');
        expect(await viewer.count(template(any))).toBe(0);
      },
    },
    {
      claim: 'a space keeps the policy that it was made with, and shows it',
      run: async (scene) => {
        const place = await scene.place({ policy: mailboxPolicy }, scene.orchestrator);
        const { space } = place;
        await scene.orchestrator.putSpace({ space, settings: { policy: mailboxPolicy } });
        await refused(scene.orchestrator.putSpace({ space, settings: {} }), 'already_exists');
        expect((await place.info()).settings.policy).toEqual(mailboxPolicy);
        await place.write(['a']);
        const stranger = await scene.client();
        const { revision } = await stranger.putSpace({ space, settings: { policy: mailboxPolicy } });
        expect(revision).toBe(0n);
      },
    },
    {
      claim: 'malformed policies are refused with the field',
      run: async (scene) => {
        const good = allow('good', ['write'], { template: policyTemplate('a') });
        const field = { kind: 'field', position: 1 } as const;
        const bad: [string, object][] = [
          ['settings.policy.rules[0].name', { name: '' }],
          ['settings.policy.rules[0].operations', { operations: [] }],
          ['settings.policy.rules[0].template', { operations: ['drop'] }],
          ['settings.policy.rules[0].template', { template: policyTemplate(field) }],
          ['settings.policy.rules[0].template.fields', { template: policyTemplate() }],
          ['settings.policy.rules[0].until', { effect: 'deny', until: [policyTemplate('a')] }],
          ['settings.policy.rules[0].after[0]', { operations: ['read'], after: [policyTemplate(field)] }],
          ['settings.policy.rules[0].after[0]', { after: [{ ...policyTemplate('a'), hasMore: true }] }],
        ];
        const space = 'check/never-made';
        for (const [where, wrong] of bad) {
          const policy = { rules: [{ ...good, ...wrong }] };
          const error = await refused(
            scene.orchestrator.putSpace({ space, settings: { policy } }),
            'invalid_argument',
          );
          expect(error.details).toMatchObject({ field: where });
        }
      },
    },
  ],
};
