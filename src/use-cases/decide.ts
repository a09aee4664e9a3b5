import { type Actor, isPersonsAct } from '../domain/actor.ts';
import { type Environment, getEnvironment, type Pipeline } from '../domain/environment.ts';
import { environmentFor } from '../domain/policy/policy-for.ts';
import { howItEnded, type Promotion } from '../domain/promotion.ts';
import { type Offer, Refusal } from '../domain/refusal.ts';
import type { JudgedRequirement } from '../domain/requirements/evaluate.ts';
import { versionName, type Workflow } from '../domain/version.ts';
import { getEnvironmentById, getWorkflowLocked, tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Transaction } from './ports.ts';
import type { Decision, PromotionChoice } from './use-cases.ts';

/** How many of a workflow's newest promotions are looked through for the last one to an environment. */
const LOOKED_THROUGH = 50;

/** A promotion to decide, under its workflow's lock. */
export interface Chosen {
  promotion: Promotion;
  workflow: Workflow;
  pipeline: Pipeline;
  /** With the policy that applies to the workflow. */
  target: Environment;
}

/**
 * Finds the promotion that a click or a command means and takes its workflow's lock, so that what is read here stays true.
 * @throws Refusal unknown_promotion, no_open_promotion, which_promotion
 */
export async function choose(tx: Transaction, choice: PromotionChoice, act: Offer['kind'] | 'cancel'): Promise<Chosen> {
  if (choice.promotionId !== undefined) return chooseById(tx, choice.promotionId);
  const workflow = await getWorkflowLocked(tx, choice.workflow ?? '');
  const pipeline = await tx.environments.pipelineLocked();
  const open = await tx.promotions.listOpen([workflow.id]);
  const wanted = choice.environment === undefined ? null : getEnvironment(pipeline, choice.environment);
  const matching = wanted === null ? open : open.filter((promotion) => promotion.targetEnvironmentId === wanted.id);
  const [promotion, ...others] = matching;
  if (promotion === undefined) throw await noneOpen(tx, workflow, wanted);
  if (others.length > 0) throw await whichOne(tx, matching, workflow, act);
  const target = environmentFor(await getEnvironmentById(tx, pipeline, promotion.targetEnvironmentId), workflow);
  return { promotion, workflow, pipeline, target };
}

/** Somebody may have been quicker: the refusal says how the last promotion ended, and by whom. */
async function noneOpen(tx: Transaction, workflow: Workflow, wanted: Environment | null): Promise<Refusal> {
  const { items } = await tx.promotions.list({ workflowId: workflow.id }, { limit: LOOKED_THROUGH });
  const last = items.find((promotion) => wanted === null || promotion.targetEnvironmentId === wanted.id);
  const where = wanted === null ? '' : ` to ${wanted.name}`;
  const ended = last === undefined ? '' : `: the last one, ${await nameOf(tx, last)}, was ${howItEnded(last)}`;
  return new Refusal(
    'no_open_promotion',
    `No promotion of ${workflow.slug}${where} waits for a decision${ended}. \`/towpath status ${workflow.slug}\` shows what is live and what is open.`,
  );
}

async function nameOf(tx: Transaction, { versionId, targetEnvironmentId }: Promotion): Promise<string> {
  const target = await tx.environments.get(targetEnvironmentId);
  return `${versionName(await tx.versions.getById(versionId))} to ${target.name}`;
}

async function chooseById(tx: Transaction, id: string): Promise<Chosen> {
  const workflow = await tx.workflows.findOfPromotionLocked(id);
  const promotion = workflow === null ? null : await tx.promotions.find(id);
  if (workflow === null || promotion === null)
    throw new Refusal('unknown_promotion', 'That promotion is not known here. `/towpath status` lists what is open.');
  const pipeline = await tx.environments.pipelineLocked();
  const target = environmentFor(await getEnvironmentById(tx, pipeline, promotion.targetEnvironmentId), workflow);
  return { promotion, workflow, pipeline, target };
}

async function whichOne(
  tx: Transaction,
  matching: Promotion[],
  workflow: Workflow,
  act: Offer['kind'] | 'cancel',
): Promise<Refusal> {
  const versions = await tx.versions.getMany(matching.map((promotion) => promotion.versionId));
  const environments = await tx.environments.getMany(matching.map((promotion) => promotion.targetEnvironmentId));
  const names = matching.map((promotion) => {
    const version = versions.get(promotion.versionId);
    const target = environments.get(promotion.targetEnvironmentId)?.name ?? 'an environment';
    return { promotion, name: `${version === undefined ? '' : `${versionName(version)} to `}${target}` };
  });
  const kind = act === 'cancel' ? 'reject' : act;
  const offers = names.map(
    ({ promotion, name }): Offer => ({
      kind,
      label: `${act === 'approve' ? 'Approve' : 'Reject'} ${name}`,
      promotionId: promotion.id,
    }),
  );
  return new Refusal(
    'which_promotion',
    `${workflow.slug} has ${matching.length} open promotions: ${names.map((n) => n.name).join(', ')}. Which one?`,
    offers,
  );
}

/** What a decision answers: little, since whoever looks at the card sees the rest there. */
export async function decision(
  tx: Transaction,
  { workflow, target }: Chosen,
  { id, status, versionId, canary }: Promotion,
  changed: boolean,
  requirements: readonly JudgedRequirement[] = [],
): Promise<Decision> {
  const tags = {
    workflow: tagWorkflow(workflow),
    version: tagVersion(await tx.versions.getById(versionId)),
    to: tagEnvironment(target),
  };
  const pending = status === 'open' ? [...requirements] : [];
  return {
    promotion: { id, status, canary, ...tags, requirements: pending },
    changed,
    deployed: status === 'deployed',
  };
}

/**
 * A reason or note as it is kept: trimmed, at most 10,000 characters unless said, without what PostgreSQL can't hold: the
 * character 0, and half a character, as cutting may leave. Null where there is none.
 */
export function keepReason(words: string | undefined, most = 10_000): string | null {
  return words?.replaceAll('\0', '').trim().slice(0, most).toWellFormed() || null;
}

/** A reason that has to be given, as it is kept. @throws Refusal invalid_input when there is none */
export function checkReason(reason: string, act: string): string {
  const kept = keepReason(reason);
  if (kept === null) throw new Refusal('invalid_input', `Say why, so that others understand: \`${act} REASON\`.`);
  return kept;
}

/** Refuses an application where a person must decide (rule 4). */
export function assertPerson(actor: Actor, act: string): void {
  if (!isPersonsAct(actor))
    throw new Refusal(
      'not_permitted',
      `Only a person can ${act}, in Slack or logged in by \`towpath login\`; an application's token cannot.`,
    );
}
