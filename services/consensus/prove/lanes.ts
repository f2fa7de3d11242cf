/**
 * The decisions of one lieutenant for 32 treasons at a time: bit i of a word is the vote in treason i, 1 for
 * Attack. The rule is OM's recursive majority with ties to Retreat, as `resolve` in eig-tree.ts has it, written
 * as a circuit; prove-om.test.ts holds the two against each other.
 */
import type { Vote } from '../protocol.js';
import type { Lieutenant } from './om-treason.js';

/** How a lieutenant comes to its decision; `flat` is a baseline that is known to break. */
export type DecisionRule =
  /** OM's. */
  | 'recursive'
  /** One majority over everything heard, by whatever path. */
  | 'flat';

/** Decides for one lieutenant. */
export interface LaneDecider {
  /** The treasons of the last phase are numbered from 0 to this less 1: bit j is what its place j says. */
  readonly lastCount: number;
  /** How many of them end in Attack. `upstream` numbers what was said before: bit i for place i. */
  countAttacks(upstream: number): number;
  /** What this one treason ends in. */
  decide(upstream: number, last: number): Vote;
}

/** The decider of a lieutenant when the commander's order is this. Up to 30 places of either kind. */
export function laneDecider(lieutenant: Lieutenant, order: Vote, rule: DecisionRule): LaneDecider {
  const heard = lieutenant.sources.map((level) => new Int32Array(level.length));
  const count = rule === 'flat' ? flatMajority(heard) : recursiveMajority(heard);
  const nodes = lieutenant.sources.flatMap((sources, level) =>
    sources.map((source, rank) => ({ source, level: heard[level] as Int32Array, rank })),
  );
  for (const { source, level, rank } of nodes) {
    if (source.kind === 'loyal') level[rank] = order === 'Attack' ? -1 : 0;
  }
  const upstreamNodes = nodes.filter(({ source }) => source.kind === 'upstream');
  // The places of the last phase are numbered in the order of the deepest level, and stand nowhere else.
  const deepest = heard.at(-1) as Int32Array;
  const lastRanks = nodes.flatMap(({ source, rank }) => (source.kind === 'last' ? [rank] : []));
  const lastCount = 2 ** lastRanks.length;

  const hear = (upstream: number) => {
    for (const { source, level, rank } of upstreamNodes) {
      if (source.kind === 'upstream') level[rank] = -((upstream >>> source.index) & 1);
    }
  };
  return {
    lastCount,
    countAttacks(upstream) {
      hear(upstream);
      let attackCount = 0;
      for (let block = 0; block * 32 < lastCount; block += 1) {
        for (let place = 0; place < lastRanks.length; place += 1) {
          deepest[lastRanks[place] as number] = lanes[place] ?? -((block >>> (place - lanes.length)) & 1);
        }
        const word = count();
        attackCount += bitCount(lastCount < 32 ? word & (2 ** lastCount - 1) : word);
      }
      return attackCount;
    },
    decide(upstream, last) {
      hear(upstream);
      for (const [place, rank] of lastRanks.entries()) deepest[rank] = -((last >>> place) & 1);
      return count() === 0 ? 'Retreat' : 'Attack';
    },
  };
}

/** Bit i of word j is bit j of i: 32 treasons side by side differ in their first five places. */
const lanes = [0xaaaaaaaa, 0xcccccccc, 0xf0f0f0f0, 0xff00ff00, 0xffff0000].map((word) => word | 0);

/** OM's decision over what was heard, which it leaves as it is. */
function recursiveMajority(heard: readonly Int32Array[]): () => number {
  const values = heard.map((level) => new Int32Array(level.length));
  const widths = heard.map(({ length }, level) => (heard[level + 1]?.length ?? 0) / length || 0);
  const planes = new Int32Array(32);
  return () => {
    for (let level = heard.length - 1; level >= 0; level -= 1) {
      const own = heard[level] as Int32Array;
      const into = values[level] as Int32Array;
      const width = widths[level] as number;
      if (width === 0) {
        into.set(own);
        continue;
      }
      const below = values[level + 1] as Int32Array;
      for (let rank = 0; rank < own.length; rank += 1) {
        const planeCount = start(width + 1, planes);
        let won = add(own[rank] as number, planeCount, planes);
        const end = (rank + 1) * width;
        for (let child = end - width; child < end; child += 1) {
          won |= add(below[child] as number, planeCount, planes);
        }
        into[rank] = won;
      }
    }
    return values[0]?.[0] ?? 0;
  };
}

function flatMajority(heard: readonly Int32Array[]): () => number {
  const size = heard.reduce((sum, { length }) => sum + length, 0);
  const planes = new Int32Array(32);
  return () => {
    const planeCount = start(size, planes);
    let won = 0;
    for (const level of heard) for (const word of level) won |= add(word, planeCount, planes);
    return won;
  };
}

/**
 * Counts from 2^planes - needed, so that the carry out of the last plane says that `needed` were counted: more
 * than half of `size`. Gives the number of planes.
 */
function start(size: number, planes: Int32Array): number {
  const needed = (size >>> 1) + 1;
  const planeCount = 32 - Math.clz32(size);
  const first = 2 ** planeCount - needed;
  for (let plane = 0; plane < planeCount; plane += 1) planes[plane] = -((first >>> plane) & 1);
  return planeCount;
}

/** Adds a word to the counter in the planes; gives the lanes whose counter ran over. */
function add(word: number, planeCount: number, planes: Int32Array): number {
  let carry = word;
  for (let plane = 0; plane < planeCount && carry !== 0; plane += 1) {
    const before = planes[plane] as number;
    planes[plane] = before ^ carry;
    carry &= before;
  }
  return carry;
}

function bitCount(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
