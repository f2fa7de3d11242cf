/**
 * What a rule covers is what it matches: no template is let through that matches a tuple which the rule does not, and none is kept from
 * a denying rule that matches a tuple which it does.
 */
import * as fc from 'fast-check';
import type { Caller } from '../caller.js';
import { type Matcher, matches, matchesField, type Template } from '../template.js';
import type { Tuple, Value } from '../tuple.js';
import { canMeet, covers, type RuleTemplate } from './covers.js';
import { decide, noRule, rulesFor } from './decide.js';
import {
  allow,
  boardPolicy,
  deny,
  mailboxPolicy,
  openPolicy,
  policyPrefix,
  policyTemplate,
  theCaller,
} from './presets.js';

const value: fc.Arbitrary<Value> = fc.constantFrom<Value>('', 'a', 'ab', 'b', 0n, 1n, 2n, 0, 1, true, null);
const bound = fc.constantFrom<'a' | 'ab' | 0n | 1n>('a', 'ab', 0n, 1n);
const end = fc.record({ value: bound, isInclusive: fc.boolean() });
const matcher: fc.Arbitrary<Matcher> = fc.oneof(
  value.map((exactly) => ({ kind: 'exact' as const, value: exactly })),
  fc.constant({ kind: 'any' as const }),
  fc
    .constantFrom('int64', 'string', 'bool')
    .map((type) => ({ kind: 'type' as const, type: type as 'int64' })),
  fc.constantFrom('', 'a', 'ab').map((start) => ({ kind: 'prefix' as const, value: start })),
  fc
    .tuple(end, end, fc.constantFrom('low', 'high', 'both'))
    .filter(([low, high]) => typeof low.value === typeof high.value)
    .map(([low, high, ends]) => ({
      kind: 'range' as const,
      ...(ends !== 'high' && { low }),
      ...(ends !== 'low' && { high }),
    })),
);
const fields = fc.array(matcher, { minLength: 1, maxLength: 2 });
const ruleTemplate: fc.Arbitrary<RuleTemplate> = fc.record({ fields, hasMore: fc.boolean() });
const tuple: fc.Arbitrary<Tuple> = fc.array(value, { minLength: 1, maxLength: 3 });

function matchesRule({ fields: wanted, hasMore }: RuleTemplate, values: Tuple): boolean {
  const isLong = hasMore ? values.length >= wanted.length : values.length === wanted.length;
  return isLong && wanted.every((one, i) => matchesField(one, values[i] ?? null));
}

test('what is covered is matched by the rule, and what a rule matches of a template is met', () => {
  let coveredCount = 0;
  let apartCount = 0;
  fc.assert(
    fc.property(
      ruleTemplate,
      fc.array(matcher, { minLength: 1, maxLength: 3 }),
      tuple,
      (rule, asked, values) => {
        const isCovered = covers(rule, asked);
        const isMet = canMeet(rule, asked);
        if (isCovered) coveredCount += 1;
        if (!isMet) apartCount += 1;
        if (!matches(asked, values)) return;
        if (isCovered) expect(matchesRule(rule, values)).toBe(true);
        if (!isMet) expect(matchesRule(rule, values)).toBe(false);
      },
    ),
    { numRuns: 20_000 },
  );
  expect(Math.min(coveredCount, apartCount)).toBeGreaterThan(500);
});

test('every template covers and meets itself', () => {
  fc.assert(
    fc.property(fields, (asked: Template) => {
      expect(covers({ fields: asked, hasMore: false }, asked)).toBe(true);
      expect(canMeet({ fields: asked, hasMore: false }, asked)).toBe(true);
    }),
  );
});

const general: Caller = { kind: 'general', id: 'general-1', epoch: 2, space: 'round-1' };
const nothing = () => false;

describe('a policy', () => {
  test('refuses what no rule fits', () => {
    const ruling = decide(rulesFor({ rules: [] }, 'read', general), { kind: 'space' }, nothing);
    expect(ruling).toEqual({ isAllowed: false, rule: noRule, isOver: false });
  });

  test('is decided by the first rule that fits, not by the strictest', () => {
    const gold = { template: policyPrefix('gold') };
    const subject = { kind: 'tuple', tuple: ['gold', 1n] } as const;
    const decided = (...rules: ReturnType<typeof allow>[]) =>
      decide(rulesFor({ rules }, 'write', general), subject, nothing).rule;
    expect(decided(allow('first', ['write'], gold), deny('second', ['write']))).toBe('first');
    expect(decided(deny('second', ['write']), allow('first', ['write'], gold))).toBe('second');
    expect(decided(allow('other', ['take']), allow('kind', ['write'], { kinds: ['node'] }))).toBe(noRule);
  });

  test('binds a read to the caller: its own name passes, a wildcard does not', () => {
    const rules = rulesFor(mailboxPolicy, 'read', general);
    const ask = (...to: Matcher[]) => {
      const kind: Matcher = { kind: 'exact', value: 'vote' };
      const template: Template = [kind, { kind: 'any' }, ...to, { kind: 'any' }];
      return decide(rules, { kind: 'template', template }, nothing).isAllowed;
    };
    expect(ask({ kind: 'exact', value: 'general-1' })).toBe(true);
    expect(ask({ kind: 'any' })).toBe(false);
    expect(ask({ kind: 'prefix', value: 'general-1' })).toBe(false);
    expect(ask({ kind: 'type', type: 'string' })).toBe(false);
  });

  test('lets everybody read a board, and post on it in no name but the own', () => {
    const decided = (operation: 'read' | 'write', author: string) =>
      decide(rulesFor(boardPolicy, operation, general), { kind: 'tuple', tuple: ['vote', author] }, nothing);
    expect(decided('read', 'general-2').isAllowed).toBe(true);
    expect(decided('write', 'general-1').isAllowed).toBe(true);
    expect(decided('write', 'general-2').isAllowed).toBe(false);
  });

  test('that is open allows everything to everyone', () => {
    for (const operation of ['read', 'watch', 'write', 'take', 'lease', 'drop'] as const) {
      expect(decide(rulesFor(openPolicy, operation, general), { kind: 'space' }, nothing).isAllowed).toBe(
        true,
      );
    }
  });

  test('asks what stands with the fields of the tuple', () => {
    const rule = allow('vote', ['write'], {
      template: policyPrefix('vote', theCaller),
      until: [policyTemplate('close', { kind: 'field', position: 2 })],
    });
    const asked: Template[] = [];
    const stands = (template: Template) => asked.push(template) > 0;
    const subject = { kind: 'tuple', tuple: ['vote', 'general-1', 7n] } as const;
    const ruling = decide(rulesFor({ rules: [rule] }, 'write', general), subject, stands);
    expect(ruling).toEqual({ isAllowed: false, rule: 'vote', isOver: true });
    expect(asked).toEqual([policyTemplate('close', 7n).fields]);
  });
});
