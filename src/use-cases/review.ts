import type { Deployment } from '../domain/deployment.ts';
import type { Environment, Pipeline } from '../domain/environment.ts';
import { fingerprint, type Reviewed } from '../domain/fingerprint.ts';
import type { Person } from '../domain/person.ts';
import { environmentFor } from '../domain/policy/policy-for.ts';
import type { Promotion } from '../domain/promotion.ts';
import { evaluateAll, type JudgedRequirement } from '../domain/requirements/evaluate.ts';
import type { Facts } from '../domain/requirements/requirement.ts';
import { versionName, type Workflow } from '../domain/version.ts';
import { getEnvironmentById } from './find-things.ts';
import type { ActiveDeployment, Fit, Reading } from './ports.ts';
import { whyNoCanary } from './rollout/why-no-canary.ts';
import { fitVersion } from './settings/fit-version.ts';
import { type SettingsInForce, settingsInForce } from './settings/settings-in-force.ts';

/** What stands for review now: its fingerprint, and every requirement's verdict on it. */
export interface Review {
  target: Environment;
  live: ActiveDeployment | null;
  /** What the target gives the workflow. */
  settings: SettingsInForce;
  reviewed: Reviewed;
  fingerprint: string;
  facts: Facts;
  verdicts: JudgedRequirement[];
}

/** What an approval given now would be bound to (rule 5). @param target with the policy that applies to the workflow */
export function proposedNow(
  promotion: Promotion,
  target: Environment,
  live: Deployment | null,
  read: Fit['read'],
): Reviewed {
  return {
    versionId: promotion.versionId,
    replacesDeploymentId: live?.id ?? null,
    replacesVersionId: live?.versionId ?? null,
    settings: read,
    policy: target.policy,
    ...(promotion.canary !== null && { canary: promotion.canary }),
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
  const target = environmentFor(await getEnvironmentById(tx, pipeline, promotion.targetEnvironmentId), workflow);
  const live = await tx.deployments.findActive(workflow.id, target.id);
  const settings = await settingsInForce(tx, target.id, workflow.id);
  const { read, problems: unfilled } = await fitVersion(tx, promotion.versionId, settings);
  const reviewed = proposedNow(promotion, target, live, read);
  const approvers = await lookUp([...new Set(promotion.approvals.map((approval) => approval.by))]);
  const bound = fingerprint(reviewed);
  const facts: Facts = {
    ...{ now: tx.now, promotion, workflow, target, fingerprint: bound, approvers, unfilled },
    ...(await rolloutFacts(tx, promotion, workflow, target, live)),
  };
  return { target, live, settings, reviewed, fingerprint: bound, facts, verdicts: evaluateAll(facts) };
}

/** What keeps a promotion from being deployed of canaries: one that runs, or what keeps it from being one. */
async function rolloutFacts(
  tx: Reading,
  { canary, versionId }: Promotion,
  workflow: Workflow,
  target: Environment,
  live: Deployment | null,
): Promise<Pick<Facts, 'candidate' | 'noCanary'>> {
  const running = await tx.deployments.findCandidate(workflow.id, target.id);
  if (running !== null) {
    const version = versionName(await tx.versions.getById(running.versionId));
    return { candidate: { version, share: running.share } };
  }
  if (canary === null) return {};
  const why = await whyNoCanary(tx, workflow, target, live, versionId, canary);
  return why === null ? {} : { noCanary: why.sentence };
}

/** The same review for the promotion with one approval more: under the workflow's lock nothing else can have moved. */
export function reviewWith(reviewed: Review, promotion: Promotion): Review {
  const facts = { ...reviewed.facts, promotion };
  return { ...reviewed, facts, verdicts: evaluateAll(facts) };
}
