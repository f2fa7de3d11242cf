/**
 * The space-time diagram of a round as SVG, by no program but this. A picture for those who see it; whoever does not is told the
 * outcome by its title and description, and finds every message in the table of the report.
 */
import { defaultVote } from '../../consensus/index.js';
import type { Markup } from '../markup.js';
import { markup, trusted } from '../markup.js';
import { outcomeSentence, roundTitle } from '../outcome-words.js';
import type { Trace } from '../trace.js';
import { counted, eventSentence, messageSentence, summaryOf } from '../words.js';
import { kindOf, labelOf, moveLabel, moveWidth } from './labels.js';
import type { Arrow, Band, Layout, MoveMark, Row } from './layout.js';
import { drawnMax, layOut } from './layout.js';
import { colours, diagramStyle } from './style.js';

/** A file of its own, with its colours in it. */
export function diagramFile(trace: Trace): string {
  const style = trusted(`<style>${colours}${diagramStyle}</style>`);
  return `${diagram(trace, { style }).markup}\n`;
}

/** The picture inside a page that has the styles. */
export function diagram(trace: Trace, { style = trusted('') }: { readonly style?: Markup } = {}): Markup {
  const layout = layOut(trace);
  const { width, height, bands } = layout;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img" aria-labelledby="diagram-title diagram-text"
 width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title id="diagram-title">${roundTitle(trace)}</title>
<desc id="diagram-text">${outcomeSentence(trace)}. ${foldedSentence(layout)}The table of messages says the same in words.</desc>
${style}<rect width="${width}" height="${height}" fill="var(--ground)"/>
${bands.map((band, place) => bandPart(band, layout, place))}
${headPart(trace, layout)}
${bands.map((band, place) => exchangePart(band, layout, place))}
${decisionsPart(trace, layout)}
</svg>`;
}

function foldedSentence({ foldedCount }: Layout): string {
  if (foldedCount === 0) return '';
  return `Up to ${drawnMax} messages are drawn one by one; ${counted(foldedCount, 'message')} of later phases are folded, a bar for each sender. `;
}

function headPart({ started }: Trace, { columns, nodes, bands, top }: Layout): Markup {
  const traitors = new Set(started.traitors.map(({ general }) => general));
  const bottom = (bands.at(-1)?.bottom ?? top) - 36;
  const lives = columns.map(({ general, x }) => {
    const kind = traitors.has(general) ? 'life traitor' : 'life';
    return markup`<line class="${kind}" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>\n`;
  });
  const boxes = nodes.map(
    ({
      node,
      left,
      right,
    }) => markup`<rect class="node" x="${left}" y="8" width="${right - left}" height="80" rx="6"/>
<text class="faint" x="${(left + right) / 2}" y="25" text-anchor="middle">${node}</text>\n`,
  );
  const names = columns.map(({ general, x }) => {
    const isCommander = general === started.setting.commander && !started.setting.isCouncil;
    const isTraitor = traitors.has(general);
    const kind = isTraitor ? 'traitor' : isCommander ? 'commander' : '';
    const roles = [isCommander ? 'commander' : '', isTraitor ? 'TRAITOR' : ''].filter((role) => role !== '');
    return markup`<text class="${kind}" x="${x}" y="46" text-anchor="middle">${general}</text>
${roles.map((role, place) => markup`<text class="role ${kind}" x="${x}" y="${62 + 14 * place}" text-anchor="middle">${role}</text>`)}\n`;
  });
  return markup`${lives}${boxes}${names}`;
}

function bandPart({ top, bottom }: Band, { width }: Layout, place: number): Markup {
  if (place % 2 === 0) return trusted('');
  return markup`<rect class="band" x="0" y="${top}" width="${width}" height="${bottom - top}"/>\n`;
}

function exchangePart(band: Band, { width, columns }: Layout, place: number): Markup {
  const last = columns.at(-1)?.x ?? width;
  const name = band.kind === 'decisions' ? 'decisions' : `phase ${band.phase}`;
  // A close stands at the foot of its phase; that of the decisions ends the round, and everybody expects it.
  const y = band.bottom - 12;
  const close =
    band.kind === 'decisions' || band.close === undefined
      ? trusted('')
      : markup`<line class="close" x1="64" x2="${last + 30}" y1="${y}" y2="${y}"/>
<text class="faint" x="12" y="${y + 4}">close ${band.phase}</text>\n`;
  const kind = place % 2 === 0 ? 'odd' : 'even';
  return markup`<g class="${kind}"><text class="faint" x="12" y="${band.top + 20}">${name}</text>
${close}${band.rows.map((row) => rowPart(row))}${band.moves.map((move) => movePart(move))}</g>\n`;
}

function rowPart(row: Row): Markup {
  if (row.isFolded) return foldPart(row);
  const isAbsent = row.arrows.every(({ event }) => event === undefined);
  const dot = isAbsent
    ? trusted('')
    : markup`<circle class="write" cx="${row.x}" cy="${row.top}" r="3.5"/>\n`;
  return markup`${row.arrows.map((arrow) => arrowPart(row, arrow))}${dot}${row.arrows.map((arrow) => labelPart(row, arrow))}`;
}

function arrowPart(row: Row, { x, to, index, event }: Arrow): Markup {
  const toRight = x > row.x ? 1 : -1;
  const [endX, endY] = [x - 4 * toRight, row.bottom];
  const path = `M${row.x} ${row.top} L${endX} ${endY}`;
  if (event === undefined) {
    return markup`<g><title>${row.from} owes ${to} a message that did not come; it counts as ${defaultVote}</title>
<path class="arrow absent" d="${path}"/></g>\n`;
  }
  const { message } = event;
  const kind = `${kindOf(event)}${message.counts ? '' : ' late'}`;
  const isLie = message.entries.some(({ isFalse }) => isFalse);
  const angle = (Math.atan2(endY - row.top, endX - row.x) * 180) / Math.PI;
  const lines = isLie
    ? markup`<path class="arrow lie ${kind}" d="${path}"/><path class="arrow gap" d="${path}"/>`
    : markup`<path class="arrow ${kind}" d="${path}"/>`;
  return markup`<g data-event="${index ?? ''}"><title>${messageSentence(message)}</title>${lines}
<path class="arrow ${kindOf(event)}" d="M-7 -4 L0 0 L-7 4" transform="translate(${endX} ${endY}) rotate(${angle.toFixed(1)})"/></g>\n`;
}

/** Beside the head of its arrow, on the side where no line of this message ends. */
function labelPart(row: Row, { x, event }: Arrow): Markup {
  const toRight = x > row.x ? 1 : -1;
  const isLie = event?.message.entries.some(({ isFalse }) => isFalse) === true;
  const kind = event === undefined ? 'absent' : isLie ? 'lied' : kindOf(event);
  const anchor = toRight > 0 ? 'start' : 'end';
  const label = event === undefined ? '∅' : labelOf(event);
  return markup`<text class="label ${kind}" x="${x + 6 * toRight}" y="${row.bottom + 5}" text-anchor="${anchor}">${label}</text>\n`;
}

/** Over the line of its general: where it goes on. */
function movePart({ index, x, top, bottom, event }: MoveMark): Markup {
  const [place, epoch] = moveLabel(event);
  const width = moveWidth(event);
  return markup`<g class="moved" data-event="${index}"><title>${eventSentence(event)}</title>
<rect x="${x - width / 2}" y="${top}" width="${width}" height="${bottom - top}" rx="4"/>
<text x="${x}" y="${top + 14}" text-anchor="middle">${place}</text><text class="faint" x="${x}" y="${top + 28}" text-anchor="middle">${epoch}</text></g>\n`;
}

function foldPart({ x, top, bottom, arrows }: Row): Markup {
  const xs = arrows.map((arrow) => arrow.x);
  const y = (top + bottom) / 2;
  const entries = arrows.flatMap(({ event }) => event?.message.entries ?? []);
  const absentCount = arrows.filter(({ event }) => event === undefined).length;
  const absent = absentCount === 0 ? '' : `${counted(absentCount, 'message')} missing`;
  const text = entries.length === 0 ? absent : `to ${arrows.length}: ${summaryOf(entries)}`;
  const left = Math.min(x, ...xs);
  return markup`<g><path class="fold" d="M${left} ${y} L${Math.max(x, ...xs)} ${y}"/>
<circle class="write" cx="${x}" cy="${y}" r="3.5"/><text class="label" x="${left + 12}" y="${y + 4}">${text}</text></g>\n`;
}

function decisionsPart(trace: Trace, { columns, bands }: Layout): Markup {
  const band = bands.at(-1);
  if (band === undefined) return trusted('');
  const traitors = new Set(trace.started.traitors.map(({ general }) => general));
  const said = new Map(
    trace.events.flatMap((event) => (event.kind === 'decision' ? [[event.general, event.vote]] : [])),
  );
  const y = band.bottom - 16;
  return markup`${columns.map(({ general, x }) => {
    const vote = said.get(general);
    const word = traitors.has(general) ? 'ignored' : (vote ?? '∅ none');
    const kind = traitors.has(general) ? 'faint' : `decided ${vote ?? ''}`;
    return markup`<text class="${kind}" x="${x}" y="${y}" text-anchor="middle">${word}</text>\n`;
  })}`;
}
