import type { Actor } from '../domain/actor.ts';
import type { Deployment, Rollback } from '../domain/deployment.ts';
import type { Environment, Pipeline, WebhookEventType } from '../domain/environment.ts';
import type { Person, Role, SlackStanding } from '../domain/person.ts';
import type { Promotion, PromotionStatus } from '../domain/promotion.ts';
import type { Version, VersionReference, Workflow } from '../domain/version.ts';

/**
 * How use cases reach the world. `get…` throws, `find…` returns null. Everything inside a `Transaction` belongs to one
 * workspace: an id of another workspace is simply not found.
 */
export interface Ports {
  /**
   * Runs `work` in one database transaction, committed when it returns and rolled back when it throws. Retries the whole of
   * it (at most three times) on a serialization failure or deadlock, so `work` must do nothing but use what it is given.
   * @throws Refusal unavailable when the database can't be reached
   */
  inTransaction<T>(workspaceId: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The same without writes, on one consistent snapshot. */
  reading<T>(workspaceId: string, work: (tx: Reading) => Promise<T>): Promise<T>;
}

/** What may be asked without changing anything. */
export interface Reading {
  /** The database's clock at the start of the transaction. */
  now: Date;
  workspaceId: string;
  workspace: WorkspaceReader;
  people: PeopleReader;
  environments: EnvironmentReader;
  workflows: WorkflowReader;
  versions: VersionReader;
  deployments: DeploymentReader;
  promotions: PromotionReader;
  audit: AuditReader;
  announcements: AnnouncementReader;
  webhooks: WebhookReader;
}

/** Everything a use case may change, in one transaction. */
export interface Transaction extends Reading {
  workspace: WorkspaceReader & WorkspaceWriter;
  people: PeopleReader & PeopleWriter;
  environments: EnvironmentReader & EnvironmentWriter;
  workflows: WorkflowReader & WorkflowWriter;
  versions: VersionReader & VersionWriter;
  deployments: DeploymentReader & DeploymentWriter;
  promotions: PromotionReader & PromotionWriter;
  audit: AuditReader & AuditWriter;
  announcements: AnnouncementReader & AnnouncementWriter;
  webhooks: WebhookReader & WebhookWriter;
}

/** A page of a list, newest first. `cursor` is opaque; null on the last page. */
export interface Page<T> {
  items: T[];
  cursor: string | null;
}
/** `limit` is at most 100. `cursor` comes from the page before. @throws Refusal invalid_input for a cursor it did not give */
export interface PageRequest {
  limit: number;
  cursor?: string;
}

// ── workspace and people ─────────────────────────────────────────────────────────────────────────────────────────────

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

// ── environments, workflows, versions ────────────────────────────────────────────────────────────────────────────────

export type NewEnvironment = Omit<Environment, 'id'>;
export interface EnvironmentReader {
  /** The pipeline in order of rank, archived environments left out. */
  pipeline(): Promise<Pipeline>;
  /** By id, archived ones too. */
  get(id: string): Promise<Environment>;
  getMany(ids: readonly string[]): Promise<Map<string, Environment>>;
}
export interface EnvironmentWriter {
  /** As `pipeline`, kept as it is until this transaction ends. */
  pipelineLocked(): Promise<Pipeline>;
  /** Makes the pipeline exactly this, matched by name: creates, updates, archives what is left out. */
  replace(environments: NewEnvironment[]): Promise<void>;
}

export interface WorkflowReader {
  find(slug: string): Promise<Workflow | null>;
  getById(id: string): Promise<Workflow>;
  getMany(ids: readonly string[]): Promise<Map<string, Workflow>>;
  /** At most `limit` slugs, the most alike first (for "did you mean"). */
  nearestSlugs(slug: string, limit: number): Promise<string[]>;
  list(page: PageRequest & { owner?: string }): Promise<Page<Workflow>>;
}
export interface WorkflowWriter {
  /**
   * As `find`, holding the workflow's lock until the transaction ends. Every act that changes a workflow, its deployments
   * or promotions takes this lock first: acts on one workflow happen one after the other, in an order nobody can deadlock.
   */
  findLocked(slug: string): Promise<Workflow | null>;
  getByIdLocked(id: string): Promise<Workflow>;
  create(workflow: {
    slug: string;
    department: string | null;
    ownerId: string;
    format: string;
    createdBy: string;
  }): Promise<Workflow>;
  update(workflow: Workflow): Promise<void>;
}

/** A version barred from promotion by the rollback that removed it. */
export interface Quarantine {
  workflowId: string;
  versionId: string;
  by: string;
  at: Date;
  reason: string | null;
}

/** A version with what was pushed. */
export interface VersionContent {
  source: string;
  fileName: string | null;
}
export interface VersionReader {
  find(workflowId: string, reference: VersionReference): Promise<Version | null>;
  getById(id: string): Promise<Version>;
  getMany(ids: readonly string[]): Promise<Map<string, Version>>;
  newest(workflowId: string): Promise<Version | null>;
  /** The newest of each workflow, by workflow id, in one query. */
  newestOf(workflowIds: readonly string[]): Promise<Map<string, Version>>;
  findByContentHash(workflowId: string, contentHash: string): Promise<Version | null>;
  content(id: string): Promise<VersionContent & { format: string }>;
  list(workflowId: string, page: PageRequest): Promise<Page<Version>>;
  /** The quarantined ones among the workflows' versions, by version id, each with the newest rollback that did it. */
  quarantined(workflowIds: readonly string[]): Promise<Map<string, Quarantine>>;
  /** Which of these versions were ever deployed anywhere, in one query. */
  everDeployed(versionIds: readonly string[]): Promise<Set<string>>;
}
export interface VersionWriter {
  /** Numbers it one past the newest. */
  create(version: Omit<Version, 'id' | 'number' | 'createdAt'> & VersionContent): Promise<Version>;
  setLabel(id: string, label: string, note: string | null): Promise<void>;
  /** Lifts every quarantine of the version. Returns how many there were. */
  liftQuarantine(versionId: string, by: string, reason: string): Promise<number>;
}

// ── deployments and promotions ───────────────────────────────────────────────────────────────────────────────────────

export interface ActiveDeployment extends Deployment {
  /** Since when it has been active without a break. */
  since: Date;
}
export interface DeploymentReader {
  findActive(workflowId: string, environmentId: string): Promise<ActiveDeployment | null>;
  /** All active ones of the workflows, in one query. */
  listActive(workflowIds: readonly string[]): Promise<ActiveDeployment[]>;
  getById(id: string): Promise<Deployment>;
  /** The one that a promotion became. */
  findByPromotion(promotionId: string): Promise<Deployment | null>;
  getMany(ids: readonly string[]): Promise<Map<string, Deployment>>;
  /** The newest 500, newest first: what rule 9 chooses from. */
  history(workflowId: string, environmentId: string): Promise<Deployment[]>;
  list(workflowId: string, environmentId: string | null, page: PageRequest): Promise<Page<Deployment>>;
  /** How long it was active in all before that moment, in milliseconds. */
  ranFor(deploymentId: string, before: Date): Promise<number>;
  findRollback(id: string): Promise<Rollback | null>;
}
export interface DeploymentWriter {
  /**
   * Ends what is active there (`superseded`) and makes the new one active, in that order, as the partial unique index asks.
   */
  activate(
    deployment: Pick<
      Deployment,
      'workflowId' | 'environmentId' | 'versionId' | 'promotionId' | 'deployedBy' | 'reason' | 'changes'
    >,
  ): Promise<{ activated: Deployment; superseded: Deployment | null }>;
  /** Rule 9: flips both statuses, records the rollback and quarantines the removed version. */
  rollBack(rollback: {
    removed: Deployment;
    restored: Deployment;
    by: string;
    reason: string | null;
    originChannel: string | null;
  }): Promise<Rollback>;
  /** Restores both statuses as they were and lifts the quarantine that this rollback brought. */
  undoRollback(rollback: Rollback): Promise<void>;
}

export interface PromotionReader {
  find(id: string): Promise<Promotion | null>;
  getMany(ids: readonly string[]): Promise<Map<string, Promotion>>;
  findOpen(workflowId: string, targetEnvironmentId: string): Promise<Promotion | null>;
  listOpen(workflowIds: readonly string[]): Promise<Promotion[]>;
  /** Open promotions of the whole workspace, oldest first, at most `limit`. */
  listAllOpen(limit: number): Promise<Promotion[]>;
  list(filter: { status?: PromotionStatus; workflowId?: string }, page: PageRequest): Promise<Page<Promotion>>;
}
export interface PromotionWriter {
  create(
    promotion: Pick<
      Promotion,
      | 'workflowId'
      | 'versionId'
      | 'sourceEnvironmentId'
      | 'targetEnvironmentId'
      | 'requestedBy'
      | 'reason'
      | 'originChannel'
      | 'expiresAt'
    >,
  ): Promise<Promotion>;
  /** Saves status, end and new approvals. */
  save(promotion: Promotion): Promise<void>;
  /**
   * The next open promotion whose time is over, its workflow locked; null when none is left or all are being worked on by
   * other processes (SKIP LOCKED).
   */
  takeDue(): Promise<Promotion | null>;
}

// ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface AuditEntry {
  action: string;
  /** `promotion:…`, `deployment:…`, `workflow:…`, `person:U…`, `settings`. */
  subject: string;
  workflowId?: string;
  environmentId?: string;
  before?: unknown;
  after?: unknown;
}
export interface AuditEvent {
  seq: string;
  at: Date;
  actor: string;
  via: Actor['via'];
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
}
export interface AuditReader {
  list(filter: {
    workflowId?: string;
    environmentId?: string;
    action?: string;
    before?: string;
    limit: number;
  }): Promise<Page<AuditEvent>>;
}
export interface AuditWriter {
  record(actor: Actor, entry: AuditEntry): Promise<void>;
}

export const ANNOUNCEMENT_KINDS = [
  'promotion-card',
  'promotion-story',
  'deployment-receipt',
  'rollback-receipt',
  'notice',
] as const;
export type AnnouncementKind = (typeof ANNOUNCEMENT_KINDS)[number];
/** One Slack message to post, or posted. */
export interface Announcement {
  id: string;
  workspaceId: string;
  kind: AnnouncementKind;
  /** Id of the promotion, deployment or rollback it shows. */
  subjectId: string;
  /** A channel id, or a user id for a direct message. */
  target: string;
  threadOf: string | null;
  payload: Record<string, unknown>;
  state: 'waiting' | 'attempted' | 'posted' | 'failed';
  attemptedAt: Date | null;
  channel: string | null;
  ts: string | null;
}
export interface AnnouncementReader {
  get(id: string): Promise<Announcement>;
  /** Those of one subject, oldest first. */
  listOf(subjectId: string, kind: AnnouncementKind): Promise<Announcement[]>;
  /** Where each promotion's first card was posted, by promotion id, in one query. */
  postedCards(promotionIds: readonly string[]): Promise<Map<string, { channel: string; ts: string }>>;
}
export interface AnnouncementWriter {
  /** Writes the message and the job that posts it. Messages of one subject go out one after the other. */
  post(
    announcement: Pick<Announcement, 'kind' | 'subjectId' | 'target'> & {
      threadOf?: string;
      payload?: Record<string, unknown>;
    },
  ): Promise<string>;
  /** Writes the job that brings a subject's posted messages up to date; waiting ones merge. `at` delays it. */
  refresh(subjectId: string, at?: Date): Promise<void>;
  /** The delivery's own bookkeeping. `attempted` is committed before the post is sent. */
  mark(
    id: string,
    change:
      | { state: 'attempted' }
      | { state: 'waiting' }
      | { state: 'posted'; channel: string; ts: string }
      | { state: 'failed'; error: string },
  ): Promise<void>;
}

export interface WebhookDelivery {
  /** `msg_…`: the `webhook-id` of every attempt. */
  id: string;
  workspaceId: string;
  environmentId: string;
  url: string;
  type: string;
  body: string;
  status: 'pending' | 'delivered' | 'given_up';
  attempts: number;
  startedAt: Date;
  createdAt: Date;
}
export interface WebhookAttempt {
  at: Date;
  status: number | null;
  error: string | null;
  durationMs: number;
}
export interface WebhookReader {
  find(id: string): Promise<WebhookDelivery | null>;
  /** With the last attempt of each. */
  list(
    filter: { status?: WebhookDelivery['status'] },
    page: PageRequest,
  ): Promise<Page<WebhookDelivery & { lastAttempt: WebhookAttempt | null }>>;
}
export interface WebhookWriter {
  /** One delivery and its job for every endpoint of the environment that wants the type. Body: `{type, timestamp, data}`. */
  publish(environment: Environment, type: WebhookEventType, data: Record<string, unknown>): Promise<void>;
  /** Records one attempt and what follows from it: `retryAt` writes the next job; null with a final status ends it. */
  recordAttempt(
    id: string,
    attempt: Omit<WebhookAttempt, 'at'>,
    next: { retryAt: Date } | { status: 'delivered' | 'given_up' },
  ): Promise<void>;
  /** Starts a given-up delivery anew, under the same id. */
  restart(id: string): Promise<void>;
}
