/** Links between the items of two lists while they are made, by their indexes. */
export interface Links {
  /** By index after: the index before, or -1. */
  readonly fromOf: Int32Array;
  /** By index before: the index after, or -1. */
  readonly toOf: Int32Array;
}

export function makeLinks(before: number, after: number): Links {
  return { fromOf: new Int32Array(after).fill(-1), toOf: new Int32Array(before).fill(-1) };
}

/** An item is linked once at most. */
export function link({ fromOf, toOf }: Links, before: number, after: number): void {
  fromOf[after] = before;
  toOf[before] = after;
}

/** The indexes that hold -1, in order. */
export function unlinked(numbers: Int32Array | Int8Array): number[] {
  const indexes: number[] = [];
  for (let index = 0; index < numbers.length; index++) if (numbers[index] === -1) indexes.push(index);
  return indexes;
}
