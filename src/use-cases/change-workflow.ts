import { getWorkflowLocked, tagWorkflow } from './find-things.ts';
import { rejudge } from './go-live.ts';
import type { Ports } from './ports.ts';
import { checkDepartment } from './push-version.ts';
import type { UseCases } from './use-cases.ts';
import { assertActsAsAdmin } from './who-could.ts';

/** An admin moves a workflow to another department or owner; open approvals are judged again. */
export function makeChangeWorkflow({ inTransaction }: Ports): UseCases['changeWorkflow'] {
  return ({ actor, workflow: slug, department, owner }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const before = await getWorkflowLocked(tx, slug);
      await assertActsAsAdmin(tx, actor, 'change a workflow');
      const { departments } = await tx.workspace.getSettings();
      const after = {
        ...before,
        department: department === undefined ? before.department : checkDepartment(departments, department),
        ownerId: owner ?? before.ownerId,
      };
      const pipeline = await tx.environments.pipelineLocked();
      if (after.department !== before.department || after.ownerId !== before.ownerId) {
        await tx.workflows.update(after);
        await tx.audit.record(actor, {
          action: 'workflow.changed',
          subject: `workflow:${before.slug}`,
          workflowId: before.id,
          before,
          after,
        });
        for (const promotion of await tx.promotions.listOpen([before.id]))
          await rejudge(tx, actor, promotion, after, pipeline);
      }
      return { ...tagWorkflow(after), ownerId: after.ownerId };
    });
}
