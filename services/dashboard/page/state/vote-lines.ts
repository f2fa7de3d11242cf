/**
 * Why a general decides as it does: its vote tree at a moment, as lines that can be read and walked through. Pure.
 */
import type { GeneralId, Vote, VoteNode } from '../../../consensus/index.js';
import { defaultVote, everyone, protocolOf } from '../../../consensus/index.js';
import type { GeneralMoment, Trace } from '../../../record/index.js';
import { messagesOf, pathWords } from '../../../record/index.js';

export interface VoteLine {
  /** Unique in the tree. */
  readonly id: string;
  /** It stands for all that came, and nobody said it. */
  readonly isSummary: boolean;
  /** Who said what, such as `general-2 said that general-0 said`. */
  readonly claim: string;
  /** What was said; undefined when nothing came, or nothing yet. */
  readonly heard: Vote | undefined;
  /** It may still come. */
  readonly isPending: boolean;
  /** A loyal general in the sender's place would have said otherwise. */
  readonly isFalse: boolean;
  /** What the general makes of it and of what is below; undefined while some of that may still come. */
  readonly value: Vote | undefined;
  /** Such as `2 Attack, 1 Retreat` or `1 Attack, 0 Retreat, 2 may still come`; undefined where nothing is counted. */
  readonly tally: string | undefined;
  /** Index of the event that said it. */
  readonly index: number | undefined;
  readonly children: readonly VoteLine[];
}

/** The tree of a general; undefined for one that hears nothing, such as a commander. O(tree and events). */
export function voteLines(
  { general, state, phase, decision }: GeneralMoment,
  trace: Trace,
  place: number,
): VoteLine | undefined {
  const tree = protocolOf(trace.started.setting).explain(state);
  if (tree === undefined) return undefined;
  const said = saidTo(general, trace, place);
  const isOver = decision !== undefined;
  return toLine(tree, '', { said, isOver, isPending: (path) => !isOver && path.length > phase });
}

interface Reading {
  readonly said: ReadonlyMap<string, { readonly index: number; readonly isFalse: boolean }>;
  /** The general has decided. */
  readonly isOver: boolean;
  /** Whether what comes by a path may still come. */
  readonly isPending: (path: readonly GeneralId[]) => boolean;
}

function toLine(node: VoteNode, before: string, reading: Reading): VoteLine {
  const { path, heard } = node;
  const id = `${before}/${path.join('>')}:${heard ?? ''}`;
  const said = reading.said.get(`${path.join('>')}:${heard ?? ''}`);
  const isSummary = path.length === 0;
  const isPending = heard === undefined && !isSummary && reading.isPending(path);
  const children = node.children.map((child) => toLine(child, id, reading));
  const isSettled = isSummary
    ? reading.isOver
    : !isPending && children.every((child) => child.value !== undefined);
  return {
    id,
    isSummary,
    claim: claimOf(path),
    heard,
    isPending,
    isFalse: said?.isFalse === true,
    value: isSettled ? node.value : undefined,
    tally: children.length === 0 || isSummary ? undefined : tallyOf(heard, isPending, children),
    index: said?.index,
    children,
  };
}

function claimOf(path: readonly GeneralId[]): string {
  const last = path.at(-1);
  if (last === undefined) return 'what it heard at the end';
  return path.length === 1 ? `${last} said` : `${last} said that ${pathWords(path.slice(0, -1))} said`;
}

/** Only what is relayed is a majority over itself and what is below; a protocol without relays has a rule of its own. */
function tallyOf(heard: Vote | undefined, isPending: boolean, children: readonly VoteLine[]): string {
  const own = isPending ? undefined : (heard ?? defaultVote);
  const values = [own, ...children.map(({ value }) => value)];
  const countOf = (wanted: Vote | undefined) => values.filter((vote) => vote === wanted).length;
  const [attackCount, retreatCount, openCount] = [countOf('Attack'), countOf('Retreat'), countOf(undefined)];
  const counted = `${attackCount} Attack, ${retreatCount} Retreat`;
  if (openCount > 0) return `${counted}, ${openCount} may still come`;
  return attackCount === retreatCount ? `${counted}, no majority, so ${defaultVote}` : counted;
}

/** What counts of what was said to a general up to a place, by path and vote. */
function saidTo(general: GeneralId, trace: Trace, place: number): Reading['said'] {
  const said = new Map<string, { index: number; isFalse: boolean }>();
  for (const { index, event } of messagesOf(trace)) {
    const { to, counts, entries } = event.message;
    if (index > place) break;
    if (!counts || (to !== general && to !== everyone)) continue;
    for (const { path, vote, isFalse } of entries) said.set(`${path.join('>')}:${vote}`, { index, isFalse });
  }
  return said;
}

/** The lines that are to be seen, top down, when these are open. */
export function visibleLines(
  root: VoteLine,
  isOpen: (line: VoteLine) => boolean,
  level = 1,
): readonly { readonly line: VoteLine; readonly level: number; readonly parent?: VoteLine }[] {
  if (!isOpen(root)) return [{ line: root, level }];
  const below = root.children.flatMap((child) =>
    visibleLines(child, isOpen, level + 1).map((one) => ({ parent: root, ...one })),
  );
  return [{ line: root, level }, ...below];
}

/** How many levels can stand open at first so that no more than so many lines are seen. */
export function openLevels(root: VoteLine, linesMax: number): number {
  let [level, count, depth] = [root.children, 1, 0];
  while (level.length > 0 && count + level.length <= linesMax) {
    count += level.length;
    depth += 1;
    level = level.flatMap(({ children }) => children);
  }
  return depth;
}
