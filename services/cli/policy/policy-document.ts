/**
 * The settings of a space as a document that people write, in TOML: its policy, its unique rules and its limits (docs/policy.md).
 */
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { invalidArgument } from '../../runtime/index.js';
import type { PolicyRule, SpaceLimits, SpaceSettings, UniqueRule } from '../../tuplespace/index.js';
import { callerKinds, defaultLimits, policyOperations, policyPresets } from '../../tuplespace/index.js';
import { parseTemplate } from '../literal/parse.js';
import { parsePolicyTemplate } from '../literal/policy-template.js';

const operations = z.array(z.enum(policyOperations));
const texts = z.array(z.string());

const rule = z
  .strictObject({
    name: z.string(),
    allow: operations.optional(),
    deny: operations.optional(),
    kinds: z.array(z.enum(callerKinds)).default([]),
    callers: texts.default([]),
    template: z.string().optional(),
    after: texts.default([]),
    until: texts.default([]),
  })
  .refine(({ allow, deny }) => (allow === undefined) !== (deny === undefined), {
    message: 'must have one of allow and deny',
  });

const unique = z.strictObject({
  name: z.string(),
  template: z.string(),
  fields: z.array(z.int().min(0)),
  per_writer: z.boolean().default(false),
});

const document = z.strictObject({
  policy: z.literal(1),
  preset: z.enum(['mailbox', 'board', 'open']).optional(),
  rule: z.array(rule).default([]),
  unique: z.array(unique).default([]),
  limits: z.record(z.string(), z.int().min(1)).default({}),
});

/** The settings that a text asks for; its own rules come before those of its preset. Errors: invalid_argument, naming the place. */
export function parsePolicyDocument(name: string, text: string): SpaceSettings {
  const parsed = document.safeParse(parseToml(name, text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalidArgument(`${name}: ${(issue?.path ?? []).join('.')}`, issue?.message ?? 'is not a policy');
  }
  const { preset, rule: rules, unique: uniqueRules, limits } = parsed.data;
  const own = rules.map((each, i) => within(`${name}: rule ${i + 1}`, () => toRule(each)));
  return {
    policy: { rules: [...own, ...(preset === undefined ? [] : policyPresets[preset].rules)] },
    uniqueRules: uniqueRules.map((each, i) => within(`${name}: unique ${i + 1}`, () => toUniqueRule(each))),
    limits: toLimits(name, limits),
  };
}

function parseToml(name: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw invalidArgument(`${name}: line ${error.line}`, error.message.split('\n')[0] ?? '');
  }
}

function toRule({ allow, deny, template, after, until, ...rest }: z.infer<typeof rule>): PolicyRule {
  return {
    ...rest,
    effect: allow === undefined ? 'deny' : 'allow',
    operations: allow ?? deny ?? [],
    ...(template !== undefined && { template: parsePolicyTemplate(template) }),
    after: after.map(parsePolicyTemplate),
    until: until.map(parsePolicyTemplate),
  };
}

function toUniqueRule({ name, template, fields, per_writer }: z.infer<typeof unique>): UniqueRule {
  return { name, template: parseTemplate(template), fields, isPerWriter: per_writer };
}

/** `caller_tuples_max` is `callerTuplesMax`. */
function toLimits(name: string, limits: Readonly<Record<string, number>>): Partial<SpaceLimits> {
  const named = Object.entries(limits).map(([key, value]) => {
    const limit = key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (Object.hasOwn(defaultLimits, limit)) return [limit, value] as const;
    throw invalidArgument(`${name}: limits.${key}`, 'is not a limit');
  });
  return Object.fromEntries(named);
}

function within<Result>(place: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw invalidArgument(place, (error as Error).message);
  }
}
