import { z } from 'zod';
import { effectiveRole, type Person, ROLES, type Role } from '../../domain/person.ts';
import type { Assignment, PeopleReader } from '../../use-cases/ports.ts';
import { type Context, parseRows } from './context.ts';
import { Prisma } from './generated/client.ts';

const role = z.enum(ROLES);
const PersonRow = z.object({
  userId: z.string(),
  name: z.string(),
  standing: z.enum(['member', 'guest', 'bot', 'foreign', 'deactivated']),
  slackAdmin: z.boolean(),
  fileRole: role.nullable(),
  fileDepartments: z.array(z.string()),
  assignedRole: role.nullable(),
  assignedDepartments: z.array(z.string()),
  defaultRole: role,
  adminNamed: z.boolean(),
});
type PersonRow = z.infer<typeof PersonRow>;

const MOST_LISTED = 500;
const REFRESHED = z.object({ refreshedAt: z.date().nullable() });

export function peopleReader(context: Context): PeopleReader {
  const { db, workspaceId } = context;
  return {
    async get(userId) {
      const people = await readPeople(context, [userId]);
      return people.get(userId) as Person;
    },
    getMany: (userIds) => readPeople(context, userIds),
    async listFrom(lowest, limit) {
      const from = ROLES.indexOf(lowest);
      const rows = await parseRows(
        db.$queryRaw`
          SELECT * FROM (SELECT ${COLUMNS}, ${ROLE_RANK} AS rank ${fromPeople(workspaceId)} WHERE p.workspace_id = ${workspaceId}) AS known
          WHERE rank >= ${from} ORDER BY rank DESC, lower(name), "userId" LIMIT ${limit}`,
        PersonRow,
      );
      return rows.map(toPerson);
    },
    async listAssigned() {
      const rows = await parseRows(
        db.$queryRaw`
          SELECT ${COLUMNS} ${fromPeople(workspaceId)}
          WHERE p.workspace_id = ${workspaceId} AND (p.file_role IS NOT NULL OR p.assigned_role IS NOT NULL)
          ORDER BY ${ROLE_RANK} DESC, lower(p.name), p.user_id LIMIT ${MOST_LISTED}`,
        PersonRow,
      );
      return rows.map(toPerson);
    },
    async refreshedAt(userId) {
      const row = await db.person.findUnique({ where: { workspaceId_userId: { workspaceId, userId } } });
      return row === null ? null : REFRESHED.parse(row).refreshedAt;
    },
    async timeZone(userId) {
      const row = await db.person.findUnique({ where: { workspaceId_userId: { workspaceId, userId } } });
      return row?.timeZone ?? null;
    },
  };
}

/** Everybody asked for is in the answer: somebody unknown stands as a member with the default role, named by their id. */
export async function readPeople(
  { db, workspaceId }: Context,
  userIds: readonly string[],
): Promise<Map<string, Person>> {
  const wanted = [...new Set(userIds)];
  if (wanted.length === 0) return new Map();
  const rows = await parseRows(
    db.$queryRaw`
      SELECT ${COLUMNS} FROM unnest(${wanted}::text[]) AS asked(user_id)
      LEFT JOIN person p ON p.workspace_id = ${workspaceId} AND p.user_id = asked.user_id
      ${settings(workspaceId)}`,
    PersonRow,
  );
  return new Map(rows.map((row) => [row.userId, toPerson(row)]));
}

/**
 * Those who have a row, each locked and read as it is once the lock is there; in the order of `userIds`, which must be the one
 * order in which people are locked. What a role depends on besides the row is kept by the workspace's lock, taken before.
 */
export async function lockPeople(
  { db, workspaceId }: Context,
  userIds: readonly string[],
): Promise<Map<string, Person>> {
  const rows = await parseRows(
    db.$queryRaw`
      SELECT ${COLUMNS} ${fromPeople(workspaceId)}
      WHERE p.workspace_id = ${workspaceId} AND p.user_id = ANY(${userIds}::text[]) ORDER BY p.user_id FOR SHARE OF p`,
    PersonRow,
  );
  return new Map(rows.map((row) => [row.userId, toPerson(row)]));
}

const COLUMNS = Prisma.sql`
  COALESCE(p.user_id, asked.user_id) AS "userId", COALESCE(p.name, '') AS name, COALESCE(p.slack_standing, 'member') AS standing,
  COALESCE(p.slack_admin, false) AS "slackAdmin", p.file_role AS "fileRole", COALESCE(p.file_departments, '{}') AS "fileDepartments",
  p.assigned_role AS "assignedRole", COALESCE(p.assigned_departments, '{}') AS "assignedDepartments",
  COALESCE(w.default_role, 'member') AS "defaultRole", named.admin AS "adminNamed"`;

/** What a role depends on besides the person's own row. */
function settings(workspaceId: string): Prisma.Sql {
  return Prisma.sql`
    LEFT JOIN workspace w ON w.id = ${workspaceId}
    CROSS JOIN (SELECT EXISTS (
      SELECT 1 FROM person a WHERE a.workspace_id = ${workspaceId} AND COALESCE(a.file_role, a.assigned_role) = 'admin'
    ) AS admin) AS named`;
}

/** `asked` is there for COLUMNS alone. */
function fromPeople(workspaceId: string): Prisma.Sql {
  return Prisma.sql`FROM person p CROSS JOIN (SELECT NULL::text AS user_id) AS asked ${settings(workspaceId)}`;
}

/** `effectiveRole` in SQL, as an index into ROLES: only to filter and to order by. A test holds both together. */
const ROLE_RANK = Prisma.sql`array_position(ARRAY['viewer', 'member', 'lead', 'admin'], CASE
  WHEN p.slack_standing <> 'member' THEN 'viewer'
  WHEN p.file_role IS NOT NULL THEN p.file_role
  WHEN p.assigned_role IS NOT NULL THEN p.assigned_role
  WHEN p.slack_admin AND NOT named.admin THEN 'admin'
  ELSE COALESCE(w.default_role, 'member') END) - 1`;

function toPerson(row: PersonRow): Person {
  const managedByFile = row.fileRole !== null;
  return {
    userId: row.userId,
    name: row.name === '' ? row.userId : row.name,
    standing: row.standing,
    role: effectiveRole(row),
    departments: managedByFile ? row.fileDepartments : row.assignedDepartments,
    managedByFile,
  };
}

/** A role and its departments as the file's or `/towpath role`'s columns keep them. */
export function assignmentOf(kept: { role: string; departments: string[] }): Assignment {
  return { role: role.parse(kept.role) satisfies Role, departments: kept.departments };
}
