/**
 * A round as a log for ShiViz (https://bestchai.bitbucket.io/shiviz): each event with its host and a vector clock. The parser there
 * takes the regular expression `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`, its default.
 */
import type { GeneralId } from '../consensus/index.js';
import { everyone } from '../consensus/index.js';
import { RoundFold } from './fold.js';
import type { Trace, TraceEvent } from './trace.js';
import { eventSentence, messageSentence } from './words.js';

/** The host that starts a round, closes its phases and ends it. */
const orchestrator = 'orchestrator';

/** The log as text. O(events × generals). */
export function shivizLog(trace: Trace): string {
  const log = new ClockLog();
  const { generals } = trace.started.setting;
  const fold = new RoundFold(trace.started);
  for (const event of trace.events) {
    const before = fold.moment;
    const after = fold.take(event);
    // Who acts on a close learns of it; to all others it changes nothing.
    const woken = generals.filter((general) => after.get(general)?.phase !== before.get(general)?.phase);
    write(event, { log, generals, woken });
  }
  return log.text;
}

function write(
  event: TraceEvent,
  { log, generals, woken }: { log: ClockLog; generals: readonly GeneralId[]; woken: readonly GeneralId[] },
): void {
  const sentence = eventSentence(event);
  switch (event.kind) {
    case 'started':
      log.add(orchestrator, sentence);
      for (const general of generals) log.add(general, 'takes its seat', orchestrator);
      return;
    case 'message': {
      const { from, to } = event.message;
      log.add(from, sentence);
      const recipients = generals.filter(
        (general) => general === to || (to === everyone && general !== from),
      );
      for (const general of recipients) log.add(general, `hears: ${messageSentence(event.message)}`, from);
      return;
    }
    case 'closed':
      log.add(orchestrator, sentence);
      for (const general of woken) log.add(general, `phase ${event.phase} ends by its close`, orchestrator);
      return;
    case 'key':
    case 'decision':
      log.add(event.general, sentence);
      return;
    case 'moved':
      log.add(orchestrator, sentence);
      log.add(event.seat.general, 'takes its seat', orchestrator);
      return;
    case 'ended':
      log.add(orchestrator, sentence);
      return;
    case 'report':
      return;
  }
}

class ClockLog {
  #text = '';
  readonly #clocks = new Map<string, ReadonlyMap<string, number>>();

  get text(): string {
    return this.#text;
  }

  /** An event of a host; with `cause`, it knows all that the last event of that host knew. */
  add(host: string, sentence: string, cause?: string): void {
    const clock = new Map(this.#clocks.get(host));
    for (const [other, count] of (cause === undefined ? undefined : this.#clocks.get(cause)) ?? []) {
      clock.set(other, Math.max(count, clock.get(other) ?? 0));
    }
    clock.set(host, (clock.get(host) ?? 0) + 1);
    this.#clocks.set(host, clock);
    this.#text += `${sentence}\n${host} ${JSON.stringify(Object.fromEntries(clock))}\n`;
  }
}
