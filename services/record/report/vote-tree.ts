/**
 * Why a general decided as it did: its vote tree as nested lists, each value with the majority that made it.
 */
import type { Setting, Vote, VoteNode } from '../../consensus/index.js';
import { defaultVote, protocolOf } from '../../consensus/index.js';
import type { GeneralMoment } from '../fold.js';
import type { Markup } from '../markup.js';
import { markup } from '../markup.js';
import { counted } from '../words.js';

/** A tree with more nodes shows its upper levels only, and says what is below. */
const nodesMax = 200;

/** The tree of one general; a sentence for one that has none, such as the commander. */
export function voteTree({ general, state, decision }: GeneralMoment, setting: Setting): Markup {
  const tree = protocolOf(setting).explain(state);
  if (tree === undefined) {
    return markup`<p>${general} hears nothing and relays nothing: it follows the order that it gives, ${decision ?? 'none'}.</p>`;
  }
  return markup`<ul class="tree">${nodeItem(tree, depthOf(tree))}</ul>`;
}

function nodeItem(node: VoteNode, depth: number): Markup {
  const { path, heard, value, children } = node;
  const line = path.length === 0 ? markup`what it heard at the end` : saidLine(node);
  if (children.length === 0) return markup`<li>${line}</li>`;
  const values = [heard ?? defaultVote, ...children.map((child) => child.value)];
  // Only what is relayed is a majority over itself and its children; a protocol without relays has a rule of its own.
  const rule = path.length === 0 ? '' : markup`${tally(values)}, so `;
  const why = markup`<span class="why">→ ${rule}<b class="${value}">${value}</b></span>`;
  if (depth <= 0) {
    const below = counted(size(node) - 1, 'value');
    return markup`<li>${line} ${why} <span class="why">(${below} below, not shown)</span></li>`;
  }
  return markup`<li>${line} ${why}<ul>${children.map((child) => nodeItem(child, depth - 1))}</ul></li>`;
}

function saidLine({ path, heard }: VoteNode): Markup {
  const said =
    heard === undefined
      ? markup`<b>∅</b> nothing, so ${defaultVote}`
      : markup`<b class="${heard}">${heard}</b>`;
  return path.length === 1
    ? markup`${path[0] ?? ''} said ${said}`
    : markup`${path.at(-1) ?? ''} said that it heard ${said}`;
}

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
