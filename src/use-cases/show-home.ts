import type { Promotion } from '../domain/promotion.ts';
import { isEligible } from '../domain/requirements/approvals.ts';
import { tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports, Reading } from './ports.ts';
import { describeStatus } from './show-status.ts';
import type { UseCases } from './use-cases.ts';
import type { PromotionLine } from './views.ts';

const MOST_OPEN = 200;
const MOST_LINES = 10;
const MOST_WORKFLOWS = 15;

/** App Home: what waits for this person, what they asked for, what is live where. */
export function makeShowHome({ reading }: Ports): UseCases['showHome'] {
  return ({ actor }) =>
    reading(actor.workspaceId, async (tx) => {
      const person = await tx.people.get(actor.userId);
      const open = await tx.promotions.listAllOpen(MOST_OPEN);
      const workflows = await tx.workflows.getMany(open.map((promotion) => promotion.workflowId));
      const environments = await tx.environments.getMany(open.map((promotion) => promotion.targetEnvironmentId));
      const waits = open.filter((promotion) => {
        const [workflow, target] = [
          workflows.get(promotion.workflowId),
          environments.get(promotion.targetEnvironmentId),
        ];
        if (workflow === undefined || target === undefined || promotion.approvals.some((a) => a.by === person.userId))
          return false;
        return person.standing === 'member' && isEligible(target.policy.approvals, person, promotion, workflow);
      });
      const asked = open.filter((promotion) => promotion.requestedBy === person.userId);
      const page = await tx.workflows.list({ limit: MOST_WORKFLOWS });
      return {
        role: person.role,
        departments: person.departments,
        waitingForMe: await describeLines(tx, waits.slice(0, MOST_LINES)),
        askedByMe: await describeLines(tx, asked.slice(0, MOST_LINES)),
        live: await describeStatus(tx, page.items),
        moreWorkflows: page.cursor !== null,
      };
    });
}

async function describeLines(tx: Reading, promotions: readonly Promotion[]): Promise<PromotionLine[]> {
  const workflows = await tx.workflows.getMany(promotions.map((promotion) => promotion.workflowId));
  const environments = await tx.environments.getMany(promotions.map((promotion) => promotion.targetEnvironmentId));
  const versions = await tx.versions.getMany(promotions.map((promotion) => promotion.versionId));
  const cards = await tx.announcements.postedCards(promotions.map((promotion) => promotion.id));
  return promotions.flatMap((promotion) => {
    const [workflow, to, version] = [
      workflows.get(promotion.workflowId),
      environments.get(promotion.targetEnvironmentId),
      versions.get(promotion.versionId),
    ];
    if (workflow === undefined || to === undefined || version === undefined) return [];
    const { id: promotionId, requestedBy, requestedAt } = promotion;
    return [
      {
        promotionId,
        workflow: tagWorkflow(workflow),
        version: tagVersion(version),
        to: tagEnvironment(to),
        requestedBy,
        requestedAt,
        card: cards.get(promotion.id) ?? null,
      },
    ];
  });
}
