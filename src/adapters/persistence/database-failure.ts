import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { Prisma } from './generated/client.ts';

/** What a failed statement or connection means for whoever asked. */
export type Failure = 'lost' | 'busy' | 'race' | 'other';

/**
 * Prisma's codes (can't reach, timed out, connection closed, no connection free, transaction gone, too many connections) and
 * its adapter's kinds, which come through where Prisma has no code of its own for them.
 */
const LOST = new Set(
  (
    'P1000 P1001 P1002 P1003 P1008 P1010 P1011 P1017 P2024 P2028 P2037 DatabaseNotReachable ConnectionClosed SocketTimeout ' +
    'TooManyConnections TlsConnectionError DatabaseDoesNotExist DatabaseAccessDenied AuthenticationFailed'
  ).split(' '),
);
/** Serialization failure, deadlock or unique violation. */
const RACE = new Set('P2034 P2002 TransactionWriteConflict UniqueConstraintViolation 40001 40P01 23505'.split(' '));
/** A lock or the whole statement took too long. */
const BUSY = new Set(['55P03', '57014']);

/** PostgreSQL's classes 08 (connection), 53 (out of resources) and 57P (shut down, crashed, starting), and idle timeouts. */
function meansLost(sqlState: string): boolean {
  return /^(08|53|57P)/.test(sqlState) || sqlState === '25P03' || sqlState === '25P04';
}

const Cause = z.object({
  kind: z.string().optional(),
  code: z.string().optional(),
  originalCode: z.string().optional(),
});
const Meta = z.object({ driverAdapterError: z.object({ cause: Cause }) });

/** By code and class, never by the message. */
export function classify(error: unknown): Failure {
  if (error instanceof Prisma.PrismaClientInitializationError) return 'lost';
  const codes = codesOf(error);
  if (codes.some((code) => RACE.has(code))) return 'race';
  if (codes.some((code) => BUSY.has(code))) return 'busy';
  return codes.some((code) => LOST.has(code) || meansLost(code)) ? 'lost' : 'other';
}

/** All codes by which Prisma, its adapter and PostgreSQL name this error; none for any other error. */
function codesOf(error: unknown): string[] {
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const meta = Meta.safeParse(error.meta);
    return [error.code, ...(meta.success ? codesOfCause(meta.data.driverAdapterError.cause) : [])];
  }
  if (error instanceof Error && error.name === 'DriverAdapterError') return codesOfCause(Cause.parse(error.cause));
  return [];
}

function codesOfCause({ kind, code, originalCode }: z.infer<typeof Cause>): string[] {
  return [kind, code, originalCode].filter((each) => each !== undefined);
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
