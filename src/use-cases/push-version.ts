import { assertCanPush } from '../domain/permissions.ts';
import type { Person } from '../domain/person.ts';
import { Refusal } from '../domain/refusal.ts';
import { checkLabel, type Version, versionName, type Workflow } from '../domain/version.ts';
import { isSlug, slugify } from '../domain/workflow/slug.ts';
import { summarizeVersions } from './compare.ts';
import { giveNewWorkflow } from './configuration/give-new-workflow.ts';
import { keepReason } from './decide.ts';
import { getActing, quoted, tagVersion, tagWorkflow } from './find-things.ts';
import type { AllPorts, Reading, TakenDocument, Transaction } from './ports.ts';
import type { PushRequest, PushResult, UseCases } from './use-cases.ts';
import type { DiffSummary } from './views.ts';

/**
 * Keeps a pushed file, its secrets masked, as a new version, unless this very content was pushed before. The first push creates
 * the workflow. It is read before the transaction begins, and compared when that is over: nobody waits for either.
 */
export function makePushVersion({ inTransaction, reading, documents }: AllPorts): UseCases['pushVersion'] {
  return async (request) => {
    const { source, fileName, format, note } = request;
    const taken = await documents.take({
      source,
      ...(fileName === undefined ? {} : { fileName }),
      ...(format === undefined ? {} : { format }),
      ...(note === undefined ? {} : { note }),
    });
    const slug = chooseSlug(request, taken.name);
    const { workspaceId } = request.actor;
    const kept = await inTransaction(workspaceId, (tx) => keep(tx, request, slug, taken));
    const diff = await reading(workspaceId, (tx) => compareWithBefore(tx, kept));
    const { workflow, version, created, workflowCreated } = kept;
    return {
      workflow: tagWorkflow(workflow),
      version: tagVersion(version),
      created,
      workflowCreated,
      diff,
      masked: { secrets: taken.masked, more: taken.moreMasked },
    };
  };
}

interface Kept extends Pick<PushResult, 'created' | 'workflowCreated'> {
  workflow: Workflow;
  version: Version;
}

async function keep(tx: Transaction, request: PushRequest, slug: string, taken: TakenDocument): Promise<Kept> {
  const person = await getActing(tx, request.actor);
  const existing = await tx.workflows.findLocked(slug);
  const workflow = existing ?? (await createWorkflow(tx, request, slug, person, taken.format));
  if (existing !== null) refuseOtherDepartment(request, existing);
  assertCanPush(person, workflow);
  const known = await tx.versions.findByContentHash(workflow.id, taken.contentHash);
  if (known !== null) return { workflow, version: known, created: false, workflowCreated: false };
  const version = await createVersion(tx, request, workflow, taken);
  if (existing === null) await giveNewWorkflow(tx, workflow);
  return { workflow, version, created: true, workflowCreated: existing === null };
}

async function compareWithBefore(tx: Reading, { workflow, version, created }: Kept): Promise<DiffSummary | null> {
  if (!created || version.number === 1) return null;
  const before = await tx.versions.find(workflow.id, { by: 'number', number: version.number - 1 });
  return before === null ? null : summarizeVersions(tx, before.id, version.id);
}

/** The slug that was asked for, else the definition's name or the file's, slugified. @throws Refusal invalid_input */
function chooseSlug(request: PushRequest, name: string | null): string {
  if (request.workflow !== undefined) {
    const asked = request.workflow.trim().toLowerCase();
    if (isSlug(asked)) return asked;
    throw new Refusal(
      'invalid_input',
      `${quoted(request.workflow)} can't be a workflow's name. Use small letters, digits and dashes, such as summarize-flow.`,
    );
  }
  const stem = request.fileName?.replace(/^.*[\\/]/, '').replace(/\.[a-z0-9]+$/i, '');
  const slug = slugify(name ?? stem ?? '');
  if (isSlug(slug)) return slug;
  throw new Refusal(
    'invalid_input',
    'This file gives the workflow no name. Say one: `--workflow summarize-flow`, or the Workflow field.',
  );
}

async function createWorkflow(
  tx: Transaction,
  request: PushRequest,
  slug: string,
  person: Person,
  format: string,
): Promise<Workflow> {
  const { departments } = await tx.workspace.getSettings();
  const department = checkDepartment(departments, request.department);
  const { actor } = request;
  const ownerId = request.owner ?? actor.userId;
  assertCanPush(person, { id: '', slug, department, ownerId, format, createdAt: tx.now });
  const workflow = await tx.workflows.create({
    slug,
    department,
    ownerId,
    format,
    createdBy: actor.userId,
  });
  await tx.audit.record(actor, {
    action: 'workflow.created',
    subject: `workflow:${slug}`,
    workflowId: workflow.id,
    before: null,
    after: workflow,
  });
  return workflow;
}

/** @throws Refusal department_required, unknown_department */
export function checkDepartment(departments: readonly string[], asked: string | undefined): string | null {
  const list = departments.join(', ');
  if (asked === undefined || asked === '') {
    if (departments.length === 0) return null;
    throw new Refusal('department_required', `A new workflow belongs to a department. Say which one: ${list}.`);
  }
  const found = departments.find((department) => department.toLowerCase() === asked.toLowerCase());
  if (found !== undefined) return found;
  const cure = departments.length === 0 ? 'None are configured in towpath.yaml.' : `There are: ${list}.`;
  throw new Refusal('unknown_department', `There is no department ${quoted(asked)}. ${cure}`);
}

function refuseOtherDepartment({ department: asked }: PushRequest, { slug, department }: Workflow): void {
  if (asked === undefined || asked === '' || asked.toLowerCase() === department?.toLowerCase()) return;
  throw new Refusal(
    'invalid_input',
    `${slug} belongs to ${department ?? 'no department'}. A push does not move it: an admin can, with \`/towpath workflow ${slug} department ${asked.slice(0, 60)}\`.`,
  );
}

async function createVersion(
  tx: Transaction,
  request: PushRequest,
  workflow: Workflow,
  taken: TakenDocument,
): Promise<Version> {
  const { actor, fileName, sourceCommit } = request;
  const { source, note, format, contentHash, logicHash } = taken;
  const label = request.label === undefined ? null : checkLabel(request.label, await tx.environments.pipeline());
  if (label !== null) await assertLabelFree(tx, workflow, label);
  const version = await tx.versions.create({
    workflowId: workflow.id,
    label,
    note: keepReason(note ?? undefined, 2_000),
    ...{ format, contentHash, logicHash, source },
    fileName: keepReason(fileName, 500),
    author: actor.userId,
    sourceCommit: keepReason(sourceCommit, 200),
  });
  await tx.audit.record(actor, {
    action: 'version.pushed',
    subject: `version:${workflow.slug}@${version.number}`,
    workflowId: workflow.id,
    before: null,
    after: version,
  });
  return version;
}

/** @throws Refusal label_taken */
export async function assertLabelFree(tx: Transaction, workflow: Workflow, label: string, but?: string): Promise<void> {
  const holder = await tx.versions.find(workflow.id, { by: 'label', label });
  if (holder === null || holder.id === but) return;
  throw new Refusal(
    'label_taken',
    `${versionName(holder)} of ${workflow.slug} has the label ${label} already. Choose another one.`,
  );
}
