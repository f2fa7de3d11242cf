/**
 * The guard of a space: judges acts by the space's policy, in the step of the act. An act that it lets pass may still fail; one that it
 * refuses tells nothing of what stands in the space.
 */
import type { Caller } from '../../caller.js';
import type { CheckedSettle } from '../../checks-request.js';
import type { CheckedTuple } from '../../checks-tuple.js';
import {
  type CallerRules,
  decide,
  noRule,
  type Ruling,
  rulesFor,
  type Stands,
  type Subject,
} from '../../policy/decide.js';
import type { Policy, PolicyOperation } from '../../policy/policy.js';
import type { Template } from '../../template.js';
import { Refused } from './refusal.js';

export interface GuardOptions {
  /** Absent: everything passes. */
  readonly policy: Policy | undefined;
  readonly stands: Stands;
}

export class Guard {
  readonly #options: GuardOptions;
  readonly #rules = new WeakMap<Caller, Map<PolicyOperation, CallerRules>>();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** Errors: permission_denied, failed_precondition (the rule that allowed it is over). */
  checkTuples(operation: PolicyOperation, caller: Caller, tuples: readonly CheckedTuple[]): void {
    const { policy } = this.#options;
    if (policy === undefined) return;
    const rules = this.#rulesOf(policy, { operation, caller });
    const stands = remembered(this.#options.stands);
    for (const tuple of tuples) {
      const ruling = decide(rules, { kind: 'tuple', tuple: tuple.values }, stands);
      if (!ruling.isAllowed) throw refused(ruling, caller, { operation, tuple });
    }
  }

  /** No template means everything. Errors: as `checkTuples`. */
  checkTemplates(operation: PolicyOperation, caller: Caller, templates: readonly Template[]): void {
    const { policy } = this.#options;
    if (policy === undefined) return;
    if (templates.length === 0) this.checkSpace(operation, caller);
    for (const template of templates) {
      const ruling = this.#decide(policy, { operation, caller }, { kind: 'template', template });
      if (!ruling.isAllowed) throw refused(ruling, caller, { operation, template });
    }
  }

  /** As `checkTemplates`, as a question. */
  lets(operation: PolicyOperation, caller: Caller, templates: readonly Template[]): boolean {
    const { policy } = this.#options;
    if (policy === undefined) return true;
    return templates.every(
      (template) => this.#decide(policy, { operation, caller }, { kind: 'template', template }).isAllowed,
    );
  }

  /** For what is about the whole space. Errors: as `checkTuples`. */
  checkSpace(operation: PolicyOperation, caller: Caller): void {
    const { policy } = this.#options;
    if (policy === undefined) return;
    const ruling = this.#decide(policy, { operation, caller }, { kind: 'space' });
    if (!ruling.isAllowed) throw refused(ruling, caller, { operation });
  }

  /** What a hold's end does to its tuples is a part of their take; a caller that may take nothing need not have a hold. */
  checkSettle(caller: Caller, action: CheckedSettle, heldBy: () => readonly CheckedTuple[]): void {
    const { policy } = this.#options;
    if (policy === undefined) return;
    const rules = this.#rulesOf(policy, { operation: 'take', caller });
    if (!rules.some(({ rule }) => rule.effect === 'allow')) this.checkSpace('take', caller);
    this.checkTuples('take', caller, heldBy());
    if (action.kind === 'commit') this.checkTuples('write', caller, action.tuples);
  }

  /** Whether a caller may know all that stands in the space, and so its counts. */
  isOpenTo(caller: Caller): boolean {
    const { policy } = this.#options;
    if (policy === undefined) return true;
    return this.#decide(policy, { operation: 'read', caller }, { kind: 'space' }).isAllowed;
  }

  /** Whether what was let pass may be refused later. */
  isPassing(operation: PolicyOperation): boolean {
    const rules = this.#options.policy?.rules ?? [];
    return rules.some(({ operations, after, until }) => {
      return operations.includes(operation) && (after.length > 0 || until.length > 0);
    });
  }

  #decide(policy: Policy, asked: { operation: PolicyOperation; caller: Caller }, subject: Subject): Ruling {
    return decide(this.#rulesOf(policy, asked), subject, this.#options.stands);
  }

  #rulesOf(
    policy: Policy,
    { operation, caller }: { operation: PolicyOperation; caller: Caller },
  ): CallerRules {
    const known = this.#rules.get(caller) ?? new Map<PolicyOperation, CallerRules>();
    this.#rules.set(caller, known);
    const rules = known.get(operation) ?? rulesFor(policy, operation, caller);
    known.set(operation, rules);
    return rules;
  }
}

/** What stands does not change while one act is judged; a condition without the tuple's fields is one template for all its tuples. */
function remembered(stands: Stands): Stands {
  const answers = new Map<Template, boolean>();
  return (template) => {
    const answer = answers.get(template) ?? stands(template);
    answers.set(template, answer);
    return answer;
  };
}

function refused(
  { rule, isOver }: Ruling,
  { id }: Caller,
  about: { operation: PolicyOperation; tuple?: CheckedTuple; template?: Template },
): Refused {
  const { operation } = about;
  const by = { ...about, rule };
  if (isOver)
    return new Refused(
      'failed_precondition',
      `rule "${rule}": the time for ${id} to ${operation} it is over`,
      {
        by,
      },
    );
  const reason =
    rule === noRule ? `no rule of the policy lets ${id}` : `rule "${rule}" of the policy refuses ${id} to`;
  return new Refused('permission_denied', `policy: ${reason} ${operation} this`, { by });
}
