/**
 * What the requests about spaces and callers must be. Errors: invalid_argument, naming the field.
 */
import { invalidArgument } from '../runtime/index.js';
import type { Caller, CallerKind } from './caller.js';
import { anonymous, callerKinds } from './caller.js';
import { checkCallerId, checkInteger, checkPattern, checkSpaceName, checkText } from './checks-field.js';
import { checkPolicy } from './checks-policy.js';
import { checkTemplate } from './checks-template.js';
import type { SpaceLimits } from './limits.js';
import type { Policy } from './policy/policy.js';
import type { EnrolRequest, PutTokenRequest, SpaceSettings, UniqueRule } from './space.js';

/** What a store gives to spaces whose settings say nothing. */
export interface SettingsDefaults {
  readonly limits: SpaceLimits;
  readonly ceilings: SpaceLimits;
  readonly historyMax: number;
}

/** A space's settings with every default filled in. */
export interface EffectiveSettings {
  readonly limits: SpaceLimits;
  readonly historyMax: number;
  readonly uniqueRules: readonly UniqueRule[];
  /** Absent: everyone with a good token may do everything. */
  readonly policy?: Policy;
}

/** Most unique rules of one space: each is tried on each tuple written. */
const uniqueRulesMax = 64;
const historyCeiling = 10_000_000;
const tokenTtlMsMax = 366 * 24 * 3_600_000;

export function checkSettings(settings: SpaceSettings, defaults: SettingsDefaults): EffectiveSettings {
  const limits = checkLimits(settings.limits ?? {}, defaults);
  const rules = settings.uniqueRules ?? [];
  if (!Array.isArray(rules) || rules.length > uniqueRulesMax) {
    throw invalidArgument('settings.uniqueRules', `is not a list of at most ${uniqueRulesMax} rules`);
  }
  const { historyMax } = settings;
  return {
    limits,
    historyMax: checkInteger(historyMax, 'settings.historyMax', {
      min: 1,
      max: historyCeiling,
      fallback: defaults.historyMax,
    }),
    uniqueRules: Array.from(rules, (rule, i) => checkRule(rule, `settings.uniqueRules[${i}]`, limits)),
    ...(settings.policy && { policy: checkPolicy(settings.policy, limits) }),
  };
}

export function checkEnrol(request: EnrolRequest): EnrolRequest {
  const id = checkCallerId(request.id, 'id');
  const kinds: readonly CallerKind[] = ['orchestrator', 'node', 'viewer', 'client'];
  if (!kinds.includes(request.kind)) {
    throw invalidArgument('kind', `"${request.kind}" cannot enrol, allowed are ${kinds.join(', ')}`);
  }
  const isReserved = id === anonymous.id || id.startsWith('general-');
  if (isReserved || (id === 'orchestrator' && request.kind !== 'orchestrator')) {
    throw invalidArgument('id', `"${id}" is reserved`);
  }
  if (typeof request.secret !== 'string') throw invalidArgument('secret', 'is not a text');
  return { kind: request.kind, id, secret: request.secret };
}

export function checkToken(request: PutTokenRequest): PutTokenRequest {
  const tokenHash = checkTokenHash(request.tokenHash);
  const { ttlMs } = request;
  const { kind, node, space, expiresAtMs } = request.caller;
  if (!callerKinds.includes(kind)) {
    throw invalidArgument('caller.kind', `"${kind}" is not a kind, allowed are ${callerKinds.join(', ')}`);
  }
  if (kind === 'general' && space === undefined) {
    throw invalidArgument('caller.space', "a general's token is bound to a space, and there is none given");
  }
  if (kind !== 'general' && node !== undefined) {
    throw invalidArgument('caller.node', `"${node}": only a general's token is bound to a node`);
  }
  if (ttlMs !== undefined && expiresAtMs !== undefined) {
    throw invalidArgument(
      'ttlMs',
      `${ttlMs}, and caller.expiresAtMs = ${expiresAtMs}: only one can be given`,
    );
  }
  const epochs = kind === 'general' ? { min: 1, max: 2 ** 32 - 1 } : { min: 0, max: 0 };
  const caller: Caller = {
    kind,
    id: checkCallerId(request.caller.id, 'caller.id'),
    epoch: checkInteger(request.caller.epoch, 'caller.epoch', epochs),
    ...(node !== undefined && { node: checkCallerId(node, 'caller.node') }),
    ...(space !== undefined && { space: checkSpaceName(space) }),
    ...(expiresAtMs !== undefined && {
      expiresAtMs: checkInteger(expiresAtMs, 'caller.expiresAtMs', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    }),
  };
  if (ttlMs === undefined) return { tokenHash, caller };
  return { tokenHash, caller, ttlMs: checkInteger(ttlMs, 'ttlMs', { min: 1, max: tokenTtlMsMax }) };
}

export function checkTokenHash(tokenHash: unknown): string {
  return checkPattern(tokenHash, 'tokenHash', /^[0-9a-f]{64}$/, '64 lower-case hex digits, a SHA-256');
}

/** The size of a page of a list: 1 to 1,000; 100 where it is absent. */
export function checkPageLimit(limit: number | undefined): number {
  return checkInteger(limit, 'limit', { min: 1, max: 1_000, fallback: 100 });
}

function checkLimits(wanted: Partial<SpaceLimits>, { limits, ceilings }: SettingsDefaults): SpaceLimits {
  const effective: Record<string, number> = { ...limits };
  for (const [name, value] of Object.entries(wanted)) {
    const field = `settings.limits.${name}`;
    if (!Object.hasOwn(limits, name)) {
      throw invalidArgument(field, `is not a limit, allowed are ${Object.keys(limits).join(', ')}`);
    }
    if (value === undefined) continue;
    effective[name] = checkInteger(value, field, { min: 1, max: ceilings[name as keyof SpaceLimits] });
  }
  const checked = effective as unknown as SpaceLimits;
  if (checked.ttlMsMin > checked.ttlMsMax) {
    const { ttlMsMin, ttlMsMax } = checked;
    throw invalidArgument('settings.limits.ttlMsMin', `${ttlMsMin} is more than ttlMsMax = ${ttlMsMax}`);
  }
  return checked;
}

function checkRule(rule: UniqueRule, field: string, limits: SpaceLimits): UniqueRule {
  const name = checkText(rule?.name, `${field}.name`, 64);
  const template = checkTemplate(rule.template, `${field}.template`, limits);
  if (!Array.isArray(rule.fields)) throw invalidArgument(`${field}.fields`, 'is not a list of positions');
  const fields = Array.from(rule.fields, (position, i) =>
    checkInteger(position, `${field}.fields[${i}]`, { min: 0, max: template.length - 1 }),
  );
  return { name, template, fields, isPerWriter: rule.isPerWriter === true };
}
