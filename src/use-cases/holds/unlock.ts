import type { Actor } from '../../domain/actor.ts';
import { assertCanLock } from '../../domain/permissions.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Lock } from '../../domain/requirements/lock.ts';
import { choose } from '../decide.ts';
import { getActing } from '../find-things.ts';
import type { Ports, Transaction } from '../ports.ts';
import { describeLock } from './describe-hold.ts';
import { endLock } from './end-lock.ts';
import { findScope, isOfScope, type Scope, scopeInWords, scopeOf } from './find-scope.ts';
import type { HoldUseCases } from './hold-use-cases.ts';
import type { LockView } from './hold-views.ts';

type UnlockRequest = Parameters<HoldUseCases['unlock']>[0];
interface Held {
  lock: Lock;
  scope: Scope;
}

/** Ends locks. What waited for nothing else goes live within a second, by the clock's tick. */
export function makeUnlock({ inTransaction }: Ports): HoldUseCases['unlock'] {
  return (request) =>
    inTransaction(request.actor.workspaceId, async (tx) => {
      const { actor, others = false } = request;
      const held = await findHeld(tx, request);
      if (!others) refuseOthers(held, actor);
      const person = await getActing(tx, actor);
      for (const { lock, scope } of held) {
        if (lock.by !== actor.userId) assertCanLock(person, scope.workflow, scope.environment);
      }
      const ended: LockView[] = [];
      for (const { lock, scope } of held) {
        if (await endLock(tx, actor, lock, scope)) ended.push(describeLock(lock, scope));
      }
      for (const { lock } of held) await tx.promotions.markForJudging({ scope: lock });
      return { ended };
    });
}

async function findHeld(tx: Transaction, request: UnlockRequest): Promise<Held[]> {
  const { lockId, promotionId, ...asked } = request;
  if (lockId !== undefined) {
    const lock = await findLock(tx, lockId);
    return [{ lock, scope: await scopeOf(tx, lock, await tx.environments.pipeline()) }];
  }
  const scope = await scopeAsked(tx, asked, promotionId);
  const found = (await tx.holds.listLocks()).filter((lock) => isOfScope(scope, lock));
  if (found.length === 0) throw nothingLocked(`Nobody holds a lock of ${scopeInWords(scope)} by itself.`);
  return found.map((lock) => ({ lock, scope }));
}

/** Its workflow locked: whoever ends the promotion that it is bound to holds that first, and then the lock. */
async function findLock(tx: Transaction, lockId: string): Promise<Lock> {
  const find = async () => (await tx.holds.listLocks()).find(({ id }) => id === lockId);
  const seen = await find();
  if (seen?.workflowId != null) await tx.workflows.getByIdLocked(seen.workflowId);
  const lock = seen?.workflowId == null ? seen : await find();
  if (lock === undefined) throw nothingLocked('That lock was ended already, or its time is over.');
  return lock;
}

async function scopeAsked(
  tx: Transaction,
  asked: Omit<UnlockRequest, 'lockId' | 'promotionId'>,
  promotionId: string | undefined,
): Promise<Scope> {
  if (promotionId === undefined) return findScope(tx, asked);
  const { workflow, target } = await choose(tx, { promotionId }, 'reject');
  return { workflow, environment: target };
}

function nothingLocked(what: string): Refusal {
  return new Refusal('nothing_locked', `${what} \`/towpath locks\` lists what is locked.`);
}

/** Somebody else's lock is ended by whoever says that they mean it. */
function refuseOthers(held: readonly Held[], actor: Actor): void {
  const foreign = held.find(({ lock }) => lock.by !== actor.userId);
  if (foreign === undefined) return;
  const { lock, scope } = foreign;
  throw new Refusal(
    'not_permitted',
    `<@${lock.by}> locked ${scopeInWords(scope)}: “${lock.reason.slice(0, 200)}”. Ask them, or end it in their place: \`/towpath unlock ${scope.workflow?.slug ?? scope.environment?.name ?? 'all'} --force\`. They will be told.`,
  );
}
