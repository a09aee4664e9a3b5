import { z } from 'zod';
import { SlackApiError } from './slack-api-error.ts';

/** Forms carry everything as text, JSON bodies carry it typed; both are taken. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');

export const count = z.coerce.number().int().min(0);

/** A part of the answer: how many, and where to go on. */
export const paging = { limit: count.optional(), cursor: z.string().optional() };

/** An argument that is JSON, as text in a form or as itself; text that is no JSON throws the given error. */
export function parseJsonArgument(value: unknown, error: string): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackApiError(error);
  }
}

/** Cuts one page out of a list. The cursor is opaque to the caller; one that was not handed out throws `invalid_cursor`. */
export function pageOf<T>(
  items: readonly T[],
  { limit, cursor }: { limit: number; cursor: string | undefined },
): { page: T[]; nextCursor: string } {
  const start = cursor ? Number(/^offset:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]) : 0;
  if (!Number.isInteger(start)) throw new SlackApiError('invalid_cursor');
  const end = start + limit;
  return {
    page: items.slice(start, end),
    nextCursor: end < items.length ? Buffer.from(`offset:${end}`).toString('base64') : '',
  };
}
