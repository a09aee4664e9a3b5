import type { Actor } from '../../domain/actor.ts';
import type { Environment, WebhookEventType } from '../../domain/environment.ts';
import type { Workflow } from '../../domain/version.ts';
import type { Page, PageRequest } from './paging.ts';

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
  /** Name of the token that it was done by; null for none. */
  token: string | null;
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
  'settings-card',
  'suite-run',
  'notice',
] as const;
export type AnnouncementKind = (typeof ANNOUNCEMENT_KINDS)[number];
/** One Slack message to post, or posted. */
export interface Announcement {
  id: string;
  workspaceId: string;
  kind: AnnouncementKind;
  /** Id of the promotion, deployment, rollback, proposed change of settings or run of a suite it shows. */
  subjectId: string;
  /** A channel id, or a user id for a direct message. */
  target: string;
  threadOf: string | null;
  payload: Record<string, unknown>;
  state: 'waiting' | 'attempted' | 'posted' | 'failed';
  attemptedAt: Date | null;
  channel: string | null;
  ts: string | null;
  /** A hash of what the posted message shows; null where it is not known. */
  shown: string | null;
}
export interface AnnouncementReader {
  get(id: string): Promise<Announcement>;
  /** Those of one subject, oldest first. */
  listOf(subjectId: string, ...kinds: readonly AnnouncementKind[]): Promise<Announcement[]>;
  /** A promotion's first card, in whose thread its story is told. */
  firstCard(promotionId: string): Promise<Pick<Announcement, 'id' | 'target'> | null>;
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
      | { state: 'posted'; channel: string; ts: string; shown: string | null }
      | { state: 'failed'; error: string },
  ): Promise<void>;
}

export interface WebhookDelivery {
  /** `msg_…`: the `webhook-id` of every attempt. */
  id: string;
  workspaceId: string;
  environmentId: string;
  /** What it tells of. Null: it was published when endpoints were the environment's alone. */
  workflowId: string | null;
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
  /**
   * One delivery and its job for every endpoint that is told of the workflow in the environment (`webhooksTold`) and wants the
   * type. Body: `{type, timestamp, data}`.
   */
  publish(
    about: { environment: Environment; workflow: Pick<Workflow, 'id'> },
    type: WebhookEventType,
    data: Record<string, unknown>,
  ): Promise<void>;
  /** Records one attempt and what follows from it: `retryAt` writes the next job; null with a final status ends it. */
  recordAttempt(
    id: string,
    attempt: Omit<WebhookAttempt, 'at'>,
    next: { retryAt: Date } | { status: 'delivered' | 'given_up' },
  ): Promise<void>;
  /** Starts a given-up delivery anew, under the same id. */
  restart(id: string): Promise<void>;
}
