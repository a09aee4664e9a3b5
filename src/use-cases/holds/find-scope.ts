import { type Environment, environmentsMatching, getEnvironment, type Pipeline } from '../../domain/environment.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Lock } from '../../domain/requirements/lock.ts';
import type { Workflow } from '../../domain/version.ts';
import { isSlug } from '../../domain/workflow/slug.ts';
import { getWorkflowLocked, namesEnvironment, quoted } from '../find-things.ts';
import type { Transaction } from '../ports.ts';
import type { HoldScope } from './hold-use-cases.ts';

/** What is held. Null: all of them. */
export interface Scope {
  workflow: Workflow | null;
  environment: Environment | null;
}

/**
 * What somebody means, its workflow locked, and the environments kept from every act there until this transaction ends where it is about
 * more than one workflow: so that whoever is told that something is locked sees nothing go live afterwards.
 *
 * @throws Refusal unknown_workflow, unknown_environment, ambiguous_environment, invalid_input
 */
export async function findScope(tx: Transaction, asked: HoldScope): Promise<Scope> {
  const named = asked.scope === undefined ? asked : await readWord(tx, asked.scope.trim());
  const workflow = named.workflow === undefined ? null : await getWorkflowLocked(tx, named.workflow);
  if (workflow === null && named.environment === undefined && named.all !== true)
    throw new Refusal('invalid_input', 'Say what to lock: a workflow, an environment, or `all`.');
  const pipeline = await (workflow === null ? tx.environments.pipelineHeld() : tx.environments.pipelineLocked());
  return {
    workflow,
    environment: named.environment === undefined ? null : getEnvironment(pipeline, named.environment),
  };
}

/** One word: what an environment is called goes first, then a workflow, then what an environment's name begins with. */
async function readWord(tx: Transaction, word: string): Promise<HoldScope> {
  if (word.toLowerCase() === 'all') return { all: true };
  const pipeline = await tx.environments.pipeline();
  const slug = word.toLowerCase();
  const isWorkflow = isSlug(slug) && (await tx.workflows.find(slug)) !== null;
  const isEnvironment = namesEnvironment(pipeline, word);
  if (isWorkflow && isEnvironment)
    throw new Refusal(
      'invalid_input',
      `${quoted(word)} is the name of a workflow and of an environment. Use another name of the environment, or the API, which takes both apart.`,
    );
  if (isEnvironment || (!isWorkflow && environmentsMatching(pipeline, word).length > 0)) return { environment: word };
  return { workflow: word };
}

/** Whether a lock is of exactly this scope. */
export function isOfScope({ workflow, environment }: Scope, lock: Lock): boolean {
  return lock.workflowId === (workflow?.id ?? null) && lock.environmentId === (environment?.id ?? null);
}

/** `summarize-flow`, `production`, `summarize-flow in production`, `everything`. */
export function scopeInWords({ workflow, environment }: Scope): string {
  if (workflow === null) return environment?.name ?? 'everything';
  return environment === null ? workflow.slug : `${workflow.slug} in ${environment.name}`;
}

/** The scope of a lock, archived environments too. */
export async function scopeOf(tx: Transaction, lock: Lock, pipeline: Pipeline): Promise<Scope> {
  const { workflowId, environmentId } = lock;
  const known = pipeline.find(({ id }) => id === environmentId);
  return {
    workflow: workflowId === null ? null : await tx.workflows.getById(workflowId),
    environment: environmentId === null ? null : (known ?? (await tx.environments.get(environmentId))),
  };
}
