import type { Pipeline } from '../domain/environment.ts';
import { whatMoved } from '../domain/fingerprint.ts';
import { type Approval, lastReviewedApprovals, type Promotion } from '../domain/promotion.ts';
import { countingApprovals, ruleInWords } from '../domain/requirements/approvals.ts';
import { versionName, type Workflow } from '../domain/version.ts';
import { reviewersOf } from './announce.ts';
import { summarizeVersions } from './compare.ts';
import { tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Reading } from './ports.ts';
import { type Review, review } from './review.ts';
import type { ApprovalView, PromotionView, VersionTag } from './views.ts';

/** Everything a card shows of a promotion, in whatever state it is. */
export async function describePromotion(
  tx: Reading,
  promotion: Promotion,
  workflow: Workflow,
  pipeline: Pipeline,
): Promise<PromotionView> {
  const state =
    promotion.status === 'open'
      ? await describeOpen(tx, promotion, workflow, pipeline)
      : await describeClosed(tx, promotion);
  const { replacesId, ...rest } = state;
  const { requestedBy, reason, requestedAt, expiresAt, closedAt, closedBy, closeReason, id, status } = promotion;
  return {
    ...{ id, status, requestedBy, reason, requestedAt, expiresAt, closedAt, closedBy, closeReason },
    ...rest,
    workflow: tagWorkflow(workflow),
    version: tagVersion(await tx.versions.getById(promotion.versionId)),
    from: tagEnvironment(await tx.environments.get(promotion.sourceEnvironmentId)),
    to: tagEnvironment(await tx.environments.get(promotion.targetEnvironmentId)),
    replaces: replacesId === null ? null : tagVersion(await tx.versions.getById(replacesId)),
    diff: await summarizeVersions(tx, replacesId, promotion.versionId),
  };
}

type State = Pick<
  PromotionView,
  'fingerprint' | 'sourceMovedTo' | 'requirements' | 'approvals' | 'canApprove' | 'nobodyCanApprove' | 'deployment'
> & { replacesId: string | null };

async function describeOpen(tx: Reading, promotion: Promotion, workflow: Workflow, pipeline: Pipeline): Promise<State> {
  const now = await review(tx, promotion, workflow, pipeline);
  const counting = countingApprovals(now.facts).map(({ person }) => person);
  const approved = new Set(counting.map((person) => person.userId));
  const canApprove = await reviewersOf(tx, promotion, workflow, now.target, counting);
  const approvalsMissing = now.verdicts.some(({ kind, state }) => kind === 'approvals' && state !== 'met');
  return {
    fingerprint: now.fingerprint,
    replacesId: now.live?.versionId ?? null,
    sourceMovedTo: await sourceMovedTo(tx, promotion),
    requirements: now.verdicts,
    approvals: await describeApprovals(tx, promotion, now, approved),
    canApprove,
    nobodyCanApprove: canApprove.userIds.length === 0 && approvalsMissing,
    deployment: null,
  };
}

async function sourceMovedTo(tx: Reading, promotion: Promotion): Promise<VersionTag | null> {
  const live = await tx.deployments.findActive(promotion.workflowId, promotion.sourceEnvironmentId);
  if (live === null || live.versionId === promotion.versionId) return null;
  return tagVersion(await tx.versions.getById(live.versionId));
}

/** Newest approval of each person; an earlier one by the same person is told by the later. */
async function describeApprovals(
  tx: Reading,
  promotion: Promotion,
  now: Review,
  approved: ReadonlySet<string>,
): Promise<ApprovalView[]> {
  const newest = new Map(promotion.approvals.map((approval) => [approval.by, approval]));
  const views: ApprovalView[] = [];
  for (const approval of newest.values()) {
    const { by, role, at } = approval;
    views.push({ by, role, at, counts: approved.has(by), since: await describeSince(tx, approval, now) });
  }
  return views;
}

async function describeSince(tx: Reading, approval: Approval, now: Review): Promise<ApprovalView['since']> {
  const moved = whatMoved(approval.reviewed, now.reviewed);
  const lines: string[] = [];
  if (moved.includes('replaced')) lines.push(...(await describeReplaced(tx, approval, now)));
  if (moved.includes('settings')) lines.push(`The settings of ${now.target.name} that this version reads changed.`);
  if (moved.includes('policy')) {
    const asked = (rules: Review['target']['policy']['approvals']) => rules.map(ruleInWords).join(' and ') || 'nobody';
    lines.push(
      `${now.target.name} now asks for ${asked(now.target.policy.approvals)}; it asked for ${asked(approval.reviewed.policy.approvals)}.`,
    );
  }
  return { moved, lines };
}

async function describeReplaced(tx: Reading, approval: Approval, now: Review): Promise<string[]> {
  const [then, live] = [approval.reviewed.replacesVersionId, now.reviewed.replacesVersionId];
  const name = async (id: string | null) => (id === null ? 'nothing' : versionName(await tx.versions.getById(id)));
  const headline = `Live in ${now.target.name} was ${await name(then)} and is now ${await name(live)}.`;
  if (then === null || live === null || then === live) return [headline];
  const { lines } = await summarizeVersions(tx, then, live);
  return [headline, ...lines.slice(0, 3)];
}

async function describeClosed(tx: Reading, promotion: Promotion): Promise<State> {
  const deployment = await tx.deployments.findByPromotion(promotion.id);
  const last = promotion.approvals.at(-1);
  const replaced = deployment?.replacesId == null ? null : await tx.deployments.getById(deployment.replacesId);
  return {
    fingerprint: last?.fingerprint ?? '',
    replacesId: deployment === null ? await liveVersion(tx, promotion) : (replaced?.versionId ?? null),
    sourceMovedTo: null,
    requirements: [],
    approvals: lastReviewedApprovals(promotion).map(({ by, role, at }) => ({
      by,
      role,
      at,
      counts: true,
      since: { moved: [], lines: [] },
    })),
    canApprove: { userIds: [], more: false },
    nobodyCanApprove: false,
    deployment: deployment === null ? null : { id: deployment.id, active: deployment.status === 'active' },
  };
}

/** For a request that ended without deploying: against what is live there, unless that is the proposed version itself. */
async function liveVersion(tx: Reading, promotion: Promotion): Promise<string | null> {
  const live = await tx.deployments.findActive(promotion.workflowId, promotion.targetEnvironmentId);
  return live === null || live.versionId === promotion.versionId ? null : live.versionId;
}
