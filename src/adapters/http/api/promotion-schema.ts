import { z } from 'zod';
import type { PromotionPreviewView, PromotionSummary, PromotionView } from '../../../use-cases/views.ts';
import { presentRequirement, requirement } from './hold-schema.ts';
import { presentDate, presentDiff, presentVersion } from './present.ts';
import { presentShare } from './rollout-schema.ts';
import { approval, date, diffSummary, userId, versionRef } from './schemas.ts';

export const PROMOTION_STATUSES = ['open', 'deployed', 'rejected', 'cancelled', 'expired', 'stale'] as const;

const canary = z
  .number()
  .nullable()
  .describe('Percent of all keys that it is given to at first, beside what is live; null for all at once.');

export const promotionSummary = z
  .object({
    id: z.string(),
    status: z.enum(PROMOTION_STATUSES),
    workflow: z.string(),
    version: versionRef,
    from: z.string(),
    to: z.string(),
    requestedBy: userId,
    reason: z.string().nullable(),
    canary,
    requestedAt: date,
    expiresAt: date,
    closedAt: date.nullable(),
    closedBy: userId.nullable(),
    closeReason: z.string().nullable(),
    approvals: z.array(approval),
  })
  .meta({ id: 'PromotionSummary' });

const ridesAlong = z.object({
  versions: z.array(versionRef.extend({ author: userId })).describe('Between the two, the newest first, at most 5.'),
  more: z.number().int().describe('How many more there are.'),
  share: z
    .object({ madeByLast: z.number().int(), total: z.number().int() })
    .nullable()
    .describe('How many of all changes the proposed version made itself; null where they are too large to compare.'),
});

export const promotionSchema = promotionSummary
  .extend({
    replaces: versionRef.nullable().describe('What is live in the target now, or was replaced.'),
    sourceMovedTo: versionRef.nullable().describe('What is live in `from` now, where that is another version.'),
    diff: diffSummary,
    inEffect: z
      .object({ lines: z.array(z.string()), more: z.number().int() })
      .nullable()
      .describe('What changes once both are filled with the settings of `to`; null where that is what `diff` says.'),
    ridesAlong: ridesAlong.nullable().describe('Null where nothing lies between what is live and what is proposed.'),
    requirements: z.array(requirement).describe('What it needs before it deploys. Empty once it is closed.'),
    approvals: z.array(
      approval.extend({
        counts: z.boolean().describe('False: of an earlier state, or by a person who no longer may.'),
      }),
    ),
    deployAt: date.nullable().describe('Asked to go live then, and no earlier.'),
    rejections: z
      .array(z.object({ by: userId, reason: z.string(), at: date, stands: z.boolean() }))
      .describe('Noes that only count; `stands`: they have not said yes since.'),
    checklist: z
      .array(z.object({ item: z.string(), ticked: z.object({ by: userId, at: date }).nullable() }))
      .describe('What people have to tick. Empty once it is closed.'),
    locks: z.array(z.object({ id: z.string(), by: userId, reason: z.string(), at: date, until: date.nullable() })),
    canApprove: z
      .object({ userIds: z.array(z.string()), more: z.boolean() })
      .describe('Who could still give what is missing.'),
    deployment: z
      .object({
        id: z.string(),
        active: z.boolean(),
        status: z.string().describe('active, superseded, rolled_back, candidate or aborted.'),
        share: z.number().nullable().describe('Percent, of a candidate or an aborted one.'),
      })
      .nullable(),
    fingerprint: z.string().describe('Of what is proposed, as it is shown here: an approval names it.'),
  })
  .meta({ id: 'Promotion' });

export const promotionPreview = promotionSchema
  .pick({
    workflow: true,
    version: true,
    from: true,
    to: true,
    canary: true,
    deployAt: true,
    replaces: true,
    diff: true,
    ridesAlong: true,
  })
  .extend({
    ...promotionSchema.pick({ inEffect: true, requirements: true, canApprove: true }).shape,
    open: z
      .object({
        ...{ promotion: z.string(), version: versionRef, canary, deployAt: date.nullable() },
        ...{ requestedBy: userId, approvedBy: z.array(userId) },
      })
      .nullable()
      .describe('What is under review there already: `promotion` is its id.'),
  })
  .meta({ id: 'PromotionPreview' });

export function presentSummary(view: PromotionSummary): z.infer<typeof promotionSummary> {
  const { id, status, requestedBy, reason, closedBy, closeReason } = view;
  return {
    ...{ id, status, requestedBy, reason, closedBy, closeReason },
    workflow: view.workflow.slug,
    version: presentVersion(view.version),
    from: view.from.name,
    to: view.to.name,
    canary: presentShare(view.canary),
    requestedAt: view.requestedAt.toISOString(),
    expiresAt: view.expiresAt.toISOString(),
    closedAt: presentDate(view.closedAt),
    approvals: view.approvals.map(({ by, role, at }) => ({ by, role, at: at.toISOString() })),
  };
}

export function presentPromotion(view: PromotionView): z.infer<typeof promotionSchema> {
  return {
    ...presentSummary(view),
    replaces: view.replaces && presentVersion(view.replaces),
    sourceMovedTo: view.sourceMovedTo && presentVersion(view.sourceMovedTo),
    diff: presentDiff(view.diff),
    inEffect: view.inEffect,
    ...presentNeeds(view),
    approvals: view.approvals.map(({ by, role, at, counts }) => ({ by, role, at: at.toISOString(), counts })),
    deployAt: presentDate(view.deployAt),
    rejections: view.rejections.map(({ by, reason, at, stands }) => ({ by, reason, at: at.toISOString(), stands })),
    checklist: view.checklist.map(({ item, ticked }) => ({
      item,
      ticked: ticked && { by: ticked.by, at: ticked.at.toISOString() },
    })),
    locks: view.locks.map(({ id, by, reason, at, until }) => ({
      ...{ id, by, reason, at: at.toISOString() },
      until: presentDate(until),
    })),
    deployment: view.deployment && presentDeployed(view.deployment),
    fingerprint: view.fingerprint,
  };
}

function presentDeployed({ id, active, status, share }: NonNullable<PromotionView['deployment']>) {
  return { id, active, status, share: presentShare(share) };
}

export function presentPreview(view: PromotionPreviewView): z.infer<typeof promotionPreview> {
  const { open } = view;
  return {
    workflow: view.workflow.slug,
    version: presentVersion(view.version),
    from: view.from.name,
    to: view.to.name,
    canary: presentShare(view.canary),
    deployAt: presentDate(view.deployAt),
    replaces: view.replaces && presentVersion(view.replaces),
    diff: presentDiff(view.diff),
    inEffect: view.inEffect,
    ...presentNeeds(view),
    open: open && {
      promotion: open.promotionId,
      version: presentVersion(open.version),
      canary: presentShare(open.canary),
      deployAt: presentDate(open.deployAt),
      requestedBy: open.requestedBy,
      approvedBy: [...open.approvedBy],
    },
  };
}

function presentNeeds({
  ridesAlong: along,
  requirements,
  canApprove,
}: Pick<PromotionView, 'ridesAlong' | 'requirements' | 'canApprove'>) {
  return {
    ridesAlong: along && {
      ...along,
      versions: along.versions.map(({ number, label, author }) => ({ number, label, author })),
    },
    requirements: requirements.map(presentRequirement),
    canApprove: { userIds: [...canApprove.userIds], more: canApprove.more },
  };
}
