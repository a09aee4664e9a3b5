import type { Actor } from '../../domain/actor.ts';
import { assertCanLock } from '../../domain/permissions.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Lock } from '../../domain/requirements/lock.ts';
import { choose } from '../decide.ts';
import { getActing } from '../find-things.ts';
import type { Ports, Transaction } from '../ports.ts';
import { describeLock } from './describe-hold.ts';
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
        if (await end(tx, actor, lock, scope)) ended.push(describeLock(lock, scope));
      }
      for (const { lock } of held) await tx.promotions.markForJudging({ scope: lock });
      return { ended };
    });
}

async function findHeld(tx: Transaction, request: UnlockRequest): Promise<Held[]> {
  const { lockId, promotionId, ...asked } = request;
  const all = await tx.holds.listLocks();
  if (lockId !== undefined) {
    const lock = all.find(({ id }) => id === lockId);
    if (lock === undefined) throw nothingLocked('That lock was ended already, or its time is over.');
    return [{ lock, scope: await scopeOf(tx, lock, await tx.environments.pipeline()) }];
  }
  const scope = await scopeAsked(tx, asked, promotionId);
  const found = (await tx.holds.listLocks()).filter((lock) => isOfScope(scope, lock));
  if (found.length === 0) throw nothingLocked(`Nobody holds a lock of ${scopeInWords(scope)} by itself.`);
  return found.map((lock) => ({ lock, scope }));
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

const SLACK_USER = /^[UW][A-Z0-9]{1,30}$/;

async function end(tx: Transaction, actor: Actor, lock: Lock, scope: Scope): Promise<boolean> {
  if (!(await tx.holds.unlock(lock.id, actor.userId))) return false;
  await tx.audit.record(actor, {
    ...{ action: 'lock.ended', subject: `lock:${lock.id}`, before: lock, after: null },
    ...(lock.workflowId !== null && { workflowId: lock.workflowId }),
    ...(lock.environmentId !== null && { environmentId: lock.environmentId }),
  });
  if (lock.by === actor.userId || !SLACK_USER.test(lock.by)) return true;
  const text = `<@${actor.userId}> ended your lock of ${scopeInWords(scope)}.`;
  await tx.announcements.post({ kind: 'notice', subjectId: lock.id, target: lock.by, payload: { text } });
  return true;
}
