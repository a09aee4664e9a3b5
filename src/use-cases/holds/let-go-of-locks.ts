import type { Actor } from '../../domain/actor.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { isLockInForce } from '../../domain/requirements/lock.ts';
import type { Transaction } from '../ports.ts';
import { endLock, tellOwner } from './end-lock.ts';
import { type Scope, scopeInWords } from './find-scope.ts';

/**
 * What was locked from the card of a promotion that was closed: whoever closed it is done with their own locks. Somebody else's is ended
 * by nobody who does not say so, and holds on by itself.
 */
export async function letGoOfLocks(
  tx: Transaction,
  actor: Actor,
  { id, status }: Pick<Promotion, 'id' | 'status'>,
  scope: Scope,
): Promise<void> {
  for (const lock of await tx.holds.unbind(id)) {
    if (!isLockInForce(lock, tx.now)) continue;
    if (lock.by === actor.userId) await endLock(tx, actor, lock, scope);
    const what = scopeInWords(scope);
    const text = `Your lock of ${what} stays, though the request that you locked is ${HOW[status] ?? 'closed'}. \`/towpath locks\` has a button that ends it.`;
    await tellOwner(tx, actor, lock, text);
  }
}

const HOW: Partial<Record<Promotion['status'], string>> = {
  rejected: 'rejected',
  cancelled: 'cancelled',
  expired: 'expired',
};
