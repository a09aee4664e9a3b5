import { Refusal } from '../domain/refusal.ts';
import { whileApproversChange } from './approvers-change.ts';
import type { Ports } from './ports.ts';
import { checkDepartment } from './push-version.ts';
import type { UseCases } from './use-cases.ts';
import { assertActsAsAdmin } from './who-could.ts';

/** `/towpath role`: an admin gives a role, for all departments or some. People named in the file are the file's. */
export function makeAssignRole({ inTransaction }: Ports): UseCases['assignRole'] {
  return ({ actor, userId, role, departments: asked }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      await assertActsAsAdmin(tx, actor, 'give roles');
      const before = await tx.people.get(userId);
      if (before.managedByFile) {
        throw new Refusal(
          'managed_by_file',
          `<@${userId}> is named in the configuration file, which decides their role. Change it there and restart.`,
        );
      }
      if (before.standing !== 'member' && role !== 'viewer') {
        throw new Refusal(
          'not_permitted',
          `<@${userId}> is not a full member of this workspace and can only look, whatever the role.`,
        );
      }
      const { departments: known } = await tx.workspace.getSettings();
      const departments = asked
        .map((department) => checkDepartment(known, department))
        .filter((department) => department !== null);
      await whileApproversChange(tx, actor, [userId], () => tx.people.assign(userId, { role, departments }));
      const after = await tx.people.get(userId);
      await tx.audit.record(actor, { action: 'role.assigned', subject: `person:${userId}`, before, after });
      return after;
    });
}
