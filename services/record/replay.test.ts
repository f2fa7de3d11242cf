import * as fc from 'fast-check';
import { generalIds, protocols } from '../consensus/index.js';
import { parseTrace } from './parse.js';
import { replayTrace } from './replay.js';
import { reportFile } from './report/report.js';
import { byteChanges, withChangedByte } from './testing/changed-byte.js';
import { traceOfScene, verifySimulated } from './testing/traces.js';
import type { Trace, TraceEvent } from './trace.js';
import { printTrace, traceOf } from './trace.js';

/** Those that write owed messages in time; the others are tried on real rounds (orchestrator/trace.test.ts). */
const strategyNames = [
  'silent',
  'flip',
  'random',
  'two-faced',
  'staged',
  'omit',
  'collude',
  'twins',
] as const;

const scenes = fc
  .record({
    numbers: fc.constantFrom({ n: 3, m: 1 }, { n: 4, m: 1 }, { n: 5, m: 1 }, { n: 7, m: 2 }),
    order: fc.constantFrom('Attack' as const, 'Retreat' as const),
    seed: fc.nat(),
    picks: fc.array(fc.record({ place: fc.nat(6), strategy: fc.constantFrom(...strategyNames) }), {
      maxLength: 3,
    }),
  })
  .map(({ numbers, order, seed, picks }) => {
    const generals = generalIds(numbers.n);
    const chosen = new Map(picks.map(({ place, strategy }) => [generals[place % numbers.n] ?? '', strategy]));
    const traitors = [...chosen].map(([general, strategy]) => ({ general, strategy }));
    return { ...numbers, order, seed, traitors };
  });

describe('a record as it was written', () => {
  test('has no mismatch, whatever its traitors did', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const trace = traceOfScene(scene);
        const { mismatches, decisions } = replayTrace(trace);
        expect(mismatches).toEqual([]);
        for (const { recorded, computed } of decisions) expect(recorded).toBe(computed);
      }),
      { numRuns: 100 },
    );
  });

  test('comes to the verdict that stands in it', () => {
    const trace = traceOfScene({ traitors: [{ general: 'general-2', strategy: 'flip' }] });
    const ended = trace.events.at(-1);
    expect(ended).toMatchObject({ kind: 'ended', verdict: replayTrace(trace).verdict });
  });

  test('is read back from its lines as it was', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const trace = traceOfScene(scene);
        expect(parseTrace(printTrace(trace.events))).toEqual({ kind: 'trace', trace });
      }),
      { numRuns: 30 },
    );
  });

  test('may have been cut off or cancelled', () => {
    const whole = traceOfScene({ n: 7, m: 2, traitors: [{ general: 'general-3', strategy: 'random' }] });
    for (let length = 1; length < whole.events.length; length += 1) {
      const cut = traceOf(whole.events.slice(0, length));
      expect(cut && replayTrace(cut).mismatches).toEqual([]);
    }
    expect(replayTrace(traceOfScene({ isCancelled: true })).mismatches).toEqual([]);
  });
});

describe('other protocols', () => {
  const variants = protocols.flatMap(({ name, variants: all }) =>
    all.map(({ mode, isCouncil }) => ({ protocol: name, mode, isCouncil })),
  );

  test.each(variants)('$protocol in mode $mode, council $isCouncil', (variant) => {
    const trace = traceOfScene({ n: 9, m: 1, ...variant });
    const { mismatches, unproved } = replayTrace(trace, verifySimulated);
    expect({ mismatches, unproved }).toEqual({ mismatches: [], unproved: undefined });
    expect(reportFile(trace)).toContain('general-8 decided');
  });
});

describe('a signed round', () => {
  const scene = { protocol: 'sm', mode: 'signed' } as const;

  test('is shown and not proved where its signatures are missing, or nobody checks them', () => {
    const trace = traceOfScene(scene);
    expect(replayTrace(trace).unproved).toContain('signatures are not checked here');
    const old = printTrace(trace.events.filter(({ kind }) => kind !== 'key'))
      .replaceAll('byzantine.trace/2', 'byzantine.trace/1')
      .replaceAll(/,"signatures":\[[^\]]*\]/g, '');
    const parsed = parseTrace(old);
    const { unproved, mismatches } = replayTrace((parsed as { trace: Trace }).trace, verifySimulated);
    expect(unproved).toContain('does not hold the signatures');
    expect(mismatches).toEqual([]);
  });

  test('does not follow without its keys', () => {
    const { started, events } = traceOfScene(scene);
    const keyless = { started, events: events.filter(({ kind }) => kind !== 'key') };
    expect(replayTrace(keyless, verifySimulated).mismatches[0]).toMatchObject({
      what: 'message',
      because: 'general-0 tells general-1 Attack with a signature that is not the one which follows',
    });
  });
});

describe('one changed byte of a message', () => {
  const signed = fc
    .record({ n: fc.constantFrom(3, 4), m: fc.constantFrom(1, 2), isCouncil: fc.boolean() })
    .map((scene) => ({ protocol: 'sm', mode: 'signed', ...scene }) as const);

  test('leaves no record, or a mismatch, and the first one is that message', () => {
    fc.assert(
      fc.property(fc.oneof(scenes, signed), byteChanges, (scene, change) => {
        const changed = withChangedByte(traceOfScene(scene), change);
        fc.pre(changed !== undefined);
        const parsed = parseTrace(changed.text);
        if (parsed.kind === 'problem') return expect(parsed.line).toBe(changed.index + 1);
        const [first] = replayTrace(parsed.trace, verifySimulated).mismatches;
        expect(first).toMatchObject({ index: changed.index, what: 'message' });
      }),
      { numRuns: 400 },
    );
  });
});

describe('one changed value', () => {
  test('in any message is a mismatch, and the first one is that message', () => {
    fc.assert(
      fc.property(scenes, fc.nat(), fc.nat(), (scene, pick, place) => {
        const trace = traceOfScene(scene);
        const changed = withOtherVote(trace, pick, place);
        if (changed === undefined) return;
        expect(replayTrace(changed.trace).mismatches[0]).toMatchObject({
          index: changed.index,
          what: 'message',
        });
      }),
      { numRuns: 150 },
    );
  });

  test('is named with what follows from the record instead', () => {
    const trace = traceOfScene();
    const last = trace.events.findLastIndex(({ kind }) => kind === 'message');
    const changed = changeEvent(trace, last, (event) =>
      event.kind === 'message'
        ? { ...event, message: { ...event.message, entries: event.message.entries.map(otherVote) } }
        : event,
    );
    expect(replayTrace(changed).mismatches.map(({ because }) => because)).toEqual([
      'general-3 tells general-2 Retreat (general-0); from what it had heard follows Attack (general-0)',
    ]);
  });

  test('in a decision or in the verdict is a mismatch', () => {
    const trace = traceOfScene();
    const at = trace.events.findIndex(({ kind }) => kind === 'decision');
    const decided = changeEvent(trace, at, (event) =>
      event.kind === 'decision' ? { ...event, vote: 'Retreat' } : event,
    );
    expect(replayTrace(decided).mismatches.map(({ what }) => what)).toEqual(['decision', 'verdict']);
    const judged = changeEvent(trace, trace.events.length - 1, (event) =>
      event.kind === 'ended' && event.verdict !== undefined
        ? {
            ...event,
            verdict: { ...event.verdict, agreement: { ...event.verdict.agreement, status: 'violated' } },
          }
        : event,
    );
    expect(replayTrace(judged).mismatches).toMatchObject([{ what: 'verdict' }]);
  });

  test('a message that its sender could not have written yet is a mismatch', () => {
    const { events } = traceOfScene();
    const isRelay = (event: TraceEvent) => event.kind === 'message' && event.message.phase === 1;
    const relay = events.find(isRelay);
    const [started, ...rest] = events;
    if (started?.kind !== 'started' || relay === undefined) throw new Error('the scene has a relay');
    const early = { started, events: [started, { ...relay, revision: '1' }, ...rest] };
    expect(replayTrace(early).mismatches[0]).toMatchObject({ index: 1, what: 'message' });
  });
});

/** Another vote in the pick-th message, at some place of it. */
function withOtherVote(
  trace: Trace,
  pick: number,
  place: number,
): { trace: Trace; index: number } | undefined {
  const indexes = trace.events.flatMap(({ kind }, index) => (kind === 'message' ? [index] : []));
  const index = indexes[pick % indexes.length];
  if (index === undefined) return undefined;
  const changed = changeEvent(trace, index, (event) => {
    if (event.kind !== 'message') return event;
    const { entries } = event.message;
    const at = place % entries.length;
    return {
      ...event,
      message: {
        ...event.message,
        entries: entries.map((entry, i) => (i === at ? otherVote(entry) : entry)),
      },
    };
  });
  return { trace: changed, index };
}

function otherVote<Entry extends { readonly vote: 'Attack' | 'Retreat' }>(entry: Entry): Entry {
  return { ...entry, vote: entry.vote === 'Attack' ? 'Retreat' : 'Attack' };
}

function changeEvent(trace: Trace, index: number, change: (event: TraceEvent) => TraceEvent): Trace {
  const events = trace.events.map((event, i) => (i === index ? change(event) : event));
  return { started: trace.started, events };
}
