import type { Actor } from '../domain/actor.ts';
import type { Person } from '../domain/person.ts';
import { policyFor } from '../domain/policy/policy-for.ts';
import type { Promotion } from '../domain/promotion.ts';
import { isEligible } from '../domain/requirements/approvals.ts';
import type { Workflow } from '../domain/version.ts';
import { workflowFacts } from './gather-facts.ts';
import { rejudge } from './go-live.ts';
import type { Transaction } from './ports.ts';

/** More open promotions than this at once are beyond what one act judges again; their cards follow at their next change. */
const MOST_OPEN = 1000;

/** People whose role, departments or standing a change moved, before and after it. */
type Moved = Map<string, { before: Person; after: Person }>;

/**
 * Runs a change of people's roles or standing, and judges again every open promotion that somebody approved whom it moved: an
 * approval by somebody demoted stops counting (rule 4). The workflows are locked first, in one order, as every act on them does.
 */
export async function whileApproversChange(
  tx: Transaction,
  actor: Actor,
  userIds: readonly string[],
  change: () => Promise<void>,
): Promise<void> {
  const concerned = (await tx.promotions.listAllOpen(MOST_OPEN)).filter(approvedByOne(userIds));
  const workflowIds = [...new Set(concerned.map((promotion) => promotion.workflowId))].sort();
  const workflows = new Map<string, Workflow>();
  for (const id of workflowIds) workflows.set(id, await tx.workflows.getByIdLocked(id));
  const pipeline = await tx.environments.pipelineLocked();
  const before = await tx.people.getMany(userIds);
  await change();
  const moved = movedBetween(before, await tx.people.getMany(userIds));
  if (moved.size === 0) return;
  for (const { id } of concerned.filter(approvedByOne([...moved.keys()]))) {
    const promotion = await tx.promotions.find(id);
    const workflow = promotion === null ? undefined : workflows.get(promotion.workflowId);
    if (promotion?.status === 'open' && workflow !== undefined) await rejudge(tx, actor, promotion, workflow, pipeline);
  }
  await refreshOthers(tx, moved, new Set(concerned.map((promotion) => promotion.id)));
}

function approvedByOne(userIds: readonly string[]): (promotion: Promotion) => boolean {
  const wanted = new Set(userIds);
  return (promotion) => promotion.approvals.some((approval) => wanted.has(approval.by));
}

function movedBetween(before: ReadonlyMap<string, Person>, after: ReadonlyMap<string, Person>): Moved {
  const stands = ({ role, standing, departments }: Person) => JSON.stringify([role, standing, departments]);
  const moved: Moved = new Map();
  for (const [userId, then] of before) {
    const now = after.get(userId);
    if (now !== undefined && stands(now) !== stands(then)) moved.set(userId, { before: then, after: now });
  }
  return moved;
}

/**
 * Cards that say who could approve, where one of the moved may now or may no longer; and cards of promotions approved while
 * this waited for its locks. Nothing can have become complete there, so no lock is needed: a card shows what it finds.
 */
async function refreshOthers(tx: Transaction, moved: Moved, judged: ReadonlySet<string>): Promise<void> {
  const open = (await tx.promotions.listAllOpen(MOST_OPEN)).filter((promotion) => !judged.has(promotion.id));
  const workflows = await tx.workflows.getMany([...new Set(open.map((promotion) => promotion.workflowId))]);
  const targets = await tx.environments.getMany([...new Set(open.map((promotion) => promotion.targetEnvironmentId))]);
  const approvedByMoved = approvedByOne([...moved.keys()]);
  for (const promotion of open) {
    const [workflow, target] = [workflows.get(promotion.workflowId), targets.get(promotion.targetEnvironmentId)];
    if (workflow === undefined || target === undefined) continue;
    const { approvals, ...policy } = policyFor(target, workflow);
    const around = await workflowFacts(tx, workflow, { policy: { approvals, ...policy } }, promotion.versionId);
    const may = (person: Person) => isEligible(approvals, person, promotion, around);
    const mayChanged = [...moved.values()].some(({ before, after }) => may(before) !== may(after));
    if (mayChanged || approvedByMoved(promotion)) await tx.announcements.refresh(promotion.id);
  }
}
