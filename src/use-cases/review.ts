import type { Deployment } from '../domain/deployment.ts';
import type { Environment, Pipeline } from '../domain/environment.ts';
import { fingerprint, type Reviewed } from '../domain/fingerprint.ts';
import type { Person } from '../domain/person.ts';
import type { Promotion } from '../domain/promotion.ts';
import { evaluateAll, type JudgedRequirement } from '../domain/requirements/evaluate.ts';
import type { Facts } from '../domain/requirements/requirement.ts';
import type { Workflow } from '../domain/version.ts';
import { getEnvironmentById } from './find-things.ts';
import type { ActiveDeployment, Reading } from './ports.ts';

/** What stands for review now: its fingerprint, and every requirement's verdict on it. */
export interface Review {
  target: Environment;
  live: ActiveDeployment | null;
  reviewed: Reviewed;
  fingerprint: string;
  facts: Facts;
  verdicts: JudgedRequirement[];
}

/** What an approval given now would be bound to (rule 5). */
export function proposedNow(promotion: Promotion, target: Environment, live: Deployment | null): Reviewed {
  return {
    versionId: promotion.versionId,
    replacesDeploymentId: live?.id ?? null,
    replacesVersionId: live?.versionId ?? null,
    settings: {},
    policy: target.policy,
  };
}

/**
 * Judges an open promotion as things stand. `lookUp` reads the approvers; an act that may deploy passes the locking one, so
 * that nobody is demoted between the judgement and the deployment.
 */
export async function review(
  tx: Reading,
  promotion: Promotion,
  workflow: Workflow,
  pipeline: Pipeline,
  lookUp: (userIds: readonly string[]) => Promise<ReadonlyMap<string, Person>> = (ids) => tx.people.getMany(ids),
): Promise<Review> {
  const target = await getEnvironmentById(tx, pipeline, promotion.targetEnvironmentId);
  const live = await tx.deployments.findActive(workflow.id, target.id);
  const reviewed = proposedNow(promotion, target, live);
  const approvers = await lookUp([...new Set(promotion.approvals.map((approval) => approval.by))]);
  const facts: Facts = { now: tx.now, promotion, workflow, target, fingerprint: fingerprint(reviewed), approvers };
  return { target, live, reviewed, fingerprint: facts.fingerprint, facts, verdicts: evaluateAll(facts) };
}

/** The same review for the promotion with one approval more: under the workflow's lock nothing else can have moved. */
export function reviewWith(reviewed: Review, promotion: Promotion): Review {
  const facts = { ...reviewed.facts, promotion };
  return { ...reviewed, facts, verdicts: evaluateAll(facts) };
}
