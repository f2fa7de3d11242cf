/**
 * Rounds as JSON documents. The order of keys is part of the form; the same seed gives the same document but
 * for the times.
 */
import type { Evidence, GeneralId, JudgementStatus, Path, Verdict, Vote } from '../../consensus/index.js';
import type { GeneralMetrics, RecordedMessage, Round, RoundStatus } from '../../orchestrator/index.js';
import { traceMessage } from '../../orchestrator/index.js';
import type { TraceMessage } from '../../record/index.js';
import { type ProofDocument, proofDocument } from '../evidence/proof-file.js';
import type { OwnTraitor } from '../own-strategy/own-round.js';

/** `byzantine.round/1`, of `run`, `round start`, `round show` and `round cancel`. */
export interface RoundDocument extends RoundFacts {
  readonly schema: 'byzantine.round/1';
  /** What the record says about who did wrong; null where it was not looked through. */
  readonly evidence: EvidenceFacts | null;
  /** Traitors that follow a file of this command line; absent where nobody does. */
  readonly ownStrategies?: readonly OwnTraitor[];
}

export interface EvidenceFacts extends Omit<Evidence, 'proven'> {
  /** Each of them a file for `byz evidence verify`. */
  readonly proofs: readonly ProofDocument[];
}

function evidenceFacts({ proven, ...others }: Evidence): EvidenceFacts {
  return { proofs: proven.map(proofDocument), ...others };
}

export interface RoundFacts {
  readonly number: number;
  /** Name of its tuple space. */
  readonly space: string;
  readonly status: RoundStatus;
  /** Only of a cancelled round. */
  readonly cancelledBecause?: string;
  readonly protocol: string;
  readonly mode: string;
  /** n. */
  readonly generals: number;
  /** m. */
  readonly faultCount: number;
  readonly commander: GeneralId;
  readonly traitors: readonly GeneralId[];
  /** Of each traitor. */
  readonly strategies: Readonly<Record<GeneralId, string>>;
  readonly seed: number;
  /** The commander's, or everybody's input in a council but for `inputs`. */
  readonly order: Vote;
  /** Every general has an input of its own; the commander means nothing then. */
  readonly council: boolean;
  /** Of a council, the inputs that differ from `order`. */
  readonly inputs: Readonly<Record<GeneralId, Vote>>;
  readonly phaseMs: number;
  /** The node of each general. */
  readonly nodes: Readonly<Record<GeneralId, string>>;
  /** Of loyal generals, in time. */
  readonly decisions: Readonly<Record<GeneralId, Vote>>;
  /** Null while there is none. */
  readonly verdict: Readonly<Record<Property, JudgementStatus>> | null;
  /** A sentence for each property. */
  readonly reasons: Readonly<Record<Property, string>> | null;
  /** The assumptions held: the bound on n and m, and no more faults than m. */
  readonly withinBound: boolean | null;
  /** Such as `n ≥ 3m + 1`, and the numbers put in. */
  readonly bound: { readonly rule: string; readonly numbers: string } | null;
  /** Traitors, and loyal generals that were late or lost. */
  readonly faults: number | null;
  /** Loyal generals that were late or lost. */
  readonly lost: readonly GeneralId[];
  /** Values in the record, and values that the protocol sends when everybody speaks. */
  readonly messageCount: number;
  readonly expectedMessageCount: number;
  readonly phaseCount: number;
  /** Values that counted for nothing, by reason. */
  readonly ignored: Readonly<Record<string, number>>;
  /** What the space refused, by caller and rule. */
  readonly refusals: Round['refusals'];
  /** Only if asked for; by phase, sender and recipient. */
  readonly messages?: readonly TraceMessage[];
  /** Of the loyal general that spent most, in ms. */
  readonly coordinationMs: number | null;
  readonly computeMs: number | null;
  /** computeMs / coordinationMs. */
  readonly granularityRatio: number | null;
  /** From the start to the last decision of a loyal general. */
  readonly wallMs: number | null;
  readonly metrics: {
    /** Sums over all generals. */
    readonly coordinationSumMs: number;
    readonly computeSumMs: number;
    readonly generals: readonly GeneralMetrics[];
  } | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | null;
}

type Property = 'agreement' | 'validity' | 'termination';

export function roundDocument(
  round: Round,
  options: {
    withMessages?: boolean;
    evidence?: Evidence | undefined;
    ownTraitors?: readonly OwnTraitor[];
  } = {},
): RoundDocument {
  const evidence = options.evidence === undefined ? null : evidenceFacts(options.evidence);
  const { ownTraitors = [] } = options;
  const own = ownTraitors.length === 0 ? {} : { ownStrategies: ownTraitors };
  return { schema: 'byzantine.round/1', ...roundFacts(round, options), evidence, ...own };
}

/** A round without the name of a schema, for documents that hold several. */
export function roundFacts(
  round: Round,
  { withMessages = false }: { withMessages?: boolean } = {},
): RoundFacts {
  const { setting, traitors, cancelledBecause } = round;
  return {
    number: round.number,
    space: round.space,
    status: round.status,
    ...(cancelledBecause === undefined ? {} : { cancelledBecause }),
    protocol: setting.protocol,
    mode: setting.mode,
    generals: setting.generals.length,
    faultCount: setting.traitorsMax,
    commander: setting.commander,
    traitors: traitors.map(({ general }) => general),
    strategies: Object.fromEntries(traitors.map(({ general, strategy }) => [general, strategy])),
    seed: round.seed,
    order: round.order,
    council: setting.isCouncil,
    inputs: Object.fromEntries(round.inputs),
    phaseMs: round.phaseMs,
    nodes: Object.fromEntries(round.seats.map(({ general, node }) => [general, node])),
    decisions: inOrder(setting.generals, round.decisions),
    ...verdictFacts(round.verdict),
    ...countFacts(round, withMessages),
    ...metricFacts(round),
  };
}

function verdictFacts(
  verdict: Verdict | undefined,
): Pick<RoundFacts, 'verdict' | 'reasons' | 'withinBound' | 'bound' | 'faults' | 'lost'> {
  if (verdict === undefined) {
    return { verdict: null, reasons: null, withinBound: null, bound: null, faults: null, lost: [] };
  }
  const { agreement, validity, termination, bound } = verdict;
  return {
    verdict: { agreement: agreement.status, validity: validity.status, termination: termination.status },
    reasons: { agreement: agreement.because, validity: validity.because, termination: termination.because },
    withinBound: verdict.isWithin,
    bound: { rule: bound.rule, numbers: bound.numbers },
    faults: verdict.faultCount,
    lost: verdict.lost,
  };
}

function countFacts(
  round: Round,
  withMessages: boolean,
): Pick<
  RoundFacts,
  'messageCount' | 'expectedMessageCount' | 'phaseCount' | 'ignored' | 'refusals' | 'messages'
> {
  const ignored = round.ignored.map(({ reason, count }) => [reason, count] as const);
  return {
    messageCount: round.messageCount,
    expectedMessageCount: round.cost.messageCount,
    phaseCount: round.cost.phaseCount,
    ignored: Object.fromEntries(ignored.toSorted(([left], [right]) => left.localeCompare(right))),
    refusals: round.refusals,
    ...(withMessages
      ? { messages: sorted(round.setting.generals, round.messages ?? []).map(traceMessage) }
      : {}),
  };
}

function metricFacts(
  round: Round,
): Pick<
  RoundFacts,
  'coordinationMs' | 'computeMs' | 'granularityRatio' | 'wallMs' | 'metrics' | 'startedAt' | 'endedAt'
> {
  const { metrics, endedAtMs } = round;
  return {
    coordinationMs: metrics?.coordinationMs ?? null,
    computeMs: metrics?.computeMs ?? null,
    granularityRatio: metrics?.granularityRatio ?? null,
    wallMs: metrics?.wallMs ?? null,
    metrics:
      metrics === undefined
        ? null
        : {
            coordinationSumMs: metrics.coordinationSumMs,
            computeSumMs: metrics.computeSumMs,
            generals: metrics.generals,
          },
    startedAt: new Date(round.startedAtMs).toISOString(),
    endedAt: endedAtMs === undefined ? null : new Date(endedAtMs).toISOString(),
  };
}

/**
 * Messages stand in the order of the space, which is a matter of time; here by phase, sender and recipient.
 */
function sorted(
  generals: readonly GeneralId[],
  messages: readonly RecordedMessage[],
): readonly RecordedMessage[] {
  const place = new Map(generals.map((general, i) => [general, i]));
  const rank = (path: Path) => path.map((general) => place.get(general) ?? -1);
  return messages.toSorted((left, right) => {
    const [a, b] = [rank([left.from, left.to]), rank([right.from, right.to])];
    return left.phase - right.phase || (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
  });
}

function inOrder(
  generals: readonly GeneralId[],
  decisions: ReadonlyMap<GeneralId, Vote>,
): Readonly<Record<GeneralId, Vote>> {
  return Object.fromEntries(
    generals.flatMap((general) => {
      const vote = decisions.get(general);
      return vote === undefined ? [] : [[general, vote]];
    }),
  );
}
