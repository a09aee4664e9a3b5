import type { PeopleWriter } from '../../use-cases/ports.ts';
import type { Context } from './context.ts';
import { assignmentOf, lockPeople, readPeople } from './people.ts';
import { lockWorkspace } from './workspaces.ts';

export function peopleWriter(context: Context): PeopleWriter {
  const { db, workspaceId } = context;
  return {
    async getManyLocked(userIds) {
      await lockWorkspace(context, 'SHARE');
      const ids = inOrder(userIds);
      const known = await lockPeople(context, ids);
      if (known.size === ids.length) return known;
      // A row that isn't there can't be locked: somebody not seen before is written down first.
      await db.$executeRaw`
        INSERT INTO person (workspace_id, user_id) SELECT ${workspaceId}, user_id FROM unnest(${ids}::text[]) AS asked(user_id)
        WHERE EXISTS (SELECT 1 FROM workspace WHERE id = ${workspaceId})
        ORDER BY user_id ON CONFLICT DO NOTHING`;
      return new Map([...(await readPeople(context, ids)), ...(await lockPeople(context, ids))]);
    },
    async saveProfiles(profiles) {
      await lockWorkspace(context, 'SHARE');
      const byUser = new Map(profiles.map((profile) => [profile.userId, profile]));
      const rows = inOrder([...byUser.keys()]).map((id) => byUser.get(id));
      await db.$executeRaw`
        INSERT INTO person (workspace_id, user_id, name, slack_standing, slack_admin, time_zone, refreshed_at)
        SELECT ${workspaceId}, "userId", name, standing, "slackAdmin", "timeZone", ${context.clock.now}
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          AS said("userId" text, name text, standing text, "slackAdmin" boolean, "timeZone" text)
        ORDER BY "userId"
        ON CONFLICT (workspace_id, user_id) DO UPDATE SET name = excluded.name, slack_standing = excluded.slack_standing,
          slack_admin = excluded.slack_admin, time_zone = COALESCE(excluded.time_zone, person.time_zone),
          refreshed_at = excluded.refreshed_at`;
    },
    async assign(userId, { role, departments }) {
      await lockWorkspace(context);
      const data = { assignedRole: role, assignedDepartments: departments };
      await db.person.upsert({
        where: { workspaceId_userId: { workspaceId, userId } },
        create: { workspaceId, userId, ...data },
        update: data,
      });
    },
    async replaceFileAssignments(assignments) {
      await lockWorkspace(context);
      const rows = inOrder([...assignments.keys()]).map((userId) => ({ userId, ...assignments.get(userId) }));
      await db.person.updateMany({
        where: { workspaceId, fileRole: { not: null }, userId: { notIn: rows.map((row) => row.userId) } },
        data: { fileRole: null, fileDepartments: [] },
      });
      await db.$executeRaw`
        INSERT INTO person (workspace_id, user_id, file_role, file_departments)
        SELECT ${workspaceId}, "userId", role, departments
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS said("userId" text, role text, departments text[])
        ORDER BY "userId"
        ON CONFLICT (workspace_id, user_id) DO UPDATE SET file_role = excluded.file_role, file_departments = excluded.file_departments`;
    },
    async listFileAssignments() {
      const rows = await db.person.findMany({
        where: { workspaceId, fileRole: { not: null } },
        orderBy: { userId: 'asc' },
      });
      return new Map(
        rows.map((row) => [row.userId, assignmentOf({ role: row.fileRole ?? '', departments: row.fileDepartments })]),
      );
    },
  };
}

/** Each once, in the one order in which rows of people are ever locked. */
function inOrder(userIds: readonly string[]): string[] {
  return [...new Set(userIds)].sort();
}
