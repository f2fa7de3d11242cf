/**
 * Why a general decided as it did: its vote tree as nested lists, each value with the majority that made it.
 */
import type { GeneralId, Vote, VoteNode } from '../../consensus/index.js';
import { defaultVote, everyone, protocolOf } from '../../consensus/index.js';
import type { GeneralMoment } from '../fold.js';
import type { Markup } from '../markup.js';
import { markup, trusted } from '../markup.js';
import type { Trace } from '../trace.js';
import { messagesOf } from '../trace.js';
import { counted, pathWords } from '../words.js';

/** A tree with more nodes shows its upper levels only, and says what is below. */
const nodesMax = 200;

/** The tree of one general; a sentence for one that has none, such as the commander. */
export function voteTree({ general, state, decision }: GeneralMoment, trace: Trace): Markup {
  const { setting } = trace.started;
  const tree = protocolOf(setting).explain(state);
  if (tree === undefined) {
    return markup`<p>${general} hears nothing and relays nothing: it follows the order that it gives, ${decision ?? 'none'}.</p>`;
  }
  return markup`<ul class="tree">${nodeItem(tree, { depth: depthOf(tree), lies: liesTo(general, trace) })}</ul>`;
}

interface TreeView {
  /** Levels that are still shown. */
  readonly depth: number;
  /** Paths of what was said falsely to the general whose tree it is. */
  readonly lies: ReadonlySet<string>;
}

function liesTo(general: GeneralId, trace: Trace): ReadonlySet<string> {
  const heard = messagesOf(trace).filter(
    ({ event: { message } }) => message.counts && isFor(general, message.to),
  );
  const entries = heard.flatMap(({ event }) => event.message.entries);
  return new Set(entries.filter(({ isFalse }) => isFalse).map(({ path }) => path.join(' ')));
}

function isFor(general: GeneralId, to: string): boolean {
  return to === general || to === everyone;
}

function nodeItem(node: VoteNode, view: TreeView): Markup {
  const { path, heard, value, children } = node;
  const line = path.length === 0 ? markup`what it heard at the end` : saidLine(node, view);
  if (children.length === 0) return markup`<li>${line}</li>`;
  const values = [heard ?? defaultVote, ...children.map((child) => child.value)];
  // Only what is relayed is a majority over itself and its children; a protocol without relays has a rule of its own.
  const rule = path.length === 0 ? '' : markup`${tally(values)}, so `;
  const why = markup`<span class="why">→ ${rule}<b class="${value}">${value}</b></span>`;
  if (view.depth <= 0) {
    const below = counted(size(node) - 1, 'value');
    return markup`<li>${line} ${why} <span class="why">(${below} below, not shown)</span></li>`;
  }
  return markup`<li>${line} ${why}<ul>${children.map((child) => nodeItem(child, { ...view, depth: view.depth - 1 }))}</ul></li>`;
}

function saidLine({ path, heard }: VoteNode, { lies }: TreeView): Markup {
  const said =
    heard === undefined
      ? markup`<b>∅</b> nothing, so ${defaultVote}`
      : markup`<b class="${heard}">${heard}</b>${lies.has(path.join(' ')) ? falsehood : ''}`;
  return path.length === 1
    ? markup`${path[0] ?? ''} said ${said}`
    : markup`${path.at(-1) ?? ''} said that ${pathWords(path.slice(0, -1))} said ${said}`;
}

const falsehood = trusted(' <span class="false">! false</span>');

/** `2 Attack, 1 Retreat`, and what decides when neither has a majority. */
function tally(values: readonly Vote[]): string {
  const attackCount = values.filter((vote) => vote === 'Attack').length;
  const retreatCount = values.length - attackCount;
  const isTie = attackCount === retreatCount;
  return `${attackCount} Attack, ${retreatCount} Retreat${isTie ? ', no majority' : ''}`;
}

/** How many levels can be shown. */
function depthOf(tree: VoteNode): number {
  let [level, depth, count] = [tree.children, 0, 1];
  while (level.length > 0 && count + level.length <= nodesMax) {
    count += level.length;
    depth += 1;
    level = level.flatMap(({ children }) => children);
  }
  return depth;
}

function size({ children }: VoteNode): number {
  return children.reduce((sum, child) => sum + size(child), 1);
}
