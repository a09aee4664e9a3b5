import canonicalize from 'canonicalize';
import type { Actor } from '../../domain/actor.ts';
import type { Environment, Pipeline } from '../../domain/environment.ts';
import { whatMoved } from '../../domain/fingerprint.ts';
import type { Person } from '../../domain/person.ts';
import { policyFor } from '../../domain/policy/policy-for.ts';
import { policySentences } from '../../domain/policy/policy-sentences.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { newlyUnfilled, unfilledInWords } from '../../domain/settings/unfilled.ts';
import type { Workflow } from '../../domain/version.ts';
import { tellStory } from '../announce.ts';
import { rejudge } from '../go-live.ts';
import type { Reading, Transaction } from '../ports.ts';
import { refreshCanariesIn } from '../rollout/refresh-canaries.ts';
import { fitVersion } from '../settings/fit-version.ts';
import { inForce, settingsInForce } from '../settings/settings-in-force.ts';
import { settingsSentences } from '../settings/settings-words.ts';
import { concerns, layersBefore } from './layers-before.ts';
import type { LayerChange } from './settings-differences.ts';

/** More at once are beyond one start; their cards follow at their next change. */
const MOST_OPEN = 1000;

/** What was under review when a configuration came, its workflows locked, and its approvers as they stood. */
export interface OpenPromotions {
  promotions: Promotion[];
  workflows: ReadonlyMap<string, Workflow>;
  approvers: ReadonlyMap<string, Person>;
}

/** Locks the workflows of all open promotions, or of those that are concerned, in the order that every act keeps. */
export async function lockOpenPromotions(
  tx: Transaction,
  concerned: (promotion: Promotion) => boolean = () => true,
): Promise<OpenPromotions> {
  const promotions = (await tx.promotions.listAllOpen(MOST_OPEN)).filter(concerned);
  const workflows = new Map<string, Workflow>();
  for (const id of [...new Set(promotions.map((promotion) => promotion.workflowId))].sort()) {
    workflows.set(id, await tx.workflows.getByIdLocked(id));
  }
  return { promotions, workflows, approvers: await tx.people.getMany(approversOf(promotions)) };
}

/**
 * Judges again every open promotion whose rules, settings or approvers' roles moved (rules 4 and 5): its card says so, and where
 * nothing is missing any more it deploys (rule 6).
 *
 * @param before the pipeline as it was
 * @param layers what was changed of settings
 */
export async function judgeConcerned(
  tx: Transaction,
  actor: Actor,
  open: OpenPromotions,
  before: Pipeline,
  layers: readonly LayerChange[],
): Promise<void> {
  const pipeline = await tx.environments.pipeline();
  const moved = await movedApprovers(tx, open);
  for (const listed of open.promotions) {
    const rules = movedRules(listed, open.workflows.get(listed.workflowId), before, pipeline);
    const settings = await movedSettings(tx, listed, pipeline, layers);
    if (rules === null && settings === null && !listed.approvals.some(({ by }) => moved.has(by))) continue;
    // Read again: it may have been decided between the list and its workflow's lock, or just now have gone stale.
    const promotion = await tx.promotions.find(listed.id);
    const workflow = open.workflows.get(listed.workflowId);
    if (promotion?.status !== 'open' || workflow === undefined) continue;
    const lines = [...(rules ?? []), ...(settings ?? [])];
    if (lines.length > 0 && promotion.approvals.length > 0)
      await tellStory(tx, promotion.id, { event: 'review-changed', at: tx.now.toISOString(), lines });
    await rejudge(tx, actor, promotion, workflow, pipeline);
  }
  const rulesMoved = pipeline.filter((now) => policyMoved(now, before)).map(({ id }) => id);
  const settingsMoved = layers.map(({ environment }) => environment.id);
  await refreshCanariesIn(tx, [...new Set([...rulesMoved, ...settingsMoved])]);
}

/** Approvers whose role or departments are not what they were. */
async function movedApprovers(tx: Transaction, { promotions, approvers }: OpenPromotions): Promise<Set<string>> {
  const now = await tx.people.getMany(approversOf(promotions));
  const standing = (person: Person | undefined) => JSON.stringify([person?.role, person?.departments]);
  return new Set(approversOf(promotions).filter((id) => standing(approvers.get(id)) !== standing(now.get(id))));
}

function approversOf(promotions: readonly Promotion[]): string[] {
  return [...new Set(promotions.flatMap(({ approvals }) => approvals.map(({ by }) => by)))];
}

/**
 * What moved of the settings that the proposed version reads in the target, in sentences; null where nothing of what its card
 * shows can have changed.
 */
async function movedSettings(
  tx: Reading,
  { workflowId, versionId, targetEnvironmentId }: Promotion,
  pipeline: Pipeline,
  layers: readonly LayerChange[],
): Promise<string[] | null> {
  if (!concerns(layers, targetEnvironmentId, workflowId)) return null;
  const was = inForce(await layersBefore(tx, layers, targetEnvironmentId, workflowId));
  const is = await settingsInForce(tx, targetEnvironmentId, workflowId);
  const before = await fitVersion(tx, versionId, was);
  const after = await fitVersion(tx, versionId, is);
  const name = pipeline.find(({ id }) => id === targetEnvironmentId)?.name ?? 'The environment';
  const lacking = newlyUnfilled(before.problems, after.problems);
  const sentences = [
    ...settingsSentences(before.read, after.read),
    ...(lacking.length === 0 ? [] : [`now ${unfilledInWords(lacking)}`]),
  ];
  return sentences.map((sentence) => `${name}: ${sentence}`);
}

/** What an environment asks now and asked before, in sentences; null where an approval is bound to the same. */
function movedRules(
  promotion: Promotion,
  workflow: Workflow | undefined,
  before: Pipeline,
  now: Pipeline,
): string[] | null {
  const [was, is] = [before, now].map((pipeline) => pipeline.find(({ id }) => id === promotion.targetEnvironmentId));
  if (was === undefined || is === undefined || workflow === undefined) return null;
  const reviewed = {
    versionId: '',
    replacesDeploymentId: null,
    replacesVersionId: null,
    settings: {},
  };
  const [asked, asks] = [policyFor(was, workflow), policyFor(is, workflow)];
  if (whatMoved({ ...reviewed, policy: asked }, { ...reviewed, policy: asks }).length === 0) return null;
  return policySentences(is.name, asked, asks);
}

/** Whether an environment asks anything else than before, of whichever workflow. */
function policyMoved(now: Environment, before: Pipeline): boolean {
  const was = before.find(({ id }) => id === now.id);
  return was !== undefined && canonicalize(was.policy) !== canonicalize(now.policy);
}
