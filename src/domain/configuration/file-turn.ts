/** What was applied last, of all that starts applied. */
export interface AppliedFile {
  /** 1, 2, 3 … in the workspace. */
  readonly number: number;
  /** Of `TowpathConfiguration`. */
  readonly hash: string;
}

/** What a start does with the file that it was given. */
export type FileTurn =
  /** It is the one that was applied last: nothing new, unless somebody changed otherwise what it gives. */
  | { readonly kind: 'newest'; readonly number: number }
  /** It takes the next number. `forced`: it had been superseded, and somebody asked for it nevertheless. */
  | { readonly kind: 'next'; readonly number: number; readonly forced: boolean }
  /** Another one was applied after it: a process that was left behind must not bring it back. */
  | { readonly kind: 'superseded'; readonly number: number; readonly newest: number };

/**
 * Whether a start applies its file. Each change of the file is numbered, and one that was followed by another is not applied
 * again, so that an old process that starts once more undoes nothing.
 *
 * @param known number of the last time that this very content was applied; null: never
 */
export function fileTurn(
  hash: string,
  { newest, known }: { newest: AppliedFile | null; known: number | null },
  isForced: boolean,
): FileTurn {
  if (newest === null) return { kind: 'next', number: 1, forced: false };
  if (newest.hash === hash) return { kind: 'newest', number: newest.number };
  if (known !== null && !isForced) return { kind: 'superseded', number: known, newest: newest.number };
  return { kind: 'next', number: newest.number + 1, forced: known !== null };
}
