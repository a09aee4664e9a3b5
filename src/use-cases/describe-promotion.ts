import type { Deployment } from '../domain/deployment.ts';
import type { Pipeline } from '../domain/environment.ts';
import { lastReviewedApprovals, type Promotion } from '../domain/promotion.ts';
import { countingApprovals, ruleFactsOf, saidNo } from '../domain/requirements/approvals.ts';
import { policyOf } from '../domain/requirements/requirement.ts';
import type { Workflow } from '../domain/version.ts';
import { reviewersOf } from './announce.ts';
import { summarizeVersions } from './compare.ts';
import { replacedVersion } from './find-compared.ts';
import { getEnvironmentById, tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Reading } from './ports.ts';
import { type Review, review } from './review.ts';
import { describeRidesAlong } from './rides-along.ts';
import { movedSinceApproved } from './rollout/moved-since-approved.ts';
import { possibleSteps } from './rollout/possible-steps.ts';
import { waitsForEnd } from './rollout/waits-for-end.ts';
import { compareInEffect } from './settings/compare-in-effect.ts';
import { describeEarlierApproval, describeSince } from './since-approved.ts';
import { describeTests } from './suite/describe-tests.ts';
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
      : await describeClosed(tx, promotion, workflow, pipeline);
  const { replacesId, ...rest } = state;
  await tx.versions.getMany([promotion.versionId, ...(replacesId === null ? [] : [replacesId])]);
  const version = await tx.versions.getById(promotion.versionId);
  const replaces = replacesId === null ? null : await tx.versions.getById(replacesId);
  const { requestedBy, reason, requestedAt, expiresAt, closedAt, closedBy, closeReason, id, status, canary } =
    promotion;
  return {
    ...{ id, status, canary, requestedBy, reason, requestedAt, expiresAt, closedAt, closedBy, closeReason },
    ...rest,
    workflow: tagWorkflow(workflow),
    version: tagVersion(version),
    from: tagEnvironment(await getEnvironmentById(tx, pipeline, promotion.sourceEnvironmentId)),
    to: tagEnvironment(await getEnvironmentById(tx, pipeline, promotion.targetEnvironmentId)),
    replaces: replaces === null ? null : tagVersion(replaces),
    diff: await summarizeVersions(tx, replacesId, promotion.versionId),
    deployAt: promotion.deployAt ?? null,
    ridesAlong: await describeRidesAlong(tx, replaces, version),
    earlierApproval: promotion.status === 'open' ? await describeEarlierApproval(tx, promotion) : null,
  };
}

type State = Pick<
  PromotionView,
  | 'fingerprint'
  | 'sourceMovedTo'
  | 'inEffect'
  | 'requirements'
  | 'approvals'
  | 'rejections'
  | 'checklist'
  | 'locks'
  | 'tests'
  | 'canApprove'
  | 'nobodyCanApprove'
  | 'deployment'
> & { replacesId: string | null };

async function describeOpen(tx: Reading, promotion: Promotion, workflow: Workflow, pipeline: Pipeline): Promise<State> {
  const now = await review(tx, promotion, workflow, pipeline);
  const counting = countingApprovals(now.facts).map(({ person }) => person);
  const approved = new Set(counting.map((person) => person.userId));
  const canApprove = await reviewersOf(
    ...([tx, promotion, { ...workflow, ...ruleFactsOf(now.facts) }, now.target, counting] as const),
    now.facts.risk ?? null,
  );
  const approvalsMissing = now.verdicts.some(({ kind, state }) => kind === 'approvals' && state !== 'met');
  return {
    fingerprint: now.fingerprint,
    replacesId: now.live?.versionId ?? null,
    sourceMovedTo: await sourceMovedTo(tx, promotion),
    inEffect: await compareInEffect(tx, now.live?.versionId ?? null, promotion.versionId, now.settings),
    requirements: now.verdicts,
    approvals: await describeApprovals(tx, promotion, now, approved),
    ...describeActs(now),
    tests: await describeTests(tx, now),
    canApprove,
    nobodyCanApprove: canApprove.userIds.length === 0 && approvalsMissing,
    deployment: null,
  };
}

/** What people did on an open promotion besides approving, or have to do. */
function describeActs({ facts }: Review): Pick<PromotionView, 'rejections' | 'checklist' | 'locks'> {
  const standing = new Set(saidNo(facts));
  const { checklist = [] } = policyOf(facts);
  const { rejections = [] } = facts.promotion;
  return {
    rejections: rejections.map((rejection) => ({ ...rejection, stands: standing.has(rejection) })),
    checklist: checklist.map((item) => {
      const tick = facts.ticks?.find((one) => one.item === item);
      return { item, ticked: tick === undefined ? null : { by: tick.by, at: tick.at } };
    }),
    locks: (facts.locks ?? []).map(({ id, reason, by, at, until, promotionId }) => ({
      ...{ id, reason, by, at, until, promotionId },
    })),
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

async function describeClosed(
  tx: Reading,
  promotion: Promotion,
  workflow: Workflow,
  pipeline: Pipeline,
): Promise<State> {
  const deployment = await tx.deployments.findByPromotion(promotion.id);
  const last = promotion.approvals.at(-1);
  return {
    fingerprint: last?.fingerprint ?? '',
    replacesId: await replacedVersion(tx, promotion, deployment),
    sourceMovedTo: null,
    inEffect: null,
    requirements: [],
    approvals: lastReviewedApprovals(promotion).map(({ by, role, at }) => ({
      by,
      role,
      at,
      counts: true,
      since: { moved: [], lines: [] },
    })),
    rejections: (promotion.rejections ?? []).map((rejection) => ({ ...rejection, stands: false })),
    ...{ checklist: [], locks: [], tests: null },
    canApprove: { userIds: [], more: false },
    nobodyCanApprove: false,
    deployment:
      deployment === null
        ? null
        : {
            ...tagDeployment(deployment, promotion),
            rollout: await describeRunning(tx, deployment, promotion, workflow, pipeline),
            beside: await besideOf(tx, deployment),
          },
  };
}

function tagDeployment(
  { id, status, share, endedBy, endedAt, reason }: Deployment,
  { reason: asked }: Promotion,
): Omit<NonNullable<PromotionView['deployment']>, 'rollout' | 'beside'> {
  // Until its end it has the reason that it was asked for with.
  const ended = endedAt && { by: endedBy, at: endedAt, reason: reason === asked ? null : reason };
  return { id, active: status === 'active', status, share, ended };
}

/** Of a canary while it runs. */
async function describeRunning(
  tx: Reading,
  { status, environmentId, versionId }: Deployment,
  promotion: Promotion,
  workflow: Workflow,
  pipeline: Pipeline,
): Promise<NonNullable<PromotionView['deployment']>['rollout']> {
  const active = status === 'candidate' ? await tx.deployments.findActive(workflow.id, environmentId) : null;
  if (active === null) return null;
  const environment = await getEnvironmentById(tx, pipeline, environmentId);
  return {
    steps: await possibleSteps(tx, workflow, environment, [versionId, active.versionId]),
    waiting: await waitsForEnd(tx, workflow, environmentId, pipeline),
    sinceApproved: await movedSinceApproved(tx, promotion, workflow, pipeline),
  };
}

async function besideOf(tx: Reading, { status, workflowId, environmentId }: Deployment): Promise<VersionTag | null> {
  const candidate = status === 'active' ? await tx.deployments.findCandidate(workflowId, environmentId) : null;
  return candidate === null ? null : tagVersion(await tx.versions.getById(candidate.versionId));
}
