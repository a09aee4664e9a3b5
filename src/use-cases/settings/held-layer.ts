import type { Actor } from '../../domain/actor.ts';
import { type Environment, getEnvironment, type Pipeline } from '../../domain/environment.ts';
import { assertCanChangeSettings } from '../../domain/permissions.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { SettingsProposal } from '../../domain/settings/proposal.ts';
import type { SettingsRevision } from '../../domain/settings/settings.ts';
import type { Workflow } from '../../domain/version.ts';
import { lockOpenPromotions, type OpenPromotions } from '../configuration/judge-concerned.ts';
import { getEnvironmentById, getPersonBehind, getWorkflowLocked } from '../find-things.ts';
import type { Transaction } from '../ports.ts';

/** One layer of settings as a person names it. */
export interface LayerName {
  environment: string;
  /** A workflow's slug; left out: the environment's own layer. */
  workflow?: string;
}

/** One layer, and all that a change of it moves, as it is until the transaction ends. */
export interface HeldLayer {
  environment: Environment;
  /** Null: the environment's own layer. */
  workflow: Workflow | null;
  pipeline: Pipeline;
  /** Null: nothing was ever given. */
  before: SettingsRevision | null;
  /** Promotions into the environment that the layer applies to. */
  open: OpenPromotions;
}

/** One layer as it is: what a change of it is judged by. */
export type LayerNow = Pick<HeldLayer, 'environment' | 'workflow' | 'before'>;

/** `production`, or `summarize-flow in production`. */
export function layerInWords({ environment, workflow }: Pick<HeldLayer, 'environment' | 'workflow'>): string {
  return workflow === null ? environment.name : `${workflow.slug} in ${environment.name}`;
}

/**
 * Holds the layer that somebody who may change it names.
 * @throws Refusal unknown_workflow, unknown_environment, ambiguous_environment, not_permitted, invalid_input
 */
export async function holdNamed(tx: Transaction, actor: Actor, named: LayerName): Promise<HeldLayer> {
  const workflow = named.workflow === undefined ? null : await getWorkflowLocked(tx, named.workflow);
  const held = await hold(tx, workflow, async (pipeline) => getEnvironment(pipeline, named.environment));
  assertCanChangeSettings(await getPersonBehind(tx, actor), workflow, held.environment);
  return held;
}

/** @param basedOn number of the revision that a change was made from. @throws Refusal moved_on where it is not the newest */
export function refuseOutdated(held: HeldLayer, basedOn: number | undefined): void {
  const number = held.before?.number ?? 0;
  if (basedOn === undefined || basedOn === number) return;
  throw new Refusal(
    'moved_on',
    `The settings of ${layerInWords(held)} have number ${number} by now, not ${basedOn}. Look at them again and repeat your change.`,
  );
}

/** Holds the layer that a proposal is about, and gives the proposal as it then is. @throws Refusal unknown_settings_proposal */
export async function holdProposed(
  tx: Transaction,
  proposalId: string,
): Promise<{ held: HeldLayer; proposal: SettingsProposal }> {
  const found = await tx.proposals.find(proposalId);
  if (found === null) throw unknownProposal();
  const workflow = found.workflowId === null ? null : await tx.workflows.getByIdLocked(found.workflowId);
  const held = await hold(tx, workflow, (pipeline) => getEnvironmentById(tx, pipeline, found.environmentId));
  // Read again: somebody may have decided it until the environments were held.
  const proposal = await tx.proposals.find(proposalId);
  if (proposal === null) throw unknownProposal();
  return { held, proposal };
}

function unknownProposal(): Refusal {
  return new Refusal(
    'unknown_settings_proposal',
    'That change of settings is not known here. `/towpath env ENVIRONMENT proposals` lists what is open.',
  );
}

/**
 * Workflows first and the environments then, as every act does. A promotion that opens in between makes the second lock come in
 * the other order; the deadlock that may follow ends in a repetition.
 */
async function hold(
  tx: Transaction,
  workflow: Workflow | null,
  find: (pipeline: Pipeline) => Promise<Environment>,
): Promise<HeldLayer> {
  const early = await find(await tx.environments.pipeline());
  const isConcerned = ({ targetEnvironmentId, workflowId }: Promotion) =>
    targetEnvironmentId === early.id && (workflow === null || workflowId === workflow.id);
  await lockOpenPromotions(tx, isConcerned);
  const pipeline = await tx.environments.pipelineHeld();
  const open = await lockOpenPromotions(tx, isConcerned);
  const environment = await find(pipeline);
  if (environment.id !== early.id) throw new Error(`The pipeline changed: ${environment.name} is another environment.`);
  const before = await tx.settings.layer(environment.id, workflow?.id ?? null);
  return { environment, workflow, pipeline, before, open };
}
