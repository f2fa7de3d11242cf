/**
 * What a hostile general tries with its own good token, and what it must be told. One line for each act.
 */
import { template, tuple } from './proto-values.js';
import type { Stage } from './stage.js';

export interface Act {
  readonly name: string;
  /** Of the proto file. */
  readonly method: string;
  readonly request: object;
  /** Default: the traitor's. */
  readonly token?: string;
  /** Name of the gRPC status. */
  readonly code: string;
  /** What the audit says refused it; undefined: nobody with a known right asked, or the call was malformed, and nothing is recorded. */
  readonly rule?: string;
  /** Whose audit; default: the stage's round. */
  readonly auditedIn?: string;
}

const [self, other, commander] = ['general-1', 'general-2', 'general-0'] as const;
const path = (from: string) => [commander, from];
const denied = 'PERMISSION_DENIED';

export function actsOf(stage: Stage): readonly Act[] {
  return [...speaking(stage), ...listening(stage), ...taking(stage), ...ruling(stage), ...otherTokens(stage)];
}

function speaking({ space, tooMany }: Stage): readonly Act[] {
  const write = (name: string, values: object, code = denied, rule = 'default'): Act => ({
    name,
    method: 'Write',
    request: { space, tuples: [values] },
    code,
    rule,
  });
  return [
    write(
      'vote in another name',
      tuple('vote', other, 'general-3', 'Retreat', 1, path(other)),
      denied,
      'sender',
    ),
    write('order as the commander', tuple('proposal', commander, other, 'Retreat', 0), denied, 'sender'),
    write('vote on a board', tuple('vote', self, 'Retreat', 1, path(self)), denied, 'sender'),
    write(
      'vote in a signed form',
      tuple('vote', self, other, ['Retreat'], 1, [path(self)], [[]]),
      denied,
      'sender',
    ),
    write(
      'second vote in a slot',
      tuple('vote', self, other, 'Retreat', 1, path(self)),
      'ALREADY_EXISTS',
      'slot',
    ),
    write('second decision', tuple('decision', self, 'Retreat'), 'ALREADY_EXISTS', 'decision'),
    write('decision of another', tuple('decision', other, 'Retreat')),
    write('report of another', tuple('report', other, 1, 1, 1, 1, 1)),
    write('key of another', tuple('key', other, 1, new Uint8Array(32))),
    write('key of another epoch', tuple('key', self, 2, new Uint8Array(32))),
    write('close of a phase', tuple('close', 1)),
    write('verdict', tuple('verdict', 'all is well', '{}')),
    write('end of the round', tuple('cancelled', 'because')),
    write('brief for another', tuple('brief', other, 'Retreat', null)),
    write('seat', tuple('seat', self, 'elsewhere', 2)),
    write('tuple of a kind of its own', tuple('news', self)),
    write('one tuple too many', tooMany, 'RESOURCE_EXHAUSTED', 'callerTuplesMax'),
    unrecorded(write('tuple of 70 fields', tuple(...new Array<string>(70).fill(self)), 'INVALID_ARGUMENT')),
    {
      ...write('good vote beside a forged one', {}, denied, 'sender'),
      request: {
        space,
        tuples: [
          tuple('vote', self, 'general-3', 'Attack', 9, path(self)),
          tuple('vote', other, 'general-3', 'Retreat', 9, path(other)),
        ],
      },
    },
  ];
}

function listening({ space }: Stage): readonly Act[] {
  const mail = template('vote', undefined, other, undefined, undefined, undefined);
  const all = template(...nothing(6));
  const act = (name: string, method: string, request: object): Act => ({
    name,
    method,
    request: { space, ...request },
    code: denied,
    rule: 'default',
  });
  return [
    act('read of others’ mail', 'Read', { templates: [mail] }),
    act('read of everything of a length', 'Read', { templates: [all] }),
    act('read of mail by its sender', 'Read', {
      templates: [template('vote', other, undefined, undefined, undefined, undefined)],
    }),
    act('count of others’ mail', 'Read', { templates: [mail], countOnly: true }),
    act('wait for others’ mail', 'Read', { templates: [mail], min: 5, waitMs: 50 }),
    act('own mail beside others’', 'Read', {
      templates: [template('vote', undefined, self, undefined, undefined, undefined), mail],
    }),
    act('brief of another', 'Read', { templates: [template('brief', other, undefined, undefined)] }),
    act('the traitors and the seed', 'Read', {
      templates: [template('lab', undefined, undefined, undefined, undefined)],
    }),
    act('seats', 'Read', { templates: [template('seat', undefined, undefined, undefined)] }),
    act('look by unless', 'Write', {
      tuples: [tuple('vote', self, 'general-3', 'Attack', 8, path(self))],
      unless: mail,
    }),
    act('watch of everything', 'Watch', { templates: [], from: { revision: 0 } }),
    act('watch of others’ mail', 'Watch', { templates: [mail], from: { revision: 0 } }),
    act('watch of the past', 'Watch', { templates: [mail], from: { revision: 1 } }),
    act('plan of a search', 'Explain', { template: mail }),
    { ...act('audit', 'ReadAudit', {}), rule: 'kind' },
  ];
}

function taking({ space }: Stage): readonly Act[] {
  const take = (name: string, request: object, method = 'Take', rule = 'never-take'): Act => ({
    name,
    method,
    request: { space, ...request },
    code: denied,
    rule,
  });
  return [
    take('take of its own vote', {
      templates: [template('vote', self, undefined, undefined, undefined, undefined)],
    }),
    take('take of another’s vote', {
      templates: [template('vote', other, undefined, undefined, undefined, undefined)],
    }),
    take('hold of a close', { templates: [template('close', undefined)], holdMs: 1_000 }),
    take('take that waits', { templates: [template('close', undefined)], waitMs: 50, min: 5, max: 5 }),
    take('end of a hold', { holdToken: 'hold-1-x', release: {} }, 'Settle'),
    take('lease', { ttlMs: 1_000 }, 'Lease', 'default'),
  ];
}

function ruling({ space, elsewhere, tokenHash, tokens }: Stage): readonly Act[] {
  const manage = (name: string, method: string, request: object, rest: Partial<Act> = {}): Act => ({
    name,
    method,
    request,
    code: denied,
    rule: 'kind',
    ...rest,
  });
  const [toCome, control] = [{ space: 'round-999999' }, { space: 'control' }];
  const raised = { kind: 'CALLER_KIND_ORCHESTRATOR', id: 'orchestrator' };
  return [
    manage('drop of the round', 'DropSpace', { space }),
    manage('space of its own', 'PutSpace', { space: 'mine' }),
    // There is no audit of a space that is not there.
    { ...unrecorded(manage('space of a round to come, as a node', 'PutSpace', toCome)), token: tokens.node },
    { ...unrecorded(manage('space of a round to come', 'PutSpace', toCome)), token: tokens.client },
    manage('control space', 'PutSpace', control, { token: tokens.client, auditedIn: 'control' }),
    manage('token of an orchestrator', 'PutToken', { tokenHash: 'a'.repeat(64), caller: raised }),
    manage('end of another’s token', 'RevokeToken', { tokenHash }),
    manage(
      'vote in another round',
      'Write',
      { space: elsewhere, tuples: [tuple('decision', self, 'Retreat')] },
      {
        rule: 'space',
        auditedIn: elsewhere,
      },
    ),
    manage(
      'read of another round',
      'Read',
      { space: elsewhere, templates: [template('close', undefined)] },
      {
        rule: 'space',
        auditedIn: elsewhere,
      },
    ),
    manage(
      'tokens of all seats',
      'Read',
      {
        space: 'control',
        templates: [template('assignment', ...nothing(6))],
      },
      { rule: 'space', auditedIn: 'control' },
    ),
    unrecorded(
      manage(
        'enrolment as a general',
        'Enrol',
        { kind: 'CALLER_KIND_GENERAL', id: 'general-9' },
        { code: 'INVALID_ARGUMENT' },
      ),
    ),
    unrecorded(
      manage(
        'enrolment with a guessed secret',
        'Enrol',
        { kind: 'CALLER_KIND_NODE', id: 'node9', secret: 'guess' },
        { code: 'UNAUTHENTICATED' },
      ),
    ),
  ];
}

function otherTokens({ space, ended, tokens }: Stage): readonly Act[] {
  const decide = (name: string, token: string, rest: Partial<Act>): Act => ({
    name,
    method: 'Write',
    request: { space, tuples: [tuple('decision', 'general-3', 'Retreat')] },
    token,
    code: 'UNAUTHENTICATED',
    ...rest,
  });
  return [
    decide('token of a past epoch', tokens.pastEpoch, { code: 'FAILED_PRECONDITION', rule: 'epoch' }),
    decide('revoked token', tokens.revoked, {}),
    decide('expired token', tokens.expired, {}),
    decide('invented token', 'x'.repeat(43), {}),
    decide('decision after the end', tokens.ended, {
      request: { space: ended, tuples: [tuple('decision', self, 'Retreat')] },
      code: 'FAILED_PRECONDITION',
      rule: 'decision',
      auditedIn: ended,
    }),
  ];
}

/** Nobody whose rights are known asked, or the call was malformed. */
function unrecorded({ name, method, request, code }: Act): Act {
  return { name, method, request, code };
}

function nothing(count: number): undefined[] {
  return new Array<undefined>(count).fill(undefined);
}
