/** Ordered: a higher role satisfies a rule that asks for a lower one. */
export const ROLES = ['viewer', 'member', 'lead', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What Slack says of a user. Only a `member` of the workspace may act; everybody else may look. */
export type SlackStanding = 'member' | 'guest' | 'bot' | 'foreign' | 'deactivated';

/** A person of one workspace, with the role that counts at this moment. */
export interface Person {
  userId: string;
  name: string;
  standing: SlackStanding;
  role: Role;
  /** Empty: all departments. */
  departments: readonly string[];
  /** True where the configuration file names the person: `/towpath role` then refuses. */
  managedByFile: boolean;
}

/** The sources a role is derived from, narrowest authority first: Slack, the file, `/towpath role`. */
export interface RoleSources {
  standing: SlackStanding;
  slackAdmin: boolean;
  fileRole: Role | null;
  assignedRole: Role | null;
  /** The workspace's `defaultRole`. */
  defaultRole: Role;
  /** Whether the file, TOWPATH_ADMINS or `/towpath role` names any admin. */
  adminNamed: boolean;
}

/**
 * The role that counts now. Guests, bots, deactivated people and people of other workspaces only look, whatever names
 * them; the file goes before `/towpath role`; Slack's own admins stand in only while no admin is named anywhere.
 */
export function effectiveRole(sources: RoleSources): Role {
  if (sources.standing !== 'member') return 'viewer';
  const named = sources.fileRole ?? sources.assignedRole;
  if (named !== null) return named;
  if (!sources.adminNamed && sources.slackAdmin) return 'admin';
  return sources.defaultRole;
}

/** Whether `role` is at least `asked`. */
export function satisfies(role: Role, asked: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(asked);
}

/** Whether a person's departments cover a workflow's: admins and people without departments cover all. */
export function covers(person: Pick<Person, 'role' | 'departments'>, department: string | null): boolean {
  if (person.role === 'admin' || person.departments.length === 0) return true;
  return department !== null && person.departments.includes(department);
}
