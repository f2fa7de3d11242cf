/**
 * From what a client asks for to a round that can run: defaults filled in, traitors drawn by the seed, the bound and the cost checked.
 * Pure but for the seed, which the caller draws when the request has none.
 */
import type { Cost, GeneralId, Mode, ProtocolName, Setting, TraitorSpec, Vote } from '../consensus/index.js';
import {
  checkSetting,
  checkTraitorSpec,
  choose,
  defaultMode,
  generalIds,
  modes,
  protocolNamed,
  protocolNames,
  protocolOf,
  strategyNames,
} from '../consensus/index.js';
import { invalidArgument, ServiceError } from '../runtime/index.js';
import type { RoundRequest } from './orchestrator.js';

/** What a request takes where it says nothing; from release.toml. */
export interface RoundDefaults {
  readonly protocol: string;
  readonly generalCount: number;
  readonly faultCount: number;
  readonly strategy: string;
  readonly phaseMs: number;
  readonly messagesMax: number;
}

/** A round that can run. */
export interface ResolvedRound {
  readonly setting: Setting;
  readonly protocolVersion: number;
  readonly traitors: readonly TraitorSpec[];
  readonly order: Vote;
  readonly inputs: ReadonlyMap<GeneralId, Vote>;
  readonly seed: number;
  readonly phaseMs: number;
  readonly cost: Cost;
}

export const generalCountMax = 100;
export const phaseMsMax = 3_600_000;
const seedMax = 2 ** 32 - 1;

/**
 * Errors: invalid_argument (the field is named), failed_precondition (outside the bound and not allowed), resource_exhausted (too many
 * messages).
 */
export function resolveRound(
  request: RoundRequest,
  defaults: RoundDefaults,
  drawSeed: () => number,
): ResolvedRound {
  const seed = whole('seed', request.seed ?? drawSeed(), 0, seedMax);
  const phaseMs = whole('phase_ms', request.phaseMs ?? defaults.phaseMs, 1, phaseMsMax);
  const explicit = request.traitors ?? [];
  const setting = resolveSetting(request, defaults);
  const protocol = protocolOf(setting);
  checkExplicitTraitors(setting, explicit);
  const traitorCount = whole(
    'traitor_count',
    request.traitorCount ?? Math.max(setting.traitorsMax, explicit.length),
    0,
    setting.generals.length,
  );
  checkBound(request, setting, traitorCount);
  const cost = protocol.cost(setting);
  checkCost(setting, cost.messageCount, request.messagesMax ?? defaults.messagesMax);
  const traitors = drawTraitors({
    setting,
    explicit,
    traitorCount,
    seed,
    strategy: request.strategy ?? defaults.strategy,
  });
  return {
    setting,
    protocolVersion: protocol.version,
    traitors,
    order: voteOf('order', request.order ?? 'Attack'),
    inputs: inputsOf(setting, request),
    seed,
    phaseMs,
    cost,
  };
}

function resolveSetting(request: RoundRequest, defaults: RoundDefaults): Setting {
  const generalCount = whole(
    'general_count',
    request.generalCount ?? defaults.generalCount,
    2,
    generalCountMax,
  );
  const faultCount = request.faultCount ?? request.traitorCount ?? defaults.faultCount;
  const generals = generalIds(generalCount);
  const protocol = protocolNameOf(request.protocol ?? defaults.protocol);
  const setting: Setting = {
    protocol,
    mode: request.mode === undefined ? defaultMode(protocol) : modeOf(request.mode),
    generals,
    commander: generals[0] as string,
    isCouncil: request.isCouncil ?? false,
    traitorsMax: whole('fault_count', faultCount, 0, generalCount),
  };
  const [problem] = checkSetting(setting);
  if (problem !== undefined) throw invalidArgument(problem.field, problem.problem);
  return setting;
}

function protocolNameOf(name: string): ProtocolName {
  const family = protocolNamed(name);
  if (family === undefined) {
    throw invalidArgument('protocol', `"${name}" is unknown; known: ${protocolNames.join(', ')}`);
  }
  return family.name;
}

function modeOf(name: string): Mode {
  const mode = modes.find((one) => one === name);
  if (mode === undefined) throw invalidArgument('mode', `"${name}" is unknown; known: ${modes.join(', ')}`);
  return mode;
}

/** The inputs that differ from the order, in canonical order. */
function inputsOf(setting: Setting, request: RoundRequest): ReadonlyMap<GeneralId, Vote> {
  const { inputs = new Map<GeneralId, Vote>(), order = 'Attack' } = request;
  if (inputs.size > 0 && !setting.isCouncil)
    throw invalidArgument('inputs', 'only in a council has every general an input; set council (--council)');
  for (const [general, vote] of inputs) {
    if (!setting.generals.includes(general))
      throw invalidArgument('inputs', `"${general}" is not in the round`);
    voteOf('inputs', vote);
  }
  const differing = setting.generals.flatMap((general): [GeneralId, Vote][] => {
    const vote = inputs.get(general);
    return vote === undefined || vote === order ? [] : [[general, vote]];
  });
  return new Map(differing);
}

function voteOf(field: string, vote: string): Vote {
  if (vote === 'Attack' || vote === 'Retreat') return vote;
  throw invalidArgument(field, `"${vote}" is no vote; allowed: Attack, Retreat`);
}

function checkExplicitTraitors(setting: Setting, explicit: readonly TraitorSpec[]): void {
  const seen = new Set<string>();
  for (const [i, spec] of explicit.entries()) {
    const field = `traitors[${i}]`;
    if (!setting.generals.includes(spec.general)) {
      const known = `general-0 to general-${setting.generals.length - 1}`;
      throw invalidArgument(`${field}.general`, `"${spec.general}" is not in the round; known: ${known}`);
    }
    if (seen.has(spec.general)) throw invalidArgument(`${field}.general`, `${spec.general} is named twice`);
    seen.add(spec.general);
    const [problem] = checkTraitorSpec(spec, setting);
    if (problem !== undefined) throw invalidArgument(`${field}.${problem.field}`, problem.problem);
  }
}

function checkBound(request: RoundRequest, setting: Setting, traitorCount: number): void {
  if (request.isOutsideBoundAllowed === true) return;
  const bound = protocolOf(setting).bound(setting);
  const m = setting.traitorsMax;
  const advice = 'set outside_bound (--outside-bound) to run it all the same';
  if (!bound.isWithin) {
    const n = setting.generals.length;
    const problem = `m = ${m} needs ${bound.rule}, but n = ${n} (${bound.numbers})`;
    throw new ServiceError('failed_precondition', `${problem}; ${advice}`);
  }
  if (traitorCount > m) {
    const problem = `${traitorCount} traitors, but the round is dimensioned for m = ${m}`;
    throw new ServiceError('failed_precondition', `${problem}; raise fault_count, or ${advice}`);
  }
}

function checkCost(setting: Setting, messageCount: number, messagesMax: number): void {
  if (messageCount <= messagesMax) return;
  const name = `${setting.protocol.toUpperCase()}(${setting.traitorsMax}) with ${setting.generals.length} generals`;
  const count = messageCount.toLocaleString('en-US');
  const limit = messagesMax.toLocaleString('en-US');
  const faultCountMax = largestFaultCount(setting, messagesMax);
  const counts = { messageCount, messagesMax, ...(faultCountMax === undefined ? {} : { faultCountMax }) };
  throw new ServiceError(
    'resource_exhausted',
    `${name} sends ${count} messages; the limit is ${limit}: lower fault_count, or raise max_messages`,
    { details: Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, String(value)])) },
  );
}

/** The most traitors that the same generals can withstand for so few messages. */
function largestFaultCount(setting: Setting, messagesMax: number): number | undefined {
  const protocol = protocolOf(setting);
  for (let traitorsMax = setting.traitorsMax - 1; traitorsMax >= 0; traitorsMax -= 1) {
    if (protocol.cost({ ...setting, traitorsMax }).messageCount <= messagesMax) return traitorsMax;
  }
  return undefined;
}

function drawTraitors(draw: {
  setting: Setting;
  explicit: readonly TraitorSpec[];
  traitorCount: number;
  seed: number;
  strategy: string;
}): readonly TraitorSpec[] {
  const { setting, explicit, traitorCount, seed } = draw;
  if (traitorCount < explicit.length) {
    throw invalidArgument(
      'traitor_count',
      `${traitorCount} is less than the ${explicit.length} traitors named`,
    );
  }
  const strategy = strategyNames.find((name) => name === draw.strategy);
  if (strategy === undefined) {
    throw invalidArgument('strategy', `"${draw.strategy}" is unknown; known: ${strategyNames.join(', ')}`);
  }
  const named = new Set(explicit.map(({ general }) => general));
  const others = setting.generals.filter((general) => !named.has(general));
  const drawn = choose(others, traitorCount - explicit.length, seed).map((general) => ({
    general,
    strategy,
  }));
  const specs = new Map([...explicit, ...drawn].map((spec) => [spec.general, spec]));
  return setting.generals.map((general) => specs.get(general)).filter((spec) => spec !== undefined);
}

function whole(field: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw invalidArgument(field, `${value} is not a whole number from ${low} to ${high}`);
}
