/**
 * A scenario: what is simulated, as data. Where it gives a choice, the seed chooses.
 */
import type { Mode, ProtocolName, StrategyName, Summary, Vote } from '../consensus/index.js';
import type { Span } from './chance.js';
import type { NetworkOptions } from './network.js';

export interface Scenario {
  /** Of its file, without the ending. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly round: ScenarioRound;
  readonly nodes: {
    readonly count: number;
    /** Of nodes and of orchestrators: how long they count as there without a sign, and after their connection broke. */
    readonly leaseMs: number;
    readonly leaseGraceMs: number;
  };
  readonly orchestratorCount: number;
  readonly network: NetworkOptions;
  readonly faults: readonly ScenarioFault[];
  readonly expect: Expectation;
}

/** The rounds: all of them begin at once, each with draws of its own. */
export interface ScenarioRound {
  readonly count: number;
  readonly protocol: ProtocolName;
  readonly mode: Mode;
  readonly isCouncil: boolean;
  /** In a council, one of these, drawn for each round: everybody proposes the order, or each its own vote. */
  readonly inputs: readonly InputKind[];
  /** n. */
  readonly generalCount: number;
  /** m. */
  readonly faultCount: number;
  /** Which of the generals are traitors is drawn. */
  readonly traitorCount: number;
  /** One of these, drawn for each round. */
  readonly strategies: readonly StrategyName[];
  /** One of these, drawn for each round. */
  readonly orders: readonly Vote[];
  readonly phaseMs: number;
  readonly isOutsideBoundAllowed: boolean;
}

export type InputKind = 'alike' | 'mixed';

export type FaultKind =
  /** The process dies with all that it had in memory; another one starts in its place when the time is over. */
  | 'crash'
  /** The process stands still; what it was sent waits. */
  | 'pause'
  /** The process loses the network; of `space`: everybody does. */
  | 'cut';

/** A fault that happens in a run with this probability, each number drawn from its span. */
export interface ScenarioFault {
  readonly kind: FaultKind;
  /** `node`: one drawn for each run; `node-2`: that one; likewise with orchestrators. */
  readonly of: 'space' | 'orchestrator' | `orchestrator-${number}` | 'node' | `node-${number}`;
  readonly chance: number;
  /** After the start of the rounds, in ms. */
  readonly atMs: Span;
  readonly forMs: Span;
}

export interface Expectation {
  /** The verdicts that a round may come to. `violated` is never among them unless it stands here. */
  readonly verdicts: readonly Summary[];
  /** What must have happened at least once in a campaign of many seeds, by the names of the trace. */
  readonly sometimes: readonly string[];
}
