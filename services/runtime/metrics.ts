/**
 * Numbers that a process counts of itself, in the text form of Prometheus. The library is loaded when a process asks for metrics; one
 * that does not has no `Metrics`, and counts nothing.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats and https://prometheus.io/docs/practices/naming
 */
import type { Registry } from 'prom-client';

/** A metric; each of `labels` has few values, known beforehand: never an id, a name that a user chose, or a token. */
export interface MetricAbout<Label extends string> {
  /** Base unit last; a counter ends in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

export type Labels<Label extends string> = Readonly<Record<Label, string>>;

export interface Counter<Label extends string> {
  /** Default: one more. */
  add(labels: Labels<Label>, amount?: number): void;
}

export interface Histogram<Label extends string> {
  observe(labels: Labels<Label>, value: number): void;
}

export interface Sample<Label extends string> {
  readonly labels: Labels<Label>;
  readonly value: number;
}

/** The metrics of one process. Names must differ. */
export interface Metrics {
  counter<Label extends string = never>(about: MetricAbout<Label>): Counter<Label>;
  /** @param buckets upper bounds, ascending */
  histogram<Label extends string = never>(
    about: MetricAbout<Label> & { readonly buckets: readonly number[] },
  ): Histogram<Label>;
  /** A value that is looked up whenever somebody asks. */
  gauge<Label extends string = never>(about: MetricAbout<Label>, read: () => readonly Sample<Label>[]): void;
  /** A count that is kept elsewhere and looked up whenever somebody asks; it must not fall. */
  countedElsewhere(about: MetricAbout<never>, read: () => number): void;
  /** All of them as text. */
  text(): Promise<string>;
}

/** Upper bounds for durations from a call within a process to a round of some seconds, in seconds. */
export const durationBuckets: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** The metrics of this process, those of Node itself among them. Cost: some 30 ms to load the library. */
export async function createMetrics(): Promise<Metrics> {
  const prometheus = await import('prom-client');
  const register: Registry = new prometheus.Registry();
  prometheus.collectDefaultMetrics({ register });
  const settingsOf = ({ name, help, labels = [] }: MetricAbout<string>) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [register],
  });
  return {
    counter(about) {
      const counter = new prometheus.Counter(settingsOf(about));
      return { add: (labels, amount = 1) => counter.inc(labels, amount) };
    },
    histogram(about) {
      const histogram = new prometheus.Histogram({ ...settingsOf(about), buckets: [...about.buckets] });
      return { observe: (labels, value) => histogram.observe(labels, value) };
    },
    gauge(about, read) {
      new prometheus.Gauge({
        ...settingsOf(about),
        collect() {
          this.reset();
          for (const { labels, value } of read()) this.set(labels, value);
        },
      });
    },
    countedElsewhere(about, read) {
      new prometheus.Counter({
        ...settingsOf(about),
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    },
    text: () => register.metrics(),
  };
}
