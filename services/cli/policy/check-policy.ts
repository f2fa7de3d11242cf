/**
 * `byz space policy check`: what a caller may do under a policy, and which rule decides.
 */
import { invalidArgument } from '../../runtime/index.js';
import type { Caller, Policy, PolicyOperation, PolicyRule, Ruling, Subject } from '../../tuplespace/index.js';
import {
  callerKinds,
  decide,
  noRule,
  policyOperations,
  policyPresets,
  rulesFor,
} from '../../tuplespace/index.js';
import type { PolicyCheckOptions } from '../commands/policy.js';
import type { ExitCode } from '../exit-codes.js';
import { exitCodes } from '../exit-codes.js';
import { parseTemplate, parseTuple } from '../literal/parse.js';
import { printPolicyTemplate } from '../literal/policy-template.js';
import { alignedTable } from '../output/table.js';
import { withSpace } from '../remote.js';
import type { GlobalOptions, Shell } from '../shell.js';
import { findSpace } from '../space-admin.js';
import { readPolicyFile } from './policy-file.js';

/** `byzantine.policy-check/1`. */
export interface PolicyCheckDocument {
  readonly schema: 'byzantine.policy-check/1';
  readonly caller: Caller;
  /** Those that the caller's acts can meet, in their order. */
  readonly rules: readonly (Omit<PolicyRule, 'template' | 'after' | 'until'> & {
    readonly template: string;
    readonly after: readonly string[];
    readonly until: readonly string[];
  })[];
  /** Null when no act was asked about. */
  readonly ruling: { readonly isAllowed: boolean; readonly rule: string } | null;
}

export async function checkPolicyOf(
  shell: Shell,
  options: PolicyCheckOptions & GlobalOptions,
  source: string,
): Promise<ExitCode> {
  const caller = toCaller(options.as);
  const policy = await policyOf(shell, options, source);
  const rules = policy.rules.filter((rule) => concerns(rule, caller));
  const asked = toAct(options);
  const ruling = asked && decide(rulesFor(policy, asked.operation, caller), asked.subject, () => false);
  const document: PolicyCheckDocument = {
    schema: 'byzantine.policy-check/1',
    caller,
    rules: rules.map(printRule),
    ruling: ruling === undefined ? null : { isAllowed: ruling.isAllowed, rule: ruling.rule },
  };
  const text = () => (ruling === undefined ? ruleTable(document) : rulingText(ruling, rules));
  shell.terminal.data(options.json ? JSON.stringify(document, null, 2) : text());
  return ruling === undefined || ruling.isAllowed ? exitCodes.ok : exitCodes.notPermitted;
}

/** A file that is there, a preset, or else a space. */
async function policyOf(
  shell: Shell,
  options: PolicyCheckOptions & GlobalOptions,
  source: string,
): Promise<Policy> {
  if (/\.toml$/.test(source) || Object.hasOwn(policyPresets, source))
    return readPolicyFile(shell, source).policy ?? { rules: [] };
  return withSpace(shell, options, async (space) => {
    const { settings } = await findSpace(space, source);
    return settings.policy ?? policyPresets.open;
  });
}

/** `general-1`, `viewer`, `node/node1`, `general/general-1@2`. */
function toCaller(text: string): Caller {
  const found = /^(?:([a-z]+)\/)?([\w.-]+)(?:@(\d+))?$/.exec(text);
  const [, kindGiven, id = '', epoch] = found ?? [];
  const isKind = (callerKinds as readonly string[]).includes(id);
  const kind = kindGiven ?? (isKind ? id : id.startsWith('general-') ? 'general' : 'client');
  const known = callerKinds.find((each) => each === kind);
  if (found === null || known === undefined)
    throw invalidArgument(
      '--as',
      `"${text}" is not a caller; such as general-1, viewer, node/node1, general/general-1@2`,
    );
  return { kind: known, id, epoch: Number(epoch ?? (known === 'general' ? 1 : 0)) };
}

function toAct({
  op,
  tuple,
  template,
}: PolicyCheckOptions): { operation: PolicyOperation; subject: Subject } | undefined {
  if (op === undefined) return undefined;
  const operation = policyOperations.find((each) => each === op);
  if (operation === undefined)
    throw invalidArgument('--op', `"${op}" is unknown, known are ${policyOperations.join(', ')}`);
  if (operation === 'write' && tuple === undefined)
    throw invalidArgument('--tuple', 'is missing: what would be written?');
  if (tuple !== undefined) return { operation, subject: { kind: 'tuple', tuple: parseTuple(tuple) } };
  if (template === undefined) return { operation, subject: { kind: 'space' } };
  return { operation, subject: { kind: 'template', template: parseTemplate(template) } };
}

function concerns({ kinds, callers }: PolicyRule, { kind, id }: Caller): boolean {
  return (kinds.length === 0 || kinds.includes(kind)) && (callers.length === 0 || callers.includes(id));
}

function printRule({ template, after, until, ...rule }: PolicyRule): PolicyCheckDocument['rules'][number] {
  return {
    ...rule,
    template: template === undefined ? 'everything' : printPolicyTemplate(template),
    after: after.map(printPolicyTemplate),
    until: until.map(printPolicyTemplate),
  };
}

function ruleTable({ rules }: PolicyCheckDocument): string {
  return alignedTable({
    head: ['rule', '', 'operations', 'of', 'after', 'until'],
    rows: rules.map(({ name, effect, operations, template, after, until }) => [
      name,
      effect,
      operations.join(' '),
      template,
      after.join(' '),
      until.join(' '),
    ]),
  });
}

function rulingText({ isAllowed, rule: name }: Ruling, rules: readonly PolicyRule[]): string {
  if (name === noRule) return 'refused: no rule fits';
  const until = rules.filter((rule) => rule.name === name).flatMap((rule) => rule.until);
  const ends = [...new Set(until.map(printPolicyTemplate))];
  const isPassing = isAllowed && ends.length > 0;
  return `${isAllowed ? 'allowed' : 'refused'} by rule "${name}"${isPassing ? `, until ${ends.join(' or ')} stands` : ''}`;
}
