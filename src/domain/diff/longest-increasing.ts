/** The items of a longest run that is in increasing order, not necessarily side by side. Values are distinct. O(n log n). */
export function longestIncreasing<Item>(items: readonly Item[], rankOf: (item: Item) => number): Set<Item> {
  const values = items.map(rankOf);
  /** Index of the smallest value that ends a run of each length. */
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, value] of values.entries()) {
    const length = firstEndNotBelow(ends, values, value);
    previous[index] = ends[length - 1] ?? -1;
    ends[length] = index;
  }
  const run = new Set<Item>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) run.add(items[at] as Item);
  return run;
}

function firstEndNotBelow(ends: readonly number[], values: readonly number[], value: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[ends[middle] as number] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
