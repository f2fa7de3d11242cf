/**
 * What a process counts of the generals that its nodes host.
 */
import type { Counter, Metrics } from '../runtime/index.js';
import type { HostedGeneral, Seats } from './seats.js';

const statuses: readonly HostedGeneral['status'][] = ['starting', 'running', 'decided', 'failed'];

export class GeneralNodeMetrics {
  readonly #failures: Counter<'end'>;
  readonly #seats: Seats[] = [];

  constructor(metrics: Metrics) {
    this.#failures = metrics.counter({
      name: 'byz_general_failures_total',
      help: 'Generals that failed, and whether they were started again or given up.',
      labels: ['end'],
    });
    const about = {
      name: 'byz_generals',
      help: 'Generals on this process by their state, those of ended rounds that can still be looked at included.',
      labels: ['status'],
    } as const;
    metrics.gauge(about, () => {
      const generals = this.#seats.flatMap((seats) => seats.list());
      const count = (status: string) => generals.filter((general) => general.status === status).length;
      return statuses.map((status) => ({ labels: { status }, value: count(status) }));
    });
  }

  /** Counts the generals of these seats too. */
  observe(seats: Seats): void {
    this.#seats.push(seats);
  }

  failed({ isOver }: { readonly isOver: boolean }): void {
    this.#failures.add({ end: isOver ? 'given_up' : 'restarted' });
  }
}
