import { assertCanLabel } from '../domain/permissions.ts';
import { checkLabel } from '../domain/version.ts';
import { keepReason } from './decide.ts';
import { getActing, getVersion, getWorkflowLocked, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports } from './ports.ts';
import { assertLabelFree } from './push-version.ts';
import type { UseCases } from './use-cases.ts';

/** Names a version afterwards. Its content never changes. */
export function makeLabelVersion({ inTransaction }: Ports): UseCases['labelVersion'] {
  return ({ actor, workflow: slug, version: word, label: asked, note }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const workflow = await getWorkflowLocked(tx, slug);
      assertCanLabel(await getActing(tx, actor), workflow);
      const version = await getVersion(tx, workflow, word);
      const label = checkLabel(asked, await tx.environments.pipeline());
      await assertLabelFree(tx, workflow, label, version.id);
      const kept = keepReason(note, 2_000) ?? version.note;
      const named = { ...version, label, note: kept };
      if (version.label !== label || version.note !== kept) {
        await tx.versions.setLabel(version.id, label, kept);
        await tx.audit.record(actor, {
          action: 'version.labelled',
          subject: `version:${workflow.slug}@${version.number}`,
          workflowId: workflow.id,
          before: version,
          after: named,
        });
        for (const promotion of await tx.promotions.listOpen([workflow.id])) {
          if (promotion.versionId === version.id) await tx.announcements.refresh(promotion.id);
        }
      }
      return { workflow: tagWorkflow(workflow), version: tagVersion(named), previousLabel: version.label };
    });
}
