/**
 * Every message of a round in a table: the equal of the diagram for those who read or copy, complete whatever the size of the round.
 */
import type { Markup } from '../markup.js';
import { markup } from '../markup.js';
import type { MessageWritten, Trace, TraceEntry } from '../trace.js';
import { messagesOf } from '../trace.js';
import { counted, pathWords, summaryOf } from '../words.js';

/** More values than this are behind a summary. */
const openMax = 6;

/** A row for each message, in the order of the space. */
export function messageTable(trace: Trace): Markup {
  const messages = messagesOf(trace);
  const sinceMs = Date.parse(trace.started.at);
  const rows = messages.map(({ event }, place) => row(event, { number: place + 1, sinceMs }));
  return markup`<div class="scroll tall" tabindex="0" role="region" aria-label="Messages"><table>
<caption>${counted(messages.length, 'message')}, in the order of the space</caption>
<thead><tr><th scope="col">#</th><th scope="col">ms</th><th scope="col">phase</th><th scope="col">from</th><th scope="col">to</th>
<th scope="col">said</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function row({ message, at }: MessageWritten, place: { number: number; sinceMs: number }): Markup {
  const { phase, from, to, entries, counts } = message;
  const late = counts ? '' : markup` <b class="false">does not count</b>`;
  return markup`<tr><td class="number">${place.number}</td><td class="number">${Date.parse(at) - place.sinceMs}</td><td class="number">${phase}</td>
<td>${from}</td><td>${to}</td><td>${said(entries)}${late}</td></tr>\n`;
}

function said(entries: readonly TraceEntry[]): Markup {
  if (entries.length === 0) return markup`nothing to say`;
  const values = entries.map((entry, place) => markup`${place === 0 ? '' : ', '}${value(entry)}`);
  if (entries.length <= openMax) return markup`${values}`;
  return markup`<details><summary>${summaryOf(entries)}</summary>${values}</details>`;
}

function value({ path, vote, isFalse }: TraceEntry): Markup {
  const through =
    path.length < 2 ? '' : markup` <span class="faint">(${pathWords(path.slice(0, -1))})</span>`;
  const lie = isFalse ? markup` <span class="false">! false</span>` : '';
  return markup`<span class="${vote}">${vote}</span>${through}${lie}`;
}
