import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../use-cases/ports.ts';
import { isUuid } from './context.ts';

/** Where a list ordered by a time and an id goes on. */
export interface TimeCursor {
  at: Date;
  id: string;
}

const MOST = 100;
const CURSOR_LENGTH = 500;
const TimeKey = z.tuple([z.iso.datetime(), z.string().max(200)]);
const NumberKey = z.tuple([z.int().nonnegative()]);

function badCursor(): Refusal {
  return new Refusal('invalid_input', 'That cursor is not one that Towpath gave. Start again without it.');
}

/** How many items a page holds: from 1 to 100, whatever was asked for. */
export function pageSize(limit: number): number {
  return Number.isFinite(limit) ? Math.min(Math.max(Math.trunc(limit), 1), MOST) : MOST;
}

function encode(key: unknown): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws Refusal invalid_input */
function decode<T>(cursor: string, schema: z.ZodType<T>): T {
  if (cursor.length > CURSOR_LENGTH) throw badCursor();
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw badCursor();
  }
}

/** Null for the first page. `isId` says what an id of this list looks like. @throws Refusal invalid_input */
export function timeCursor(page: PageRequest, isId: (id: string) => boolean = isUuid): TimeCursor | null {
  if (page.cursor === undefined) return null;
  const [at, id] = decode(page.cursor, TimeKey);
  if (!isId(id)) throw badCursor();
  return { at: new Date(at), id };
}

/** Null for the first page. @throws Refusal invalid_input */
export function numberCursor(page: PageRequest): number | null {
  return page.cursor === undefined ? null : decode(page.cursor, NumberKey)[0];
}

/**
 * A page of `found`, which was asked for one item more than the page holds: that one tells whether there is another page.
 * @param key what the next page starts after, of the last item shown
 */
export function toPage<T>(found: T[], limit: number, key: (last: T) => [string, string] | [number]): Page<T> {
  const items = found.slice(0, pageSize(limit));
  const last = items.at(-1);
  const more = found.length > items.length && last !== undefined;
  return { items, cursor: more ? encode(key(last)) : null };
}

/** What comes after the cursor in a list ordered by `field` and id, both descending, as Prisma's `where` says it. */
export function after<F extends string>(field: F, cursor: TimeCursor | null) {
  if (cursor === null) return {};
  const earlier = { [field]: { lt: cursor.at } } as Record<F, { lt: Date }>;
  const same = { [field]: cursor.at, id: { lt: cursor.id } } as Record<F, Date> & { id: { lt: string } };
  return { OR: [earlier, same] };
}
