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
import { gatherFacts } from './gather-facts.ts';
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
  const gathered = await gatherFacts(tx, { promotion, workflow, target, live, fingerprint: bound });
  const facts: Facts = {
    ...{
      now: tx.now,
      promotion: withNoes(promotion, target),
      workflow,
      target,
      fingerprint: bound,
      approvers,
      unfilled,
    },
    ...gathered,
    ...(await inTheWay(tx, promotion, workflow, target, live)),
  };
  return { target, live, settings, reviewed, fingerprint: bound, facts, verdicts: evaluateAll(facts) };
}

/** Where a no only counts, nobody having said it is a fact. */
function withNoes(promotion: Promotion, { policy }: Environment): Promotion {
  return policy.rejection === 'counts' ? { ...promotion, rejections: promotion.rejections ?? [] } : promotion;
}

/** Locks, freezes, and of canaries one that runs, or what keeps the promotion from being one. */
async function inTheWay(
  tx: Reading,
  { canary, versionId }: Promotion,
  workflow: Workflow,
  target: Environment,
  live: Deployment | null,
): Promise<Pick<Facts, 'candidate' | 'noCanary' | 'locks' | 'freezes'>> {
  const { candidate: running, locks, freezes } = await tx.holds.inTheWay(workflow.id, target.id);
  if (running !== null) {
    const version = versionName(await tx.versions.getById(running.versionId));
    return { locks, freezes, candidate: { version, share: running.share } };
  }
  if (canary === null) return { locks, freezes };
  const why = await whyNoCanary(tx, workflow, target, live, versionId, canary);
  return { locks, freezes, ...(why !== null && { noCanary: why.sentence }) };
}

/** The same review for the promotion with one approval more: under the workflow's lock nothing else can have moved. */
export function reviewWith(reviewed: Review, promotion: Promotion): Review {
  const facts = { ...reviewed.facts, promotion: withNoes(promotion, reviewed.target) };
  return { ...reviewed, facts, verdicts: evaluateAll(facts) };
}
