/**
 * Reads `trace.jsonl` back, and believes nothing: each line is checked for its form, and the first wrong one is named. Whether the
 * content is true is another question; see replay.ts.
 */
import { z } from 'zod';
import type { Setting } from '../consensus/index.js';
import { checkSetting, checkTraitorSpec, findProtocol, protocolOf, timings } from '../consensus/index.js';
import type { Trace, TraceEvent } from './trace.js';
import { traceOf, traceSchemas } from './trace.js';

export type ParsedTrace =
  | { readonly kind: 'trace'; readonly trace: Trace }
  /** `line` counts from 1; 0 when it is about all of them. */
  | { readonly kind: 'problem'; readonly line: number; readonly problem: string };

/** O(length). */
export function parseTrace(text: string): ParsedTrace {
  const events: TraceEvent[] = [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) {
    const event = parseEvent(line);
    if (typeof event === 'string') return { kind: 'problem', line: index + 1, problem: event };
    const wrong = misplaced(event, events);
    if (wrong !== undefined) return { kind: 'problem', line: index + 1, problem: wrong };
    events.push(event);
  }
  const trace = traceOf(events);
  if (trace === undefined) return { kind: 'problem', line: 0, problem: 'there is no event in it' };
  return { kind: 'trace', trace };
}

const known = traceSchemas.join(', ');

/** The event of a line, or what is wrong with it. */
function parseEvent(line: string): TraceEvent | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'is not JSON';
  }
  const schema = z.object({ schema: z.string() }).safeParse(value);
  if (!schema.success) return `is no event: the field "schema" is missing, allowed: ${known}`;
  if (!traceSchemas.some((one) => one === schema.data.schema)) {
    return `has the schema ${JSON.stringify(schema.data.schema)}, allowed: ${known}`;
  }
  const parsed = eventForm.safeParse(value);
  if (parsed.success) return parsed.data as TraceEvent;
  const [issue] = parsed.error.issues;
  return issue === undefined ? 'is no event' : `${issue.path.join('.') || 'the event'}: ${issue.message}`;
}

/** What speaks against this event at this place; undefined when nothing does. */
function misplaced(event: TraceEvent, before: readonly TraceEvent[]): string | undefined {
  const last = before.at(-1);
  if (event.kind === 'started') return last === undefined ? wrongStart(event) : 'a trace starts once';
  if (last === undefined) return `the first event must be "started", got "${event.kind}"`;
  if (last.kind === 'ended') return 'nothing follows "ended"';
  if (event.schema !== last.schema) return `is of ${event.schema}, those before of ${last.schema}`;
  if (event.round !== last.round) return `is of round ${event.round}, those before of round ${last.round}`;
  if (BigInt(event.revision) < BigInt(last.revision)) {
    return `has revision ${event.revision}, after ${last.revision}`;
  }
  return undefined;
}

function wrongStart({ setting, traitors }: Extract<TraceEvent, { kind: 'started' }>): string | undefined {
  if (findProtocol(setting) === undefined) {
    return `this version does not know protocol "${setting.protocol}" in mode "${setting.mode}"`;
  }
  const problems = [...checkSetting(setting), ...traitors.flatMap((spec) => checkTraitorSpec(spec, setting))];
  const [first] = problems;
  if (first !== undefined) return `${first.field} ${first.problem}`;
  const { messageCount } = protocolOf(setting).cost(setting);
  if (messageCount <= valuesMax) return undefined;
  return `is of a round of ${messageCount} messages; up to ${valuesMax} can be replayed`;
}

/** A file from anywhere could else name a round that no machine can run. */
const valuesMax = 2_000_000;

const vote = z.enum(['Attack', 'Retreat']);
const text = z.string().max(10_000);
const count = z.int().nonnegative();
const ms = z.number().nonnegative();
const path = z.array(text).max(64);
const generals = z.array(text).max(1_000);
const hex = z.string().regex(/^(?:[0-9a-f]{2}){0,256}$/, 'must be bytes in lower-case hex');

const place = {
  schema: z.enum(traceSchemas),
  round: count,
  incarnation: text,
  revision: z.string().regex(/^\d{1,20}$/),
  at: z.iso.datetime(),
};

const setting: z.ZodType<Setting> = z.object({
  protocol: text as z.ZodType<Setting['protocol']>,
  mode: text as z.ZodType<Setting['mode']>,
  generals,
  commander: text,
  isCouncil: z.boolean(),
  traitorsMax: count,
});

const act = z.object({
  phase: count,
  from: text,
  to: text,
  path,
  act: z.enum(['Attack', 'Retreat', 'both', 'nothing', 'loyal']),
  ifLoyal: vote.optional(),
  when: z.enum(timings).optional(),
  also: z.object({ phase: count, from: text, to: text, path, vote: text }).optional(),
});
const only = z.object({
  phases: z.array(count).optional(),
  to: generals.optional(),
  via: generals.optional(),
});
/** A traitor as data, for whoever else reads one. */
export const traitorForm = z.object({
  general: text,
  strategy: text,
  acts: z.array(act).optional(),
  only: only.optional(),
});

const seat = z.object({ general: text, node: text, epoch: count });

const spent = { spaceCallMs: ms, waitingMs: ms, computeMs: ms };

const generalMetrics = z.object({
  general: text,
  coordinationMs: ms,
  ...spent,
  sentCount: count,
  receivedCount: count,
  phases: z.array(z.object(spent)).optional(),
});

const judgement = z.object({
  status: z.enum(['holds', 'violated', 'not_promised', 'unknown']),
  because: text,
  witness: generals,
});

const verdict = z.object({
  isWithin: z.boolean(),
  faultCount: count,
  lost: generals,
  bound: z.object({ isWithin: z.boolean(), rule: text, numbers: text }),
  agreement: judgement,
  validity: judgement,
  termination: judgement,
});

const metrics = z.object({
  wallMs: ms,
  coordinationMs: ms,
  computeMs: ms,
  coordinationSumMs: ms,
  computeSumMs: ms,
  granularityRatio: ms,
  generals: z.array(generalMetrics),
});

const eventForm = z.discriminatedUnion('kind', [
  z.object({
    ...place,
    kind: z.literal('started'),
    space: text,
    setting,
    order: vote,
    inputs: z.record(text, vote).optional(),
    traitors: z.array(traitorForm),
    seed: count,
    phaseMs: count,
    seats: z.array(seat),
  }),
  z.object({ ...place, kind: z.literal('key'), general: text, epoch: count, publicKey: hex }),
  z.object({
    ...place,
    kind: z.literal('message'),
    message: z.object({
      phase: count,
      from: text,
      to: text,
      entries: z.array(
        z.object({ path, vote, isFalse: z.boolean(), signatures: z.array(hex).max(64).optional() }),
      ),
      counts: z.boolean(),
    }),
  }),
  z.object({ ...place, kind: z.literal('closed'), phase: count }),
  z.object({ ...place, kind: z.literal('decision'), general: text, vote }),
  z.object({ ...place, kind: z.literal('moved'), seat }),
  z.object({ ...place, kind: z.literal('report'), metrics: generalMetrics }),
  z.object({
    ...place,
    kind: z.literal('ended'),
    status: z.enum(['finished', 'cancelled']),
    cancelledBecause: text.optional(),
    verdict: verdict.optional(),
    messageCount: count,
    ignored: z.array(z.object({ reason: text, count })),
    refusals: z.array(z.object({ callerId: text, rule: text, count })).optional(),
    metrics: metrics.optional(),
  }),
]);
