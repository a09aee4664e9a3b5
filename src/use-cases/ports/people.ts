import type { Person, Role, SlackStanding } from '../../domain/person.ts';
import type { NewEnvironment } from './catalogue.ts';

export interface WorkspaceSettings {
  defaultRole: Role;
  departments: string[];
}
export interface WorkspaceReader {
  getSettings(): Promise<WorkspaceSettings>;
}
export interface WorkspaceWriter {
  /** Creates the workspace's row (and the default pipeline, should it have none) or updates its name. */
  ensure(workspace: { name: string; botUserId: string }, defaults: NewEnvironment[]): Promise<void>;
  saveSettings(settings: WorkspaceSettings): Promise<void>;
}

/** What Slack says of a user. */
export interface SlackProfile {
  userId: string;
  name: string;
  standing: SlackStanding;
  slackAdmin: boolean;
  /** Such as `Europe/Berlin`. Absent: not said, and what was known stays. */
  timeZone?: string;
}
/** What the file or `/towpath role` says of a person. */
export interface Assignment {
  role: Role;
  departments: string[];
}
export interface PeopleReader {
  /** The person as they stand now. Somebody never seen stands as a member with the workspace's default role. */
  get(userId: string): Promise<Person>;
  /** As `get`, for several, in one query. */
  getMany(userIds: readonly string[]): Promise<Map<string, Person>>;
  /** People whose role now is at least `role`, by role and name, at most `limit`. */
  listFrom(role: Role, limit: number): Promise<Person[]>;
  /** Everyone whom the file or `/towpath role` names, at most 500. */
  listAssigned(): Promise<Person[]>;
  /** When Slack was last asked about this person; null: never. */
  refreshedAt(userId: string): Promise<Date | null>;
  /** The person's time zone, such as `Europe/Berlin`; null where Slack never said. */
  timeZone(userId: string): Promise<string | null>;
}
export interface PeopleWriter {
  /** As `getMany`, keeping every one of them as they are until this transaction ends (rule 4 at the deploying click). */
  getManyLocked(userIds: readonly string[]): Promise<Map<string, Person>>;
  saveProfiles(profiles: readonly SlackProfile[]): Promise<void>;
  /** `/towpath role`. */
  assign(userId: string, assignment: Assignment): Promise<void>;
  /** Replaces what the file (and TOWPATH_ADMINS) says of everybody. */
  replaceFileAssignments(assignments: ReadonlyMap<string, Assignment>): Promise<void>;
  /** What the file says now, to compare. */
  listFileAssignments(): Promise<Map<string, Assignment>>;
}
