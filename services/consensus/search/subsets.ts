/** All subsets of a size, in lexicographic order of the list, one at a time. */
export function* subsets<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (const [index, first] of items.entries()) {
    for (const rest of subsets(items.slice(index + 1), size - 1)) yield [first, ...rest];
  }
}

/** The subset that a number stands for: item i is in it when bit i is set. Up to 31 items. */
export function subsetOf<Item>(items: readonly Item[], number: number): Item[] {
  return items.filter((_, bit) => ((number >>> bit) & 1) === 1);
}
