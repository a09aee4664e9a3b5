import type { Actor } from '../domain/actor.ts';
import { type Environment, environmentsMatching, type Pipeline } from '../domain/environment.ts';
import type { Person } from '../domain/person.ts';
import { Refusal } from '../domain/refusal.ts';
import { isLabel, parseVersionReference, type Version, type Workflow } from '../domain/version.ts';
import { isSlug } from '../domain/workflow/slug.ts';
import type { Reading, Transaction } from './ports.ts';
import type { EnvironmentTag, VersionTag, WorkflowTag } from './views.ts';

/** What a person typed, short enough to be quoted back. */
export function quoted(word: string): string {
  return `“${word.length > 60 ? `${word.slice(0, 60)}…` : word}”`;
}

/** @throws Refusal unknown_workflow, with the nearest ones */
export async function getWorkflow(tx: Reading, word: string): Promise<Workflow> {
  const slug = word.toLowerCase();
  return (isSlug(slug) ? await tx.workflows.find(slug) : null) ?? refuseUnknownWorkflow(tx, word);
}

/** As `getWorkflow`, holding the workflow's lock. */
export async function getWorkflowLocked(tx: Transaction, word: string): Promise<Workflow> {
  const slug = word.toLowerCase();
  return (isSlug(slug) ? await tx.workflows.findLocked(slug) : null) ?? refuseUnknownWorkflow(tx, word);
}

async function refuseUnknownWorkflow(tx: Reading, word: string): Promise<never> {
  // What PostgreSQL can't hold is left out of the question.
  const nearest = await tx.workflows.nearestSlugs(word.toLowerCase().replaceAll('\0', '').slice(0, 63), 3);
  const hint =
    nearest.length === 0
      ? 'There is none yet: `/towpath push` brings the first.'
      : `Did you mean ${nearest.join(', ')}?`;
  throw new Refusal('unknown_workflow', `There is no workflow ${quoted(word)}. ${hint}`);
}

/** A version as typed: `12`, `v12` or a label. @throws Refusal unknown_version */
export async function getVersion(tx: Reading, workflow: Workflow, word: string): Promise<Version> {
  const reference = parseVersionReference(word);
  const canBe = reference.by === 'number' || isLabel(reference.label);
  const version = canBe ? await tx.versions.find(workflow.id, reference) : null;
  if (version !== null) return version;
  const newest = await tx.versions.newest(workflow.id);
  const range = newest === null ? 'It has none yet.' : `The newest is v${newest.number}.`;
  throw new Refusal(
    'unknown_version',
    `${workflow.slug} has no version ${quoted(word)}. ${range} \`/towpath history ${workflow.slug}\` lists what was live.`,
  );
}

/** How the user id of a token begins that runs workflows. */
const TOKEN = 'token:';

/** Who acts, as they stand now. The operator's own token and the clock stand in for nobody and may do what reaches them. */
export async function getActing(tx: Reading, actor: Actor): Promise<Person> {
  if (actor.userId === actor.via) {
    return {
      userId: actor.userId,
      name: actor.userId,
      standing: 'member',
      role: 'admin',
      departments: [],
      managedByFile: true,
    };
  }
  // Its name is nobody's account: it would stand as a member who was never seen.
  if (actor.userId.startsWith(TOKEN))
    return { ...(await tx.people.get(actor.userId)), standing: 'bot', role: 'viewer' };
  return tx.people.get(actor.userId);
}

/** As `getActing`, where a person must stand behind the act, so that somebody else approves it (rule 4). @throws Refusal invalid_input */
export async function getPersonBehind(tx: Reading, actor: Actor): Promise<Person> {
  if (actor.userId !== actor.via) {
    if (actor.via === 'api' && (await tx.people.refreshedAt(actor.userId)) === null) {
      throw new Refusal(
        'not_permitted',
        `Towpath has never met ${quoted(actor.userId)} in this workspace, so nothing is done on their behalf. Name somebody who is there, by their Slack user id.`,
      );
    }
    return getActing(tx, actor);
  }
  throw new Refusal(
    'invalid_input',
    'Somebody has to stand behind this. Say who with `onBehalfOf`: a Slack user id, whose approval will not count.',
  );
}

/** Whether a word is exactly what some environment is called. */
export function namesEnvironment(pipeline: Pipeline, word: string): boolean {
  return environmentsMatching(pipeline, word).some((e) =>
    [e.name, ...e.aliases].some((w) => w.toLowerCase() === word.toLowerCase()),
  );
}

export function tagVersion(version: Version): VersionTag {
  return { id: version.id, number: version.number, label: version.label, author: version.author };
}
export function tagWorkflow(workflow: Workflow): WorkflowTag {
  return { id: workflow.id, slug: workflow.slug, department: workflow.department };
}
export function tagEnvironment(environment: { id: string; name: string; badge: string }): EnvironmentTag {
  return { id: environment.id, name: environment.name, badge: environment.badge };
}

/** The environment of that id: of a pipeline already read, else one that was archived meanwhile. */
export async function getEnvironmentById(tx: Reading, pipeline: Pipeline, id: string): Promise<Environment> {
  return pipeline.find((environment) => environment.id === id) ?? tx.environments.get(id);
}
