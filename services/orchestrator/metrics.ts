/**
 * What an orchestrator counts of the rounds that it ends. The granularity ratio is not among it: a query divides the two sums.
 */
import { protocolOf, summary } from '../consensus/index.js';
import { type Counter, durationBuckets, type Histogram, type Metrics } from '../runtime/index.js';
import type { RoundMetrics } from './orchestrator.js';
import type { Outcome } from './outcome.js';
import type { RoundRecord } from './record.js';
import type { HomelessReason } from './roster.js';
import { recordedMessages } from './shown-messages.js';

export class OrchestratorMetrics {
  /** Of the tuple space. */
  backend = '';
  readonly #rounds: Counter<'protocol' | 'backend' | 'verdict'>;
  readonly #wallSeconds: Histogram<'protocol'>;
  readonly #coordinationSeconds: Histogram<'protocol'>;
  readonly #computeSeconds: Histogram<'protocol'>;
  readonly #generalSeconds: Counter<'activity' | 'phase'>;
  readonly #messages: Counter<'protocol' | 'kind'>;
  readonly #falseMessages: Counter<'protocol'>;
  readonly #ignored: Counter<'reason'>;
  readonly #failovers: Counter<'reason'>;
  readonly #failoverSeconds: Histogram<never>;

  constructor(metrics: Metrics) {
    this.#rounds = metrics.counter({
      name: 'byz_rounds_total',
      help: 'Rounds that have ended with a verdict.',
      labels: ['protocol', 'backend', 'verdict'],
    });
    const duration = (name: string, help: string) =>
      metrics.histogram({ name, help, labels: ['protocol'], buckets: durationBuckets });
    this.#wallSeconds = duration(
      'byz_round_duration_seconds',
      'From the first tuple of a round to the last decision of a loyal general.',
    );
    this.#coordinationSeconds = duration(
      'byz_round_coordination_seconds',
      'In space calls and waiting for phases, of the loyal general that spent the most on it.',
    );
    this.#computeSeconds = duration(
      'byz_round_compute_seconds',
      'In steps of the core, of the loyal general that spent the most on it.',
    );
    this.#generalSeconds = metrics.counter({
      name: 'byz_general_time_seconds_total',
      help: 'What loyal generals of ended rounds spent in each phase, as they reported: space_call, waiting (both: coordination), compute.',
      labels: ['activity', 'phase'],
    });
    this.#messages = metrics.counter({
      name: 'byz_messages_total',
      help: 'Messages of ended rounds, one for each sender, recipient and phase.',
      labels: ['protocol', 'kind'],
    });
    this.#falseMessages = metrics.counter({
      name: 'byz_false_messages_total',
      help: 'Messages in which a traitor said what its loyal self would not have said. Nobody knows this but a laboratory.',
      labels: ['protocol'],
    });
    this.#ignored = metrics.counter({
      name: 'byz_ignored_values_total',
      help: 'What was said in ended rounds and counted for nothing, by the reason.',
      labels: ['reason'],
    });
    this.#failovers = metrics.counter({
      name: 'byz_general_failovers_total',
      help: 'Generals whose seat went to another node, by what became of the one before: gone, draining, returned (it gave the seat back).',
      labels: ['reason'],
    });
    this.#failoverSeconds = metrics.histogram({
      name: 'byz_general_failover_duration_seconds',
      help: 'From when this orchestrator found that nobody holds a seat until another node has it; waiting for a node counts.',
      buckets: durationBuckets,
    });
  }

  /** @param tookMs since nobody was found to hold its seat */
  failedOver(reason: HomelessReason, tookMs: number): void {
    this.#failovers.add({ reason });
    this.#failoverSeconds.observe({}, tookMs / 1_000);
  }

  /** A round has ended, and nobody counts it but this orchestrator. Cost: each value of the record once. */
  ended(record: RoundRecord, { verdict, metrics, ignored }: Outcome): void {
    const { protocol } = record.round.setting;
    this.#rounds.add({ protocol, backend: this.backend, verdict: summary(verdict) });
    this.#wallSeconds.observe({ protocol }, metrics.wallMs / 1_000);
    this.#coordinationSeconds.observe({ protocol }, metrics.coordinationMs / 1_000);
    this.#computeSeconds.observe({ protocol }, metrics.computeMs / 1_000);
    this.#addTimes(record, metrics);
    const messages = recordedMessages(record);
    const proposals = messages.filter(({ phase }) => phase === 0);
    const lies = messages.filter(({ entries }) => entries.some(({ isFalse }) => isFalse));
    this.#messages.add({ protocol, kind: 'proposal' }, proposals.length);
    this.#messages.add({ protocol, kind: 'vote' }, messages.length - proposals.length);
    this.#falseMessages.add({ protocol }, lies.length);
    for (const { reason, count } of ignored) this.#ignored.add({ reason }, count);
  }

  /** A report is a general's own word: phases that its protocol does not have are not counted. */
  #addTimes({ round: { setting }, lab }: RoundRecord, { generals }: RoundMetrics): void {
    const phaseCount = protocolOf(setting).phaseCount(setting);
    const traitors = new Set(lab.traitors.map(({ general }) => general));
    for (const { phases } of generals.filter(({ general }) => !traitors.has(general))) {
      for (const [index, spent] of phases.slice(0, phaseCount).entries()) {
        const phase = String(index);
        const add = (activity: string, ms: number) =>
          this.#generalSeconds.add({ activity, phase }, Math.max(0, ms) / 1_000);
        add('space_call', spent.spaceCallMs);
        add('waiting', spent.waitingMs);
        add('compute', spent.computeMs);
      }
    }
  }
}
