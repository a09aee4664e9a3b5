import type { Announcement } from '../../../use-cases/ports.ts';
import type { SlackContext } from '../slack-context.ts';

/** So many reviewers at most get a card that its channel does not take. */
const MOST_REVIEWERS = 10;

type Delivery = Pick<SlackContext, 'useCases' | 'ports' | 'log'>;

/**
 * Ends a message that Slack refuses for certain. A card goes to the requester and those who can approve instead, a receipt
 * to its doer, in the same transaction; what was meant for one person, or for the thread of such a card, is dropped.
 */
export async function giveUp(delivery: Delivery, announcement: Announcement, why: string): Promise<void> {
  const { id, kind, subjectId, target, workspaceId } = announcement;
  const people = await instead(delivery, announcement);
  await delivery.ports.inTransaction(workspaceId, async (tx) => {
    await tx.announcements.mark(id, { state: 'failed', error: why });
    for (const person of people) {
      await tx.announcements.post({ kind, subjectId, target: person, payload: { fallbackFrom: target } });
    }
  });
  delivery.log.warn(
    { announcement: id, kind, target, why, toldDirectly: people.length },
    'Slack does not take a message',
  );
}

/** Who gets it directly. Nobody where it was a direct message already: that would go round in circles. */
async function instead(
  { useCases }: Delivery,
  { kind, subjectId, target, workspaceId }: Announcement,
): Promise<string[]> {
  if (/^[UW]/.test(target)) return [];
  switch (kind) {
    case 'promotion-card': {
      const { requestedBy, canApprove } = await useCases.showPromotion({ workspaceId, promotionId: subjectId });
      return peopleOnly([requestedBy, ...canApprove.userIds.slice(0, MOST_REVIEWERS)]);
    }
    case 'settings-card': {
      const { requestedBy, canApprove } = await useCases.showSettingsProposal({ workspaceId, proposalId: subjectId });
      return peopleOnly([requestedBy, ...canApprove.userIds.slice(0, MOST_REVIEWERS)]);
    }
    case 'deployment-receipt':
      return peopleOnly([
        (await useCases.showDeploymentReceipt({ workspaceId, deploymentId: subjectId })).deployment.deployedBy,
      ]);
    case 'rollback-receipt':
      return peopleOnly([(await useCases.showRollbackReceipt({ workspaceId, rollbackId: subjectId })).by]);
    case 'suite-run':
      return peopleOnly([(await useCases.showSuiteRun({ workspaceId, id: subjectId })).askedBy]);
    default:
      return [];
  }
}

/** Once each, without `api` and its like. */
function peopleOnly(userIds: readonly string[]): string[] {
  return [...new Set(userIds)].filter((userId) => /^[UW][A-Z0-9]+$/.test(userId));
}
