import { assertCanLock } from '../../domain/permissions.ts';
import { assertOpen } from '../../domain/promotion.ts';
import { Refusal } from '../../domain/refusal.ts';
import { checkReason, choose } from '../decide.ts';
import { getActing } from '../find-things.ts';
import type { Ports, Transaction } from '../ports.ts';
import { describeLock } from './describe-hold.ts';
import { findScope, type Scope } from './find-scope.ts';
import type { HoldUseCases } from './hold-use-cases.ts';
import { momentOf } from './moment-of.ts';

type LockRequest = Parameters<HoldUseCases['lock']>[0];

/** More locks at once than this are nobody's to keep in mind. */
const MOST_LOCKS = 200;

/** Keeps things from going live in a scope. What waits there says so at once, and rollbacks are never kept from happening. */
export function makeLock({ inTransaction }: Ports): HoldUseCases['lock'] {
  return (request) =>
    inTransaction(request.actor.workspaceId, async (tx) => {
      const { actor, promotionId = null } = request;
      const reason = checkReason(request.reason, '/towpath lock WORKFLOW');
      const scope = await scopeAsked(tx, request);
      assertCanLock(await getActing(tx, actor), scope.workflow, scope.environment);
      await refuseTooMany(tx);
      const [workflowId, environmentId] = [scope.workflow?.id ?? null, scope.environment?.id ?? null];
      const until = request.until === undefined ? null : momentOf(request.until, tx.now);
      const lock = await tx.holds.lock({ workflowId, environmentId, reason, by: actor.userId, until, promotionId });
      await tx.audit.record(actor, {
        ...{ action: 'lock.taken', subject: `lock:${lock.id}`, before: null, after: lock },
        ...(workflowId !== null && { workflowId }),
        ...(environmentId !== null && { environmentId }),
      });
      await tx.promotions.markForJudging({ scope: { workflowId, environmentId } });
      return describeLock(lock, scope);
    });
}

/** From a card: its workflow, where it would go live. */
async function scopeAsked(tx: Transaction, { promotionId, ...asked }: LockRequest): Promise<Scope> {
  if (promotionId === undefined) return findScope(tx, asked);
  const { promotion, workflow, target } = await choose(tx, { promotionId }, 'reject');
  assertOpen(promotion);
  return { workflow, environment: target };
}

async function refuseTooMany(tx: Transaction): Promise<void> {
  if ((await tx.holds.listLocks()).length < MOST_LOCKS) return;
  throw new Refusal(
    'too_many',
    `There are ${MOST_LOCKS} locks already. End some of them first: \`/towpath locks\` lists them.`,
  );
}
