import type { Deployment } from '../domain/deployment.ts';
import type { Environment } from '../domain/environment.ts';
import { fingerprint } from '../domain/fingerprint.ts';
import type { Person } from '../domain/person.ts';
import { environmentFor } from '../domain/policy/policy-for.ts';
import { type Approval, isDue, type Promotion } from '../domain/promotion.ts';
import { isEligible } from '../domain/requirements/approvals.ts';
import { tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import { workflowFacts } from './gather-facts.ts';
import type { Ports, Reading } from './ports.ts';
import { proposedNow } from './review.ts';
import { fitVersion } from './settings/fit-version.ts';
import { settingsInForce } from './settings/settings-in-force.ts';
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
      const open = (await tx.promotions.listAllOpen(MOST_OPEN)).filter((promotion) => !isDue(promotion, tx.now));
      const waits = await waitingFor(tx, person, open);
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

/** Promotions that a rule wants this person for, and that they did not approve as they are now. */
async function waitingFor(tx: Reading, person: Person, open: readonly Promotion[]): Promise<Promotion[]> {
  const workflows = await tx.workflows.getMany(open.map((promotion) => promotion.workflowId));
  const environments = await tx.environments.getMany(open.map((promotion) => promotion.targetEnvironmentId));
  const active = await tx.deployments.listActive([...workflows.keys()]);
  const waits: Promotion[] = [];
  for (const promotion of open) {
    const { workflowId, targetEnvironmentId, approvals } = promotion;
    const [workflow, environment] = [workflows.get(workflowId), environments.get(targetEnvironmentId)];
    if (workflow === undefined || environment === undefined) continue;
    const target = environmentFor(environment, workflow);
    const around = await workflowFacts(tx, workflow, target, promotion.versionId);
    if (!isEligible(target.policy.approvals, person, promotion, around)) continue;
    const live = active.find((d) => d.workflowId === workflowId && d.environmentId === targetEnvironmentId) ?? null;
    const given = approvals.filter((approval) => approval.by === person.userId);
    if (given.length === 0 || !(await isOfNow(tx, promotion, target, live, given))) waits.push(promotion);
  }
  return waits;
}

/** Whether one of the approvals is of what is proposed now. */
async function isOfNow(
  tx: Reading,
  promotion: Promotion,
  target: Environment,
  live: Deployment | null,
  approvals: readonly Approval[],
): Promise<boolean> {
  const settings = await settingsInForce(tx, target.id, promotion.workflowId);
  const { read } = await fitVersion(tx, promotion.versionId, settings);
  const now = fingerprint(proposedNow(promotion, target, live, read));
  return approvals.some((approval) => approval.fingerprint === now);
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
