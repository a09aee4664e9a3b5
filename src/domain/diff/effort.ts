/**
 * What finding differences in values may still cost, shared by all values of one comparison.
 * Counted, not timed: the same input gives the same answer on whatever machine.
 */
export interface Effort {
  /** Differences that are told each for itself; then lists and objects that differ are told as wholes. */
  differences: number;
  /** For finding what came and went in lists, in squared edits: what the algorithm costs at worst. Then items are matched by place. */
  squaredEdits: number;
}

export function makeEffort(): Effort {
  return { differences: 50_000, squaredEdits: 1_000_000 };
}
