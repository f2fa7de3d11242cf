/**
 * Where the traitors of an OM round can lie to loyal generals, and which of these places each loyal lieutenant
 * comes to hear of. A lie of the last phase reaches one lieutenant alone; every other lie travels on.
 */
import { levelSize, type TreeShape, treeShape } from '../eig-tree.js';
import { omPaths } from '../om-paths.js';
import type { GeneralId, Path } from '../protocol.js';
import type { ProofCase } from './proof.js';

/** A value that a traitor says to a loyal lieutenant; the path ends in the traitor. */
export interface LiePlace {
  readonly path: Path;
  readonly to: GeneralId;
}

/**
 * Where the value at a node of a lieutenant's tree comes from: `loyal` is the commander's order, `upstream` and
 * `last` are indexes among the places of that kind.
 */
export type Source =
  | { readonly kind: 'loyal' }
  | { readonly kind: 'upstream' | 'last'; readonly index: number };

/** A loyal lieutenant and the sources of its vote tree. */
export interface Lieutenant {
  readonly id: GeneralId;
  readonly shape: TreeShape;
  /** By level and rank, as in eig-tree.ts. */
  readonly sources: readonly (readonly Source[])[];
  /** What traitors tell it in the last phase. */
  readonly last: readonly LiePlace[];
}

export interface OmTreason {
  /** What traitors tell loyal lieutenants in all phases but the last, in canonical order. */
  readonly upstream: readonly LiePlace[];
  readonly lieutenants: readonly Lieutenant[];
}

/** The places of one case. O(values of the round). */
export function omTreason({ setting, traitors }: Omit<ProofCase, 'order'>): OmTreason {
  const paths = omPaths(setting);
  const loyal = setting.generals.filter((id) => id !== setting.commander && !traitors.includes(id));
  const upstream: LiePlace[] = [];
  const indexes = new Map<string, number>();
  for (let phase = 0; phase < setting.traitorsMax; phase += 1) {
    for (const from of traitors) {
      for (const path of paths.relays(phase, from)) {
        for (const to of loyal) {
          if (path.includes(to)) continue;
          indexes.set(placeKey(path, to), upstream.length);
          upstream.push({ path, to });
        }
      }
    }
  }
  const sourceOf = upstreamSource(new Set(traitors), indexes);
  return { upstream, lieutenants: loyal.map((id) => lieutenant(id, { setting, traitors }, sourceOf)) };
}

/** Walks a value back to the general that could first lie about it. */
function upstreamSource(traitors: ReadonlySet<GeneralId>, indexes: ReadonlyMap<string, number>) {
  return (path: Path, to: GeneralId): Source => {
    let [heard, by] = [path, to];
    for (;;) {
      const from = heard.at(-1) ?? '';
      const index = traitors.has(from) ? indexes.get(placeKey(heard, by)) : undefined;
      if (index !== undefined) return { kind: 'upstream', index };
      if (heard.length === 1) return { kind: 'loyal' };
      [heard, by] = [heard.slice(0, -1), from];
    }
  };
}

function lieutenant(
  id: GeneralId,
  { setting, traitors }: Omit<ProofCase, 'order'>,
  sourceOf: (path: Path, to: GeneralId) => Source,
): Lieutenant {
  const shape = treeShape(setting, id);
  const last: LiePlace[] = [];
  let paths: readonly Path[] = [[setting.commander]];
  const sources: Source[][] = [];
  for (let level = 0; level < shape.levelCount; level += 1) {
    const isLast = level === shape.levelCount - 1;
    sources.push(
      paths.map((path): Source => {
        if (!isLast || !traitors.includes(path.at(-1) ?? '')) return sourceOf(path, id);
        last.push({ path, to: id });
        return { kind: 'last', index: last.length - 1 };
      }),
    );
    paths = paths.flatMap((path) =>
      shape.others.filter((other) => !path.includes(other)).map((other) => [...path, other]),
    );
    if (!isLast && paths.length !== levelSize(shape, level + 1)) throw new Error('a level has another size');
  }
  return { id, shape, sources, last };
}

/** A key for maps only. */
function placeKey(path: Path, to: GeneralId): string {
  return `${path.join('>')} ${to}`;
}
