import { environmentBefore, type Pipeline } from './environment.ts';
import type { Reviewed } from './fingerprint.ts';
import type { Person, Role } from './person.ts';
import { Refusal } from './refusal.ts';

export type PromotionStatus = 'open' | 'deployed' | 'rejected' | 'cancelled' | 'expired' | 'stale';

/** A request to take the version active in one environment to the next one. */
export interface Promotion {
  id: string;
  workflowId: string;
  versionId: string;
  sourceEnvironmentId: string;
  targetEnvironmentId: string;
  status: PromotionStatus;
  /** Whom the request counts as: they cannot approve it. */
  requestedBy: string;
  reason: string | null;
  /** The share that it starts with as a canary, in hundredths of a percent; null for all at once. Fixed when it was asked for. */
  canary: number | null;
  /** Where it was typed; null for a request by the API. */
  originChannel: string | null;
  requestedAt: Date;
  expiresAt: Date;
  closedAt: Date | null;
  closedBy: string | null;
  closeReason: string | null;
  approvals: readonly Approval[];
  /** Rejections that only count (policy), the newest last. Absent: they were not looked up. */
  rejections?: readonly Rejection[];
  /** When it is to be deployed at the earliest. Absent or null: as soon as nothing is missing. */
  deployAt?: Date | null;
  /** Since when a rollback keeps it back. Absent or null: none does, or a person wants it all the same. */
  heldSince?: Date | null;
}

/** One person's no where it does not end the promotion: their yes counts again once it was given anew. */
export interface Rejection {
  by: string;
  reason: string;
  at: Date;
}

/** One person's yes, bound to exactly what was reviewed. */
export interface Approval {
  by: string;
  /** The role held at the click. */
  role: Role;
  fingerprint: string;
  reviewed: Reviewed;
  at: Date;
}

const CLOSED: Record<Exclude<PromotionStatus, 'open'>, string> = {
  deployed: 'deployed',
  rejected: 'rejected',
  cancelled: 'cancelled',
  expired: 'closed because it expired',
  stale: 'closed',
};

/** @throws Refusal already_decided, naming by whom */
export function assertOpen(promotion: Promotion): void {
  if (promotion.status === 'open') return;
  const next =
    promotion.status === 'deployed'
      ? 'A rollback takes it out again.'
      : 'Ask again with /promote if it is still wanted.';
  throw new Refusal('already_decided', `This promotion was already ${howItEnded(promotion)}. ${next}`);
}

/** `rejected by <@U1>`: how a promotion ended, and by whose act. */
export function howItEnded({ status, closedBy }: Pick<Promotion, 'status' | 'closedBy'>): string {
  if (status === 'open') return 'not decided yet';
  return `${CLOSED[status]}${closedBy === null ? '' : ` by <@${closedBy}>`}`;
}

/**
 * Adds one person's approval of what is proposed now. Slack re-sends clicks, so the same person's second one for the same
 * fingerprint changes nothing, unless they said no in between: then it takes the first one's place. Whether any rule wants this person is
 * checked by the caller (`permissions.ts`).
 *
 * @throws Refusal already_decided, own_request
 */
export function approve(
  promotion: Promotion,
  approver: Person,
  { fingerprint, reviewed }: { fingerprint: string; reviewed: Reviewed },
  now: Date,
): Promotion {
  assertOpen(promotion);
  if (approver.userId === promotion.requestedBy) {
    throw new Refusal('own_request', 'You asked for this promotion, so somebody else has to approve it.');
  }
  const isSame = (a: Approval) => a.by === approver.userId && a.fingerprint === fingerprint;
  if (promotion.approvals.some((a) => isSame(a) && !isTakenBack(a, promotion.rejections))) return promotion;
  const approval: Approval = { by: approver.userId, role: approver.role, fingerprint, reviewed, at: now };
  return { ...promotion, approvals: [...promotion.approvals.filter((a) => !isSame(a)), approval] };
}

/** More noes than anybody reads: who goes on saying no has been heard. */
const MOST_REJECTIONS = 100;

/**
 * Adds one person's no that only counts. The same one again, with no yes of theirs in between, changes nothing.
 * @throws Refusal already_decided, too_many
 */
export function object(promotion: Promotion, rejection: Rejection): Promotion {
  assertOpen(promotion);
  const { approvals, rejections = [] } = promotion;
  const last = rejections.findLast(({ by }) => by === rejection.by);
  const saidYesSince = approvals.some(({ by, at }) => by === rejection.by && last !== undefined && at > last.at);
  if (last?.reason === rejection.reason && !saidYesSince) return promotion;
  if (rejections.length >= MOST_REJECTIONS)
    throw new Refusal('too_many', 'There are too many rejections of this promotion already. Cancel it, or ask anew.');
  return { ...promotion, rejections: [...rejections, rejection] };
}

/** Whether the person said no since: of two at the same moment, the no holds. */
export function isTakenBack({ by, at }: Pick<Approval, 'by' | 'at'>, rejections: readonly Rejection[] = []): boolean {
  return rejections.some((rejection) => rejection.by === by && rejection.at >= at);
}

/** Ends an open promotion in one of the ways that deploy nothing. @throws Refusal already_decided */
export function close(
  promotion: Promotion,
  status: Exclude<PromotionStatus, 'open' | 'deployed'>,
  end: { by: string | null; reason: string | null; at: Date },
): Promotion {
  assertOpen(promotion);
  return { ...promotion, status, closedAt: end.at, closedBy: end.by, closeReason: end.reason };
}

/** Marks an open promotion as deployed by whoever's act met the last requirement. @throws Refusal already_decided */
export function complete(promotion: Promotion, by: string | null, at: Date): Promotion {
  assertOpen(promotion);
  return { ...promotion, status: 'deployed', closedAt: at, closedBy: by };
}

/**
 * The approvals of what was reviewed last: once a promotion is closed, those that its end was decided on. Earlier ones, of a
 * state that moved since, are left out.
 */
export function lastReviewedApprovals(promotion: Pick<Promotion, 'approvals'>): Approval[] {
  const last = promotion.approvals.at(-1);
  return promotion.approvals.filter((approval) => approval.fingerprint === last?.fingerprint);
}

/**
 * Whether the way that was asked for is still one step of the pipeline: there is no other way forward (rule 2), also where an
 * environment came in between or went since.
 */
export function leadsOneStep(
  promotion: Pick<Promotion, 'sourceEnvironmentId' | 'targetEnvironmentId'>,
  pipeline: Pipeline,
): boolean {
  const target = pipeline.find((environment) => environment.id === promotion.targetEnvironmentId);
  return target !== undefined && environmentBefore(pipeline, target)?.id === promotion.sourceEnvironmentId;
}

/** As it is once a person wants it although a rollback keeps it back. */
export function goingOn({ heldSince: _, ...promotion }: Promotion): Promotion {
  return promotion;
}

/** Whether an open promotion's time is over. */
export function isDue(promotion: Promotion, now: Date): boolean {
  return promotion.status === 'open' && promotion.expiresAt <= now;
}
