/**
 * Rounds on the pure core alone, without services and clocks: many, quickly. Chance plants the traitors and chooses how they betray;
 * what is looked for is a round within the bound that breaks a promise.
 */
import {
  choose,
  defaultVote,
  findProtocol,
  generalIds,
  idealSigning,
  protocolOf,
  type RoundPlan,
  random,
  replayLoyal,
  type Setting,
  type SimulatedRound,
  type SpaceRecord,
  type StrategyName,
  simulateRound,
  slotKey,
  strategyNames,
  summary,
  type TraitorSpec,
  type Vote,
  votes,
} from '../consensus/index.js';
import type { Betrayal } from './betrayal.js';

/** Rounds of one kind. */
export interface CoreCampaign {
  readonly setting: Setting;
  readonly roundCount: number;
  /** Rounds in which a loyal general heard something else than it would have from loyal ones. */
  readonly changedCount: number;
  readonly violations: readonly { readonly seed: number; readonly because: string }[];
}

export interface CoreCampaignOptions {
  readonly setting: Setting;
  /** What the traitors of a round do; default: as its plan says. */
  readonly betray?: Betrayal | undefined;
  readonly firstSeed: number;
  readonly roundCount: number;
  /** Told after each round. */
  readonly onRound?: () => void;
}

/** O(rounds); each costs what its protocol costs. */
export async function runCoreRounds({
  setting,
  firstSeed,
  roundCount,
  betray,
  onRound,
}: CoreCampaignOptions): Promise<CoreCampaign> {
  const drawn = Array.from({ length: roundCount }, (_, i) => corePlan(setting, (firstSeed + i) % 2 ** 32));
  const plans = betray === undefined ? drawn : await betrayed(drawn, betray);
  const violations: { seed: number; because: string }[] = [];
  let changedCount = 0;
  for (const plan of plans) {
    const { seed } = plan;
    const round = simulateRound(plan);
    if (isChanged(plan, round)) changedCount += 1;
    const because = violationOf(round);
    if (because !== undefined) violations.push({ seed, because });
    onRound?.();
  }
  return { setting, roundCount, changedCount, violations };
}

async function betrayed(plans: readonly RoundPlan[], betray: Betrayal): Promise<readonly RoundPlan[]> {
  const contexts = plans.map(({ setting, traitors, seed }) => ({
    setting,
    traitors: traitors.map(({ general }) => general),
    seed,
  }));
  const specs = await betray(contexts);
  return plans.map((plan, i) => ({ ...plan, traitors: specs[i] ?? plan.traitors }));
}

/** The round of a seed: m traitors, where and how they betray, and the order. */
export function corePlan(setting: Setting, seed: number): RoundPlan {
  const traitors = choose(setting.generals, setting.traitorsMax, seed, 'traitors');
  // In every fourth round each has a strategy of its own; in the others they follow one plan.
  const isMixed = random(seed, 'mixed') % 4 === 0;
  const strategyOf = (i: number): StrategyName => {
    const index = random(seed, 'strategy', isMixed ? i : 0) % strategyNames.length;
    return strategyNames[index] as StrategyName;
  };
  const specs = traitors.map((general, i): TraitorSpec => ({ general, strategy: strategyOf(i) }));
  const voteOf = (name: string): Vote => votes[random(seed, name) % votes.length] ?? defaultVote;
  const inputs = new Map(setting.generals.map((general) => [general, voteOf(general)]));
  const given = setting.isCouncil ? { order: defaultVote, inputs } : { order: voteOf('order') };
  return { setting, ...given, traitors: specs, seed };
}

/** The broken promise, in words. */
function violationOf({ verdict }: SimulatedRound): string | undefined {
  if (summary(verdict) !== 'violated') return undefined;
  return [verdict.agreement, verdict.validity, verdict.termination]
    .filter(({ status }) => status === 'violated')
    .map(({ because }) => because)
    .join('; ');
}

/** True when a loyal general heard, from a traitor, something else than a loyal one in its place would have said. */
function isChanged(plan: RoundPlan, round: SimulatedRound): boolean {
  const { setting, traitors, order, inputs } = plan;
  const treacherous = new Set(traitors.map(({ general }) => general));
  const record: SpaceRecord = {
    setting,
    order,
    ...(inputs === undefined ? {} : { inputs }),
    entries: recordOf(setting, round),
    signing: idealSigning('', 'simulated'),
  };
  const heard = new Map(round.messages.map((message) => [slotKey(message), message]));
  for (const general of treacherous) {
    for (const loyal of replayLoyal(record, general).sent.values()) {
      if (treacherous.has(loyal.to)) continue;
      const said = new Map(
        heard.get(slotKey(loyal))?.entries.map(({ path, vote }) => [path.join(' '), vote]),
      );
      if (loyal.entries.some(({ path, vote }) => (said.get(path.join(' ')) ?? defaultVote) !== vote))
        return true;
    }
  }
  return false;
}

function recordOf(setting: Setting, { messages }: SimulatedRound) {
  const phaseCount = protocolOf(setting).phaseCount(setting);
  return Array.from({ length: phaseCount }, (_, phase) => [
    ...messages
      .filter((message) => message.phase === phase)
      .map((message) => ({ kind: 'message' as const, message })),
    { kind: 'close' as const, phase },
  ]).flat();
}

/** The settings that `npm run simulate` covers: those that no enumeration reaches. */
export function coreSettings(): readonly Setting[] {
  const wanted = [
    coreSetting(7, 2, { protocol: 'om', mode: 'mailbox', isCouncil: false }),
    coreSetting(10, 3, { protocol: 'om', mode: 'mailbox', isCouncil: false }),
    coreSetting(4, 2, { protocol: 'sm', mode: 'signed', isCouncil: false }),
    coreSetting(10, 3, { protocol: 'king', mode: 'mailbox', isCouncil: false }),
    coreSetting(10, 3, { protocol: 'king', mode: 'mailbox', isCouncil: true }),
  ];
  return wanted.filter((setting) => findProtocol(setting) !== undefined);
}

function coreSetting(n: number, m: number, form: Pick<Setting, 'protocol' | 'mode' | 'isCouncil'>): Setting {
  const generals = generalIds(n);
  return { ...form, generals, commander: generals[0] ?? '', traitorsMax: m };
}
