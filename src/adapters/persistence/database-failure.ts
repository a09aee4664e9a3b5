import { DatabaseError } from 'pg';
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { Prisma } from './generated/client.ts';

/** What a failed statement or connection means for whoever asked. */
export type Failure = 'lost' | 'busy' | 'race' | 'other';

/** Prisma's codes: can't reach, timed out, connection closed, no connection free, transaction gone, too many connections. */
const LOST = new Set(['P1001', 'P1002', 'P1003', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2037']);
/** Serialization failure or deadlock; unique violation. */
const RACE = new Set(['P2034', 'P2002', '40001', '40P01', '23505']);
/** A lock or the whole statement took too long. */
const BUSY = new Set(['55P03', '57014']);

/** PostgreSQL's classes 08 (connection), 53 (out of resources) and 57P (shut down, crashed, starting), and idle timeouts. */
function meansLost(sqlState: string): boolean {
  return /^(08|53|57P)/.test(sqlState) || sqlState === '25P03' || sqlState === '25P04' || sqlState === '3D000';
}

const AdapterCause = z.object({
  driverAdapterError: z.object({ cause: z.object({ originalCode: z.string().optional(), kind: z.string().optional() }) }),
});

/** By code and class, never by the message. */
export function classify(error: unknown): Failure {
  if (error instanceof Prisma.PrismaClientInitializationError) return 'lost';
  if (error instanceof DatabaseError) return byCode(error.code ?? '');
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return 'other';
  const cause = AdapterCause.safeParse(error.meta);
  const original = cause.success ? cause.data.driverAdapterError.cause.originalCode : undefined;
  const first = byCode(error.code);
  return first === 'other' && original !== undefined ? byCode(original) : first;
}

function byCode(code: string): Failure {
  if (RACE.has(code)) return 'race';
  if (BUSY.has(code)) return 'busy';
  return LOST.has(code) || meansLost(code) ? 'lost' : 'other';
}

export function unreachable(): Refusal {
  return new Refusal(
    'unavailable',
    'Towpath cannot reach its database at the moment, so nothing was changed. Try again in a minute.',
  );
}

/** The connection went while the commit was under way: nobody can tell which way it ended. */
export function outcomeUnknown(): Refusal {
  return new Refusal(
    'unavailable',
    'Towpath lost its database while it was saving this, so it may or may not be done. Look at `/towpath status` in a minute before you try again.',
  );
}

export function tooBusy(): Refusal {
  return new Refusal(
    'unavailable',
    'Others are changing the same thing and it took too long to get a turn, so nothing was changed. Try again in a minute.',
  );
}
