/** What a run spent so far: told also where it comes to nothing, or is given up. */
export interface Spent {
  /** US dollars; null: nothing yet, or nobody knows. */
  dollars: number | null;
}

export function nothingSpent(): Spent {
  return { dollars: null };
}
