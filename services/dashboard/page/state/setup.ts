/**
 * What a round is to be, as a person sets it up: to and from the address bar, so that a link says all of it, and its price before it
 * is started. Pure.
 */
import type {
  Bound,
  Cost,
  GeneralId,
  Mode,
  ProtocolName,
  Setting,
  StrategyName,
  TraitorSpec,
  Vote,
} from '../../../consensus/index.js';
import {
  choose,
  defaultMode,
  findProtocol,
  generalIds,
  isSeed,
  modes,
  protocolNamed,
  strategyNames,
} from '../../../consensus/index.js';
import type { About, StartRound } from '../../wire.js';

export interface Setup {
  readonly protocol: ProtocolName;
  readonly mode: Mode;
  readonly isCouncil: boolean;
  /** n. */
  readonly generalCount: number;
  /** m. */
  readonly faultCount: number;
  /** How traitors betray that are drawn. */
  readonly strategy: StrategyName;
  /** Who is a traitor and how; undefined: as many as the round is made for, drawn by the seed. */
  readonly traitors: ReadonlyMap<GeneralId, StrategyName> | undefined;
  readonly order: Vote;
  /** In a council, who proposes the other vote. */
  readonly dissenters: ReadonlySet<GeneralId>;
  /** Undefined: drawn when it starts. */
  readonly seed: number | undefined;
  readonly phaseMs: number;
}

export const generalCountMax = 100;

/** What the orchestrator does when it is asked for nothing. */
export function defaultSetup({ defaults }: Pick<About, 'defaults'>): Setup {
  const protocol = protocolNamed(defaults.protocol)?.name ?? 'om';
  return {
    protocol,
    mode: defaultMode(protocol),
    isCouncil: false,
    generalCount: defaults.generalCount,
    faultCount: defaults.faultCount,
    strategy: strategyOf(defaults.strategy) ?? 'two-faced',
    traitors: undefined,
    order: 'Attack',
    dissenters: new Set(),
    seed: undefined,
    phaseMs: defaults.phaseMs,
  };
}

/** What a query says of a set-up; what is missing or no such thing takes the default. */
export function setupOf(query: URLSearchParams, standard: Setup): Setup {
  const protocol = protocolNamed(query.get('protocol') ?? '')?.name ?? standard.protocol;
  const generalCount = numberIn(query, 'generals', 2, generalCountMax) ?? standard.generalCount;
  const generals = new Set(generalIds(generalCount));
  const seed = numberIn(query, 'seed', 0, 2 ** 32 - 1);
  return possible({
    protocol,
    mode: modes.find((mode) => mode === query.get('mode')) ?? defaultMode(protocol),
    isCouncil: query.get('council') === '1',
    generalCount,
    faultCount: numberIn(query, 'faults', 0, generalCount) ?? Math.min(standard.faultCount, generalCount),
    strategy: strategyOf(query.get('strategy') ?? '') ?? standard.strategy,
    traitors: traitorsIn(query.get('traitors'), generals),
    order: query.get('order') === 'Retreat' ? 'Retreat' : 'Attack',
    dissenters: new Set(listIn(query.get('dissenters')).filter((general) => generals.has(general))),
    seed: seed !== undefined && isSeed(seed) ? seed : undefined,
    phaseMs: numberIn(query, 'phase-ms', 1, 3_600_000) ?? standard.phaseMs,
  });
}

/** The query that says it; what is the default is left out. */
export function queryOf(setup: Setup, standard: Setup): URLSearchParams {
  const query = new URLSearchParams();
  const add = (name: string, value: string | number, usual: string | number): void => {
    if (value !== usual) query.set(name, String(value));
  };
  add('protocol', setup.protocol, standard.protocol);
  add('mode', setup.mode, defaultMode(setup.protocol));
  if (setup.isCouncil) query.set('council', '1');
  add('generals', setup.generalCount, standard.generalCount);
  add('faults', setup.faultCount, Math.min(standard.faultCount, setup.generalCount));
  add('strategy', setup.strategy, standard.strategy);
  if (setup.traitors !== undefined) {
    query.set('traitors', [...setup.traitors].map(([general, how]) => `${general}:${how}`).join(','));
  }
  add('order', setup.order, 'Attack');
  if (setup.dissenters.size > 0) query.set('dissenters', [...setup.dissenters].join(','));
  if (setup.seed !== undefined) query.set('seed', String(setup.seed));
  add('phase-ms', setup.phaseMs, standard.phaseMs);
  return query;
}

/** The nearest set-up that can be run: a protocol has not every mode and form, and fewer generals have fewer traitors. */
export function possible(setup: Setup): Setup {
  const { protocol, generalCount, traitors } = setup;
  const variants = protocolNamed(protocol)?.variants ?? [];
  const asked = variants.find(({ mode, isCouncil }) => mode === setup.mode && isCouncil === setup.isCouncil);
  const { mode, isCouncil } =
    asked ?? variants.find((one) => one.mode === setup.mode) ?? variants[0] ?? setup;
  const generals = new Set(generalIds(generalCount));
  const kept = traitors && new Map([...traitors].filter(([general]) => generals.has(general)));
  return { ...setup, mode, isCouncil, traitors: kept, faultCount: Math.min(setup.faultCount, generalCount) };
}

export function settingOf({ protocol, mode, isCouncil, generalCount, faultCount }: Setup): Setting {
  const generals = generalIds(generalCount);
  return { protocol, mode, isCouncil, generals, commander: generals[0] ?? '', traitorsMax: faultCount };
}

/** Who will be a traitor, by the seed where nobody was picked; undefined when the seed is still to be drawn. */
export function traitorsOf(setup: Setup): readonly TraitorSpec[] | undefined {
  const { traitors, seed, strategy, faultCount, generalCount } = setup;
  if (traitors !== undefined) return [...traitors].map(([general, how]) => ({ general, strategy: how }));
  if (seed === undefined && faultCount > 0) return undefined;
  return choose(generalIds(generalCount), faultCount, seed ?? 0).map((general) => ({ general, strategy }));
}

/** What a round costs and promises. */
export interface Price {
  readonly bound: Bound;
  readonly cost: Cost;
  readonly traitorCount: number;
  /** Within the bound, and no more traitors than it is made for. */
  readonly isPromised: boolean;
  /** Why it cannot be started; undefined when it can. */
  readonly problem: string | undefined;
}

export function priceOf(setup: Setup, { messagesMax }: Pick<About['defaults'], 'messagesMax'>): Price {
  const setting = settingOf(setup);
  const protocol = findProtocol(setting);
  if (protocol === undefined) throw new Error(`no ${setup.protocol} in mode ${setup.mode}`);
  const [bound, cost] = [protocol.bound(setting), protocol.cost(setting)];
  const traitorCount = setup.traitors?.size ?? setup.faultCount;
  const isPromised = bound.isWithin && traitorCount <= setup.faultCount;
  const [count, limit] = [cost.messageCount, messagesMax].map((one) => one.toLocaleString('en-US'));
  const problem =
    cost.messageCount > messagesMax
      ? `Too large: it would send ${count} messages, and this orchestrator starts rounds of up to ${limit}. Lower the faults to withstand, or take King or signed messages.`
      : undefined;
  return { bound, cost, traitorCount, isPromised, problem };
}

/** The request that starts it. */
export function requestOf(setup: Setup): StartRound {
  const { protocol, mode, isCouncil, generalCount, faultCount, strategy, order, seed, phaseMs } = setup;
  const other = order === 'Attack' ? 'Retreat' : 'Attack';
  const inputs = Object.fromEntries([...setup.dissenters].map((general) => [general, other] as const));
  const drawn = { strategy, traitorCount: faultCount };
  const picked = { traitors: traitorsOf(setup) ?? [], traitorCount: setup.traitors?.size ?? 0 };
  return {
    protocol,
    mode,
    isCouncil,
    generalCount,
    faultCount,
    ...(setup.traitors === undefined ? drawn : picked),
    order,
    ...(isCouncil && setup.dissenters.size > 0 ? { inputs } : {}),
    ...(seed === undefined ? {} : { seed }),
    phaseMs,
    isOutsideBoundAllowed: true,
  };
}

function strategyOf(name: string): StrategyName | undefined {
  return strategyNames.find((one) => one === name);
}

function listIn(text: string | null): readonly string[] {
  return (text ?? '').split(',').filter((item) => item !== '');
}

function traitorsIn(text: string | null, generals: ReadonlySet<GeneralId>): Setup['traitors'] {
  if (text === null) return undefined;
  const pairs = listIn(text).map((item) => item.split(':') as [string, string?]);
  return new Map(
    pairs.flatMap(([general, how]): [GeneralId, StrategyName][] =>
      generals.has(general) ? [[general, strategyOf(how ?? '') ?? 'two-faced']] : [],
    ),
  );
}

function numberIn(query: URLSearchParams, name: string, low: number, high: number): number | undefined {
  const text = query.get(name);
  if (text === null || !/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}
