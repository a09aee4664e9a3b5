import type { Prisma } from './generated/client.ts';
import { addJobs, type NewJob } from './jobs.ts';

/**
 * What a transaction leaves for the record and for those outside it, kept until just before it commits and then written in one
 * statement a table: an act that tells of five things asks the database four times and not fifteen, while it holds a lock.
 */
export interface Outbox {
  readonly audit: NewAuditEvent[];
  readonly announcements: NewAnnouncement[];
  readonly deliveries: NewDelivery[];
  /** In the order in which they are to run. */
  readonly jobs: NewJob[];
}

export interface NewAuditEvent {
  at: Date;
  actor: string;
  via: string;
  action: string;
  subject: string;
  workflowId: string | null;
  environmentId: string | null;
  /** As JSON writes it; null for nothing. */
  before: unknown;
  after: unknown;
  /** Name of the one that it was done by; null for none. */
  token: string | null;
}

export interface NewAnnouncement {
  id: string;
  kind: string;
  subjectId: string;
  target: string;
  threadOf: string | null;
  payload: Readonly<Record<string, unknown>>;
  createdAt: Date;
}

export interface NewDelivery {
  id: string;
  environmentId: string;
  workflowId: string;
  url: string;
  type: string;
  body: string;
  createdAt: Date;
}

export function emptyOutbox(): Outbox {
  return { audit: [], announcements: [], deliveries: [], jobs: [] };
}

interface Sending {
  db: Prisma.TransactionClient;
  workspaceId: string;
  outbox: Outbox;
}

/** Writes all that was kept. The last thing a transaction does. */
export async function sendAll(sending: Sending): Promise<void> {
  await sendAudit(sending);
  await sendAnnouncements(sending);
  await sendDeliveries(sending);
  await addJobs(sending, sending.outbox.jobs.splice(0));
}

async function sendAudit({ db, workspaceId, outbox }: Sending): Promise<void> {
  const rows = outbox.audit.splice(0);
  if (rows.length === 0) return;
  await db.$executeRaw`
    INSERT INTO audit_event (workspace_id, at, actor, via, action, subject, workflow_id, environment_id, before, after, actor_token)
    SELECT ${workspaceId}, at, actor, via, action, subject, "workflowId", "environmentId", before, after, token
    FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS (
      at timestamptz, actor text, via text, action text, subject text, "workflowId" uuid, "environmentId" uuid, before jsonb, after jsonb,
      token text
    )) WITH ORDINALITY AS said(at, actor, via, action, subject, "workflowId", "environmentId", before, after, token, place)
    ORDER BY place`;
}

/** Before announcements are read or changed in the transaction that wrote them. */
export async function sendAnnouncements({ db, workspaceId, outbox }: Sending): Promise<void> {
  const rows = outbox.announcements.splice(0);
  if (rows.length === 0) return;
  await db.$executeRaw`
    INSERT INTO announcement (id, workspace_id, kind, subject_id, target, thread_of, payload, state, created_at)
    SELECT id, ${workspaceId}, kind, "subjectId", target, "threadOf", payload, 'waiting', "createdAt"
    FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS (
      id uuid, kind text, "subjectId" uuid, target text, "threadOf" uuid, payload jsonb, "createdAt" timestamptz
    )) WITH ORDINALITY AS said(id, kind, "subjectId", target, "threadOf", payload, "createdAt", place)
    ORDER BY place`;
}

/** Before deliveries are read or changed in the transaction that wrote them. */
export async function sendDeliveries({ db, workspaceId, outbox }: Sending): Promise<void> {
  const rows = outbox.deliveries.splice(0);
  if (rows.length === 0) return;
  await db.$executeRaw`
    INSERT INTO webhook_delivery (id, workspace_id, environment_id, workflow_id, url, type, body, started_at, created_at)
    SELECT id, ${workspaceId}, "environmentId", "workflowId", url, type, body, "createdAt", "createdAt"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS said(
      id text, "environmentId" uuid, "workflowId" uuid, url text, type text, body text, "createdAt" timestamptz
    )`;
}
