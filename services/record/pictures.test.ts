import { layOut } from './diagram/layout.js';
import { diagramFile } from './diagram/svg.js';
import { reportFile } from './report/report.js';
import { shivizLog } from './shiviz.js';
import { traceOfScene } from './testing/traces.js';
import type { Trace, TraceEvent } from './trace.js';
import { messagesOf } from './trace.js';

const traitor = { general: 'general-2', strategy: 'flip' } as const;
const lie = traceOfScene({ traitors: [traitor] });
const seven = traceOfScene({ n: 7, m: 2, traitors: [traitor] });
const thirteen = traceOfScene({ n: 13, m: 3 });

describe('the diagram', () => {
  test('draws an arrow for each message, false ones doubled and marked', () => {
    const svg = diagramFile(lie);
    expect(svg.match(/data-event=/g)).toHaveLength(9);
    expect(svg.match(/class="arrow lie /g)).toHaveLength(2);
    expect(svg.match(/>R!</g)).toHaveLength(2);
    expect(svg).toContain('<title>general-2 tells general-1 that general-0 said Retreat (false)</title>');
  });

  test('says the outcome to those who do not see it', () => {
    const svg = diagramFile(lie);
    expect(svg).toMatch(/role="img" aria-labelledby="diagram-title diagram-text"/);
    expect(svg).toContain(
      'Agreement holds, validity holds, termination holds; 3 loyal generals decided Attack',
    );
  });

  test('has a dashed arrow and ∅ for what was owed and did not come', () => {
    const svg = diagramFile(traceOfScene({ traitors: [{ general: 'general-2', strategy: 'silent' }] }));
    expect(svg.match(/class="arrow absent"/g)).toHaveLength(2);
    expect(svg.match(/>∅</g)).toHaveLength(2);
  });

  test('draws all up to the limit, and folds the phases beyond it saying how much', () => {
    expect(layOut(seven).foldedCount).toBe(0);
    const { foldedCount, bands } = layOut(thirteen);
    const drawnCount = bands
      .flatMap(({ rows }) => rows)
      .reduce((sum, row) => sum + (row.isFolded ? 0 : row.arrows.length), 0);
    expect(drawnCount + foldedCount).toBe(messagesOf(thirteen).length);
    expect(drawnCount).toBeLessThanOrEqual(400);
    expect(diagramFile(thirteen)).toContain(`${foldedCount} messages of later phases are folded`);
  });

  test('marks where a general goes on, between what it heard before and what is said after', () => {
    const at = lie.events.findIndex(({ kind }) => kind === 'closed');
    const seat = { general: 'general-3', node: 'node-9', epoch: 2 };
    const moved = { ...lie.started, kind: 'moved', seat } as TraceEvent;
    const trace = { ...lie, events: lie.events.toSpliced(at + 1, 0, moved) };
    const { bands, columns } = layOut(trace);
    expect(bands.map(({ moves }) => moves.length)).toEqual([0, 1, 0]);
    const [mark] = bands[1]?.moves ?? [];
    expect(mark).toMatchObject({ index: at + 1, event: moved, x: columns[3]?.x });
    const { rows = [], bottom = 0 } = bands[1] ?? {};
    expect(mark?.bottom).toBeLessThan(rows[0]?.top ?? 0);
    expect(rows.at(-1)?.bottom).toBeLessThan(bottom);
    expect(diagramFile(trace)).toContain('<title>general-3 goes on at node-9, in epoch 2</title>');
    // One that moves when all is said stands among the decisions.
    const late = { ...lie, events: lie.events.toSpliced(-1, 0, moved) };
    expect(layOut(late).bands.map(({ moves }) => moves.length)).toEqual([0, 0, 1]);
    expect(layOut(late).height).toBeGreaterThan(layOut(lie).height);
  });

  test('keeps all generals, whatever node they sit on', () => {
    expect(new Set(layOut(thirteen).columns.map(({ x }) => x)).size).toBe(13);
  });
});

describe('the report', () => {
  test('tells every message in its table, also of a big round', () => {
    for (const trace of [lie, seven, thirteen]) {
      const rows = reportFile(trace).split('aria-label="Messages"')[1]?.split('</table>')[0]?.match(/<tr>/g);
      expect(rows).toHaveLength(messagesOf(trace).length + 1);
    }
  });

  test('fetches nothing, runs nothing and says so to the browser', () => {
    const page = reportFile(seven);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\bon[a-z]+=|href=|src=/);
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:/);
  });

  test('shows what others wrote as text', () => {
    const bad = `<script>alert("1")</script>'`;
    const page = reportFile(withNames(lie, bad), { again: bad });
    expect(page).not.toContain('<script');
    expect(page).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#39;');
  });

  test('explains a decision by what was heard and the majority of it', () => {
    const page = reportFile(lie);
    expect(page).toContain('2 Attack, 1 Retreat, so <b class="Attack">Attack</b>');
    expect(page).toContain(
      'general-2 said that general-0 said <b class="Retreat">Retreat</b> <span class="false">! false</span>',
    );
  });
});

test('a protocol without relays is explained by what came last, not by a majority that it does not take', () => {
  const page = reportFile(traceOfScene({ protocol: 'king', isCouncil: true, n: 4, m: 1 }));
  expect(page).toContain('what it heard at the end <span class="why">→ <b class="Attack">Attack</b></span>');
  expect(page).not.toContain('general- said');
});

describe('the log for ShiViz', () => {
  const lines = shivizLog(seven).trimEnd().split('\n');
  const entries = lines.flatMap((line, i) => {
    const [, host, clock] = /^(\S*) (\{.*\})$/.exec(line) ?? [];
    return i % 2 === 1
      ? [{ host: host ?? '', clock: JSON.parse(clock ?? '{}') as Record<string, number> }]
      : [];
  });

  test('has a host and a clock after each event, and each host counts its own', () => {
    const counts = new Map<string, number>();
    for (const { host, clock } of entries) {
      const next = (counts.get(host) ?? 0) + 1;
      counts.set(host, next);
      expect(clock[host]).toBe(next);
    }
    expect(counts.size).toBe(8);
  });

  test('no host knows of an event that has not happened yet', () => {
    const happened = new Map<string, number>();
    for (const { host, clock } of entries) {
      happened.set(host, clock[host] ?? 0);
      for (const [other, count] of Object.entries(clock))
        expect(count).toBeLessThanOrEqual(happened.get(other) ?? 0);
    }
  });
});

/** The trace as it would be if a node had been given that name. */
function withNames(trace: Trace, node: string): Trace {
  const seats = trace.started.seats.map((seat) => ({ ...seat, node }));
  const started = { ...trace.started, seats };
  const rest: readonly TraceEvent[] = trace.events.slice(1);
  return { started, events: [started, ...rest] };
}
