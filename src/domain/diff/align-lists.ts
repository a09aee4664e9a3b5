import type { Json } from '../workflow/json.ts';
import { linkNamed } from './align-named.ts';
import { isPlain, linkPlain } from './align-plain.ts';
import { linkUnnamed } from './align-unnamed.ts';
import type { Effort } from './effort.ts';
import type { Likeness } from './likeness.ts';
import { type Links, makeLinks, unlinked } from './links.ts';

/** Which item of a list became which; the rest came or went. */
export interface Alignment {
  /** By index after: the index before; -1 for what came. A plain array would be ten times as large. */
  readonly fromOf: Int32Array;
  /** Indexes before. */
  readonly removed: readonly number[];
  /** What was found again stands in another order. */
  readonly reordered: boolean;
}

/** What aligning lists needs besides them. */
export interface Aligning {
  readonly likeness: Likeness;
  readonly effort: Effort;
}

/** Matches items by id, key or name where that is unique on both sides, and items without any by content and place. */
export function alignLists(before: readonly Json[], after: readonly Json[], aligning: Aligning): Alignment {
  const links = makeLinks(before.length, after.length);
  if (isPlain(before) && isPlain(after)) {
    const reordered = linkPlain(before, after, links, aligning);
    return { fromOf: links.fromOf, removed: unlinked(links.toOf), reordered };
  }
  const named = linkNamed(before, after, links);
  linkUnnamed(
    { list: before, indexes: unlinked(named.isNamedBefore) },
    { list: after, indexes: unlinked(named.isNamedAfter) },
    links,
    aligning,
  );
  return { fromOf: links.fromOf, removed: unlinked(links.toOf), reordered: isReordered(links) };
}

function isReordered({ fromOf }: Links): boolean {
  let last = -1;
  for (const from of fromOf) {
    if (from < 0) continue;
    if (from < last) return true;
    last = from;
  }
  return false;
}
