import { z } from 'zod';
import type { Version } from '../../domain/version.ts';
import type { Prisma } from './generated/client.ts';
import type { Outbox } from './outbox.ts';

/** What every reader and writer of one transaction works with. */
export interface Context {
  db: Prisma.TransactionClient;
  /** No query leaves it out. */
  workspaceId: string;
  /** The database's clock, to the millisecond: read when the transaction began and again whenever a workflow's lock was taken. */
  clock: { now: Date };
  /** Versions read so far, by id: but for label and note they never change, and one act asks for the same one again and again. */
  versions: Map<string, Version>;
  /** What is written just before the commit. Nothing in a transaction that only reads. */
  outbox: Outbox;
}

/** Checks and names what a raw query gave. Keys that `schema` doesn't know are dropped. */
export async function parseRows<T>(query: PromiseLike<unknown>, schema: z.ZodType<T>): Promise<T[]> {
  return z.array(schema).parse(await query);
}

/** The first row, or null. */
export async function parseFirst<T>(query: PromiseLike<unknown>, schema: z.ZodType<T>): Promise<T | null> {
  const [first] = await parseRows(query, schema);
  return first ?? null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids come from buttons and addresses: one that can't be an id is not found, instead of failing in the database. */
export function isUuid(id: string): boolean {
  return UUID.test(id);
}

/** Those of `ids` that can be ids at all, each once. */
export function uuidsOf(ids: readonly string[]): string[] {
  return [...new Set(ids.filter(isUuid))];
}

/** By their id, for the `getMany…` of readers. */
export function byId<T extends { id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
