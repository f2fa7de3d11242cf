/**
 * The report of a round as one HTML file: nothing is fetched, nothing runs. The diagram shows, the table of messages tells all of it in
 * words, and each general's decision is explained by its vote tree.
 */

import { colours, diagramStyle } from '../diagram/style.js';
import { diagram } from '../diagram/svg.js';
import type { Moment } from '../fold.js';
import { RoundFold, rerunning } from '../fold.js';
import type { Markup } from '../markup.js';
import { markup, trusted } from '../markup.js';
import { outcomeSentence, outcomeWord, propertiesOf, roundTitle, statusWord } from '../outcome-words.js';
import type { VerifySignature } from '../signatures.js';
import type { Trace } from '../trace.js';
import { endOf } from '../trace.js';
import { counted, ratioWords, refusalWords } from '../words.js';
import { messageTable } from './message-table.js';
import { reportStyle } from './style.js';
import { voteTree } from './vote-tree.js';

export interface ReportOptions {
  /** The command that runs the round again. */
  readonly again?: string | undefined;
  /** Without it the decisions of a signed round are not explained. */
  readonly verify?: VerifySignature;
}

/** The file. O(events and what the core makes of them). */
export function reportFile(trace: Trace, { again, verify }: ReportOptions = {}): string {
  const title = roundTitle(trace);
  const { signing, unproved } = rerunning(trace.events, trace.started, verify);
  const fold = new RoundFold(trace.started, signing);
  for (const event of trace.events) fold.take(event);
  const style = trusted(`<style>${colours}${reportStyle}${diagramStyle}</style>`);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${style}
</head>
<body>
<main>
<h1>${title}</h1>
${outcomePart(trace)}
${factsPart(trace, again)}
<h2>What happened</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Space-time diagram">${diagram(trace)}</div>
<p class="faint">A column is a general, time goes down. A = Attack, R = Retreat, ∅ = nothing came. A double line and ! mark a
falsehood: a loyal general in its place would have said otherwise. A number says how many values of a message say so.</p>
${decisionsPart(trace, fold.moment, unproved)}
<h2>Messages</h2>
${messageTable(trace)}
${metricsPart(trace)}
</main>
</body>
</html>
`;
  return page.markup;
}

function outcomePart(trace: Trace): Markup {
  const verdict = endOf(trace)?.verdict;
  const sentence = markup`<p>${outcomeSentence(trace)}.</p>`;
  if (verdict === undefined) return sentence;
  const rows = propertiesOf(verdict).map(
    ({ name, judgement }) =>
      markup`<tr><th scope="row">${name}</th><td class="${judgement.status}"><b>${statusWord(judgement)}</b></td><td>${judgement.because}</td></tr>\n`,
  );
  const kind = { PASS: 'holds', VIOLATED: 'violated' }[outcomeWord(verdict)] ?? 'unknown';
  return markup`<p><span class="outcome ${kind}">${outcomeWord(verdict)}</span></p>${sentence}
<div class="scroll" tabindex="0" role="region" aria-label="Verdict"><table><thead><tr><th scope="col">property</th>
<th scope="col">verdict</th><th scope="col">because</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function factsPart(trace: Trace, again: string | undefined): Markup {
  const { started } = trace;
  const { setting, traitors, order, phaseMs, at } = started;
  const ended = endOf(trace);
  const bound = ended?.verdict?.bound;
  const who = traitors.map(({ general, strategy }) => `${general} plays ${strategy}`).join(', ');
  const facts: [string, string | Markup][] = [
    ['order', setting.isCouncil ? proposals(started) : `${order}, to ${setting.commander}`],
    ['traitors', who === '' ? 'none' : who],
    [
      'bound',
      bound === undefined
        ? ''
        : `${bound.rule}, ${bound.numbers}: ${bound.isWithin ? 'inside' : 'outside, nothing is promised'}`,
    ],
    [
      'values',
      ended === undefined
        ? ''
        : `${counted(ended.messageCount, 'value')} counted; a phase waits at most ${phaseMs.toLocaleString('en-US')} ms`,
    ],
    ['refused', refusalWords(ended?.refusals ?? []).join('; ')],
    ['started', at],
    ['again', again === undefined ? '' : markup`<code>${again}</code>`],
  ];
  const shown = facts.filter(([, fact]) => fact !== '');
  return markup`<dl>${shown.map(([name, fact]) => markup`<dt class="faint">${name}</dt><dd>${fact}</dd>\n`)}</dl>`;
}

/** In a council everybody has an input of its own. */
function proposals({ order, inputs = {} }: Trace['started']): string {
  const others = Object.entries(inputs).map(([general, vote]) => `${general} ${vote}`);
  return others.length === 0
    ? `everybody proposes ${order}`
    : `everybody proposes ${order}, but ${others.join(', ')}`;
}

function decisionsPart(trace: Trace, moment: Moment, unproved: string | undefined): Markup {
  const { started, events } = trace;
  const { setting } = started;
  const said = new Map(
    events.flatMap((event) => (event.kind === 'decision' ? [[event.general, event.vote]] : [])),
  );
  const trees = setting.generals.map((general) => {
    const own = moment.get(general);
    const traitor = started.traitors.find((spec) => spec.general === general);
    const vote = said.get(general);
    const role = traitor === undefined ? '' : `, a traitor (${traitor.strategy}): its decision means nothing`;
    const decided = vote === undefined ? 'decided nothing' : markup`decided <b class="${vote}">${vote}</b>`;
    if (own === undefined) return markup`<p>${general} ${decided}${role}</p>\n`;
    return markup`<details><summary>${general} ${decided}${role}</summary>${voteTree(own, trace)}</details>\n`;
  });
  return markup`<h2>Why each general decided as it did</h2>
<p class="faint">${unproved ?? 'What a general heard, by whom, and what it makes of that; computed again from the record'}.</p>${trees}`;
}

function metricsPart(trace: Trace): Markup {
  const metrics = endOf(trace)?.metrics;
  if (metrics === undefined) return trusted('');
  const cell = (ms: number) => markup`<td class="number">${ms.toFixed(2)}</td>`;
  const rows = metrics.generals.map(
    (
      one,
    ) => markup`<tr><th scope="row">${one.general}</th>${cell(one.coordinationMs)}${cell(one.spaceCallMs)}${cell(one.waitingMs)}${cell(one.computeMs)}
<td class="number">${one.sentCount.toLocaleString('en-US')}</td><td class="number">${one.receivedCount.toLocaleString('en-US')}</td></tr>\n`,
  );
  return markup`<h2>What it cost</h2>
<dl><dt class="faint">coordination time</dt><dd>${metrics.coordinationMs.toFixed(2)} ms, the slowest loyal general; ${metrics.coordinationSumMs.toFixed(2)} ms all together</dd>
<dt class="faint">compute time</dt><dd>${metrics.computeMs.toFixed(2)} ms, the slowest; ${metrics.computeSumMs.toFixed(2)} ms all together</dd>
<dt class="faint">granularity ratio</dt><dd>${ratioWords(metrics.granularityRatio)}: compute / coordination; below 1 is normal for few generals</dd></dl>
<div class="scroll" tabindex="0" role="region" aria-label="Metrics of each general"><table>
<thead><tr><th scope="col">general</th><th scope="col">coordination, ms</th><th scope="col">in space calls</th><th scope="col">waiting</th>
<th scope="col">compute, ms</th><th scope="col">values sent</th><th scope="col">heard</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
