import type { Actor } from '../../domain/actor.ts';
import type { Lock } from '../../domain/requirements/lock.ts';
import type { Transaction } from '../ports.ts';
import { type Scope, scopeInWords } from './find-scope.ts';

const SLACK_USER = /^[UW][A-Z0-9]{1,30}$/;

/** Ends a lock, and tells its owner where that is somebody else. False: it was ended already. */
export async function endLock(tx: Transaction, actor: Actor, lock: Lock, scope: Scope): Promise<boolean> {
  if (!(await tx.holds.unlock(lock.id, actor.userId))) return false;
  await tx.audit.record(actor, {
    ...{ action: 'lock.ended', subject: `lock:${lock.id}`, before: lock, after: null },
    ...(lock.workflowId !== null && { workflowId: lock.workflowId }),
    ...(lock.environmentId !== null && { environmentId: lock.environmentId }),
  });
  await tellOwner(tx, actor, lock, `<@${actor.userId}> ended your lock of ${scopeInWords(scope)}.`);
  return true;
}

/** Tells whoever holds a lock what somebody else did. */
export async function tellOwner(tx: Transaction, actor: Actor, lock: Lock, text: string): Promise<void> {
  if (lock.by === actor.userId || !SLACK_USER.test(lock.by)) return;
  await tx.announcements.post({ kind: 'notice', subjectId: lock.id, target: lock.by, payload: { text } });
}
