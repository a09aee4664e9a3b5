import type { RiskLevel } from '../domain/diff/risk.ts';
import type { Environment } from '../domain/environment.ts';
import type { Person } from '../domain/person.ts';
import { lowestRoleOf } from '../domain/policy/approval-rule.ts';
import { policyFor } from '../domain/policy/policy-for.ts';
import type { Promotion } from '../domain/promotion.ts';
import { isEligible, type RuleFacts, rulesAsked, wouldFillAPlace } from '../domain/requirements/approvals.ts';
import { percentOf } from '../domain/rollout.ts';
import type { Version, Workflow } from '../domain/version.ts';
import { workflowFacts } from './gather-facts.ts';
import type { Reading, Transaction } from './ports.ts';
import { channelOf } from './settings/channel-of.ts';
import type { StoryPayload } from './views.ts';

/** How many people a card names, or is sent to where no channel takes it. */
export const MOST_REVIEWERS = 10;

/** Adds a line to the thread below a promotion's card. The first card is the one in the channel. */
export async function tellStory(tx: Transaction, promotionId: string, payload: StoryPayload): Promise<void> {
  const card = await tx.announcements.firstCard(promotionId);
  if (card === null) return;
  await tx.announcements.post({
    kind: 'promotion-story',
    subjectId: promotionId,
    target: card.target,
    threadOf: card.id,
    payload: { ...payload },
  });
}

/**
 * People known here who could give what is still missing, the requester left out: at most `MOST_REVIEWERS`, and whether there
 * are more.
 *
 * @param workflow with what rules of user groups and a bar on the author are judged by, where there are any (`ruleFactsOf`)
 * @param approved those whose approval counts already
 * @param risk of the change, which may ask for more people
 */
export async function reviewersOf(
  tx: Reading,
  promotion: Pick<Promotion, 'requestedBy'>,
  workflow: RuleFacts & { slug?: string },
  target: Pick<Environment, 'policy'>,
  approved: readonly Person[],
  risk: RiskLevel | null = null,
): Promise<{ userIds: string[]; more: boolean }> {
  const approvals = rulesAsked(policyFor(target, workflow), risk);
  const known = approvals.length === 0 ? [] : await tx.people.listFrom(lowestRoleOf(approvals), 200);
  const done = new Set(approved.map((person) => person.userId));
  const able = known
    .filter((person) => !done.has(person.userId) && isEligible(approvals, person, promotion, workflow))
    .filter((person) => wouldFillAPlace(person, approvals, approved, workflow))
    .map((person) => person.userId);
  return { userIds: able.slice(0, MOST_REVIEWERS), more: able.length > MOST_REVIEWERS };
}

/** Posts a new promotion's card: in the target's channel, where it was typed, or else to everybody whom it concerns. */
export async function postCard(
  tx: Transaction,
  promotion: Promotion,
  workflow: Workflow,
  target: Environment,
): Promise<void> {
  // Asked for in a direct message (D…), the card would reach nobody who can approve it.
  const typedIn = promotion.originChannel?.startsWith('D') ? null : promotion.originChannel;
  const channel = (await channelOf(tx, target, workflow.id)) ?? typedIn;
  const people = async () => [
    promotion.requestedBy,
    ...(await reviewersOf(tx, promotion, await workflowFacts(tx, workflow, target, promotion.versionId), target, []))
      .userIds,
  ];
  for (const place of channel === null ? await people() : [channel]) {
    await tx.announcements.post({ kind: 'promotion-card', subjectId: promotion.id, target: place });
  }
}

/** What webhooks say of a promotion. */
export function promotionData(
  promotion: Promotion,
  workflow: Workflow,
  version: Version,
  target: Environment,
  by: string | null,
) {
  return {
    workflow: workflow.slug,
    environment: target.name,
    version: { number: version.number, label: version.label, contentHash: version.contentHash },
    promotion: {
      id: promotion.id,
      status: promotion.status,
      requestedBy: promotion.requestedBy,
      reason: promotion.reason,
      // In percent, where it was asked for as a canary.
      ...(promotion.canary !== null && { canary: percentOf(promotion.canary) }),
    },
    by,
    reason: promotion.closeReason,
  };
}
