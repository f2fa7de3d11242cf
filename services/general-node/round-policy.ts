/**
 * Who may do what in a round's space and in the control space (docs/policy.md). The rules make true in the space what the theorems
 * assume: who sent a message is known, nothing is forged, removed or overheard.
 */
import type { Mode } from '../consensus/index.js';
import type { Policy, PolicyRule, PolicyTemplate } from '../tuplespace/index.js';
import {
  allow,
  any,
  boardRules,
  deny,
  mailboxRules,
  neverTake,
  policyPrefix,
  policyTemplate,
  theCaller,
  theEpoch,
} from '../tuplespace/index.js';

const orchestrator = { kinds: ['orchestrator'] } as const;
const generals = { kinds: ['general'] } as const;
const viewers = { kinds: ['viewer'] } as const;
const nodes = { kinds: ['node'] } as const;

/** Messages of each mode, with the fields that message-tuples.ts gives them. */
const forms: Readonly<Record<Mode, readonly PolicyTemplate[]>> = {
  mailbox: [form('proposal', 4), form('vote', 5)],
  signed: [form('proposal', 5), form('vote', 6)],
  board: [form('proposal', 3), form('vote', 4)],
};

/** The round has ended. */
const ended = [policyTemplate('verdict', any, any), policyTemplate('cancelled', any)];

/** Of a round: each general speaks in its own name and reads its own mail, and the orchestrator keeps the record. */
export function roundPolicy(mode: Mode): Policy {
  return {
    rules: [
      neverTake,
      allow('keeper', ['read', 'watch', 'write', 'drop'], orchestrator),
      ...messageRules(mode),
      // After the rules that let a general speak: whatever else looks like a message is in another's name or form.
      ...['proposal', 'vote'].map((kind) => deny('sender', ['write'], { template: policyPrefix(kind) })),
      ...ownRules,
      ...publicRules,
      ...viewerRules,
    ],
  };
}

/** Of the control space: a node speaks for itself, and learns of its own seats alone, since a seat's token comes with it. */
export const controlPolicy: Policy = {
  rules: [
    allow('keeper', ['read', 'watch', 'write', 'take', 'lease', 'drop'], orchestrator),
    allow('present', ['lease'], nodes),
    ...[form('node', 7), form('seen', 2), form('draining', 2), form('returned', 5)].map((template) =>
      allow('own', ['write'], { ...nodes, template: ofCaller(template) }),
    ),
    allow('own', ['read', 'watch', 'take'], { ...nodes, template: ofCaller(form('node', 7)) }),
    allow('seats', ['read', 'watch'], { ...nodes, template: ofCaller(form('assignment', 6)) }),
  ],
};

function messageRules(mode: Mode): readonly PolicyRule[] {
  const speaking = { ...generals, until: ended };
  const rules = mode === 'board' ? boardRules(forms.board, speaking) : mailboxRules(forms[mode], speaking);
  const others = (Object.keys(forms) as Mode[]).filter((other) => other !== mode);
  return [
    ...rules,
    // A general asks for its mail before it knows the mode; in the other forms nothing is ever written.
    ...others.flatMap((other) =>
      forms[other].map((template) => allow('other-form', ['read', 'watch'], { ...generals, template })),
    ),
  ];
}

/** What a general says about itself, and what it alone is told. */
const ownRules: readonly PolicyRule[] = [
  allow('brief', ['read', 'watch'], { ...generals, template: ofCaller(form('brief', 3)) }),
  allow('key', ['write'], {
    ...generals,
    template: policyTemplate('key', theCaller, theEpoch, any),
    until: ended,
  }),
  allow('decision', ['write'], { ...generals, template: ofCaller(form('decision', 2)), until: ended }),
  allow('report', ['write'], { ...generals, template: ofCaller(form('report', 7)), until: ended }),
];

/** What everyone who takes part may know. */
const publicRules: readonly PolicyRule[] = [
  form('round', 8),
  form('trace', 1),
  form('close', 1),
  form('key', 3),
  form('decision', 2),
  form('verdict', 2),
  form('cancelled', 1),
].map((template) => allow('public', ['read', 'watch'], { kinds: ['general', 'viewer'], template }));

/** Who only looks on sees where generals sit and what they measured, and after the end everything. */
const viewerRules: readonly PolicyRule[] = [
  ...[form('seat', 3), form('report', 7)].map((template) =>
    allow('onlooker', ['read', 'watch'], { ...viewers, template }),
  ),
  allow('archive', ['read', 'watch'], { ...viewers, after: ended }),
];

/** A kind of tuple with so many fields after its name. */
function form(kind: string, fieldCount: number): PolicyTemplate {
  return policyTemplate(kind, ...new Array<typeof any>(fieldCount).fill(any));
}

/** The same, its first field after the name the caller's id. */
function ofCaller({ fields, hasMore }: PolicyTemplate): PolicyTemplate {
  return { fields: fields.map((field, i) => (i === 1 ? theCaller : field)), hasMore };
}
