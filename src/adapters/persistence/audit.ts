import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import type { AuditEvent, AuditReader, AuditWriter } from '../../use-cases/ports.ts';
import { type Context, isUuid } from './context.ts';
import { pageSize } from './paging.ts';

const EventRow: z.ZodType<AuditEvent> = z.object({
  seq: z.bigint().transform(String),
  at: z.date(),
  actor: z.string(),
  via: z.enum(['slack', 'api', 'clock', 'file']),
  action: z.string(),
  subject: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  token: z.string().nullable(),
});
/** Fewer digits than the largest sequence number has. */
const SEQ = /^\d{1,18}$/;

export function auditReader({ db, workspaceId }: Context): AuditReader {
  return {
    async list({ workflowId, environmentId, action, before, limit }) {
      if (before !== undefined && !SEQ.test(before)) {
        throw new Refusal(
          'invalid_input',
          '`before` is the seq of an audit event, a whole number. Start again without it.',
        );
      }
      if (!isUuid(workflowId ?? ANY_UUID) || !isUuid(environmentId ?? ANY_UUID)) return { items: [], cursor: null };
      const rows = await db.auditEvent.findMany({
        where: {
          workspaceId,
          ...(workflowId === undefined ? {} : { workflowId }),
          ...(environmentId === undefined ? {} : { environmentId }),
          ...(action === undefined ? {} : { action }),
          ...(before === undefined ? {} : { seq: { lt: BigInt(before) } }),
        },
        orderBy: { seq: 'desc' },
        take: pageSize(limit) + 1,
      });
      const items = rows
        .slice(0, pageSize(limit))
        .map(({ actorToken: token, ...row }) => EventRow.parse({ ...row, token }));
      return { items, cursor: rows.length > items.length ? (items.at(-1)?.seq ?? null) : null };
    },
  };
}

const ANY_UUID = '00000000-0000-0000-0000-000000000000';

export function auditWriter({ workspaceId, clock, outbox }: Context): AuditWriter {
  return {
    async record(actor, { action, subject, workflowId, environmentId, before, after }) {
      if (actor.workspaceId !== workspaceId)
        throw new Error(`An actor of ${actor.workspaceId} can't act in ${workspaceId}.`);
      outbox.audit.push({
        at: clock.now,
        actor: actor.userId,
        via: actor.via,
        action,
        subject,
        workflowId: workflowId ?? null,
        environmentId: environmentId ?? null,
        before: toJson(before),
        after: toJson(after),
        token: actor.token?.name ?? null,
      });
    },
  };
}

/** As it is now, whatever the act does to it afterwards: dates as text, nothing as null. */
function toJson(state: unknown): unknown {
  return state === undefined || state === null ? null : JSON.parse(JSON.stringify(state));
}
