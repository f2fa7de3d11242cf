/**
 * A plan as a document: a round and the treason in it, to be saved, edited and run again. TOML or JSON; the same
 * keys in both. Whatever no act names is said as a loyal general would say it.
 */
import { parse, stringify } from 'smol-toml';
import { z } from 'zod';
import type { RoundPlan, Setting, TableAct, TraitorSpec, Vote } from '../../consensus/index.js';
import { checkSetting, checkTraitorSpec, defaultMode, generalIds } from '../../consensus/index.js';
import { invalidArgument } from '../../runtime/index.js';

const vote = z.enum(['Attack', 'Retreat']);
const count = z.int().min(0);
const texts = z.array(z.string());

const act = z.strictObject({
  phase: count,
  to: z.string(),
  path: texts,
  act: z.enum(['Attack', 'Retreat', 'both', 'nothing', 'loyal']),
  if_loyal: vote.optional(),
  when: z.enum(['last-moment', 'late']).optional(),
  also: z
    .strictObject({ phase: z.int(), from: z.string(), to: z.string(), path: texts, vote: z.string() })
    .optional(),
});

const document = z.strictObject({
  plan: z.literal(1),
  protocol: z.string(),
  mode: z.string().optional(),
  council: z.boolean().optional(),
  generals: z.int().min(2).max(100),
  faults: count,
  order: vote,
  inputs: z.record(z.string(), vote).optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  traitors: z.array(
    z.strictObject({
      general: z.string(),
      strategy: z.string(),
      only: z
        .strictObject({ phases: z.array(count).optional(), to: texts.optional(), via: texts.optional() })
        .optional(),
      acts: z.array(act).optional(),
    }),
  ),
});

export type PlanDocument = z.infer<typeof document>;

/** The plan that a text holds; `name` ends in `.json`, or it is TOML. Errors: invalid_argument, naming the place. */
export function parsePlan(name: string, text: string): RoundPlan {
  const parsed = document.safeParse(parseText(name, text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalidArgument(`${name}: ${placeOf(issue?.path ?? [])}`, issue?.message ?? 'is not a plan');
  }
  const plan = planOf(parsed.data);
  const [problem] = checkSetting(plan.setting);
  if (problem !== undefined) throw invalidArgument(`${name}: ${problem.field}`, problem.problem);
  checkInputs(name, plan);
  const seen = new Set<string>();
  for (const [i, spec] of plan.traitors.entries()) {
    const [wrong] = checkTraitorSpec(spec, plan.setting);
    if (wrong !== undefined) throw invalidArgument(`${name}: traitors[${i}].${wrong.field}`, wrong.problem);
    if (seen.has(spec.general))
      throw invalidArgument(`${name}: traitors[${i}].general`, `${spec.general} is named twice`);
    seen.add(spec.general);
  }
  return plan;
}

function checkInputs(name: string, { setting, inputs = new Map() }: RoundPlan): void {
  if (inputs.size > 0 && !setting.isCouncil)
    throw invalidArgument(`${name}: inputs`, 'only in a council has every general an input; set council');
  for (const general of inputs.keys()) {
    if (!setting.generals.includes(general))
      throw invalidArgument(`${name}: inputs.${general}`, 'is not one of the generals');
  }
}

/** The text of a plan, in the form that the name asks for. */
export function printPlan(name: string, plan: RoundPlan): string {
  const { setting, order, inputs = new Map<string, Vote>(), seed, traitors } = plan;
  const { protocol, mode, isCouncil } = setting;
  const made: PlanDocument = {
    plan: 1,
    protocol,
    ...(mode === defaultMode(protocol) ? {} : { mode }),
    ...(isCouncil ? { council: true } : {}),
    generals: setting.generals.length,
    faults: setting.traitorsMax,
    order,
    ...(inputs.size === 0 ? {} : { inputs: Object.fromEntries(inputs) }),
    seed,
    traitors: traitors.map(printTraitor),
  };
  return isJson(name) ? JSON.stringify(made, null, 2) : stringify(made).trimEnd();
}

function parseText(name: string, text: string): unknown {
  try {
    return isJson(name) ? JSON.parse(text) : parse(text);
  } catch (error) {
    throw invalidArgument(name, error instanceof Error ? error.message.trimEnd() : String(error));
  }
}

function isJson(name: string): boolean {
  return name.endsWith('.json');
}

/** Names and numbers as they stand in the file; whoever calls checks them. */
function planOf({ generals, faults, order, inputs, seed, traitors, ...wire }: PlanDocument): RoundPlan {
  const protocol = wire.protocol as Setting['protocol'];
  const setting: Setting = {
    protocol,
    mode: (wire.mode as Setting['mode'] | undefined) ?? defaultMode(protocol),
    isCouncil: wire.council ?? false,
    generals: generalIds(generals),
    commander: 'general-0',
    traitorsMax: faults,
  };
  const given = inputs === undefined ? { order } : { order, inputs: new Map(Object.entries(inputs)) };
  return { setting, ...given, seed, traitors: traitors.map(traitorOf) };
}

function traitorOf(wire: PlanDocument['traitors'][number], index: number): TraitorSpec {
  const { general, strategy, acts, only } = wire;
  if (strategy !== 'table') {
    if (acts !== undefined)
      throw invalidArgument(
        `traitors[${index}].acts`,
        `only the strategy "table" has acts, got "${strategy}"`,
      );
    const named = { general, strategy: strategy as Exclude<TraitorSpec['strategy'], 'table'> };
    return only === undefined ? named : { ...named, only: defined(only) };
  }
  if (only !== undefined)
    throw invalidArgument(`traitors[${index}].only`, 'a table says for itself where it applies');
  const table = (acts ?? []).map(
    ({ if_loyal: ifLoyal, ...rest }): TableAct => ({ from: general, ...defined({ ...rest, ifLoyal }) }),
  );
  return { general, strategy, acts: table };
}

function printTraitor(spec: TraitorSpec): PlanDocument['traitors'][number] {
  const { general, strategy } = spec;
  if (spec.strategy !== 'table') {
    const { phases, to, via } = spec.only ?? {};
    const only = defined({
      phases: phases === undefined ? undefined : [...phases],
      to: to === undefined ? undefined : [...to],
      via: via === undefined ? undefined : [...via],
    });
    return spec.only === undefined ? { general, strategy } : { general, strategy, only };
  }
  const acts = spec.acts.map(({ phase, to, path, act: said, ifLoyal, when, also }) =>
    defined({
      phase,
      to,
      path: [...path],
      act: said,
      if_loyal: ifLoyal,
      when,
      also: also === undefined ? undefined : { ...also, path: [...also.path] },
    }),
  );
  return { general, strategy, acts };
}

type Defined<Fields> = {
  [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
} & {
  [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined>;
};

/** Without the keys that hold nothing. */
function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>;
}

/** Such as `traitors[0].acts[3].act`. */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return place === '' ? 'plan' : place.replace(/^\./, '');
}
