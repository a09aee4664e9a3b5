import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  ANNOUNCEMENT_KINDS,
  type Announcement,
  type AnnouncementReader,
  type AnnouncementWriter,
} from '../../use-cases/ports.ts';
import { type Context, isUuid, parseRows, uuidsOf } from './context.ts';
import { newJob, queueOfSubject } from './jobs.ts';
import { sendAnnouncements } from './outbox.ts';

const AnnouncementRow: z.ZodType<Announcement> = z.object({
  id: z.string(),
  workspaceId: z.string(),
  kind: z.enum(ANNOUNCEMENT_KINDS),
  subjectId: z.string(),
  target: z.string(),
  threadOf: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
  state: z.enum(['waiting', 'attempted', 'posted', 'failed']),
  attemptedAt: z.date().nullable(),
  channel: z.string().nullable(),
  ts: z.string().nullable(),
  shown: z.string().nullable(),
});
const PostedRow = z.object({ subjectId: z.string(), channel: z.string(), ts: z.string() });
const ERROR_LENGTH = 2000;

export function announcementReader(context: Context): AnnouncementReader {
  const { db, workspaceId } = context;
  // The first one stays the first one, and one act adds several lines to its thread.
  const cards = new Map<string, { id: string; target: string }>();
  return {
    async get(id) {
      await sendAnnouncements(context);
      const row = isUuid(id) ? await db.announcement.findFirst({ where: { id, workspaceId } }) : null;
      if (row === null) throw unknown(id);
      return AnnouncementRow.parse(row);
    },
    async listOf(subjectId, ...kinds) {
      if (!isUuid(subjectId)) return [];
      await sendAnnouncements(context);
      const rows = await db.announcement.findMany({
        where: { workspaceId, subjectId, kind: { in: [...kinds] } },
        orderBy: { seq: 'asc' },
      });
      return rows.map((row) => AnnouncementRow.parse(row));
    },
    async firstCard(promotionId) {
      const known = cards.get(promotionId);
      if (known !== undefined || !isUuid(promotionId)) return known ?? null;
      await sendAnnouncements(context);
      const card = await db.announcement.findFirst({
        where: { workspaceId, subjectId: promotionId, kind: 'promotion-card' },
        orderBy: { seq: 'asc' },
        select: { id: true, target: true },
      });
      if (card !== null) cards.set(promotionId, card);
      return card;
    },
    async postedCards(promotionIds) {
      const rows = await parseRows(
        db.$queryRaw`
          SELECT DISTINCT ON (subject_id) subject_id AS "subjectId", channel, ts FROM announcement
          WHERE workspace_id = ${workspaceId} AND subject_id = ANY(${uuidsOf(promotionIds)}::uuid[])
            AND kind = 'promotion-card' AND state = 'posted'
          ORDER BY subject_id, seq`,
        PostedRow,
      );
      return new Map(rows.map(({ subjectId, channel, ts }) => [subjectId, { channel, ts }]));
    },
  };
}

export function announcementWriter(context: Context): AnnouncementWriter {
  const { db, workspaceId } = context;
  return {
    async post({ kind, subjectId, target, threadOf, payload = {} }) {
      const id = randomUUID();
      context.outbox.announcements.push({
        id,
        kind,
        subjectId,
        target,
        threadOf: threadOf ?? null,
        payload,
        createdAt: context.clock.now,
      });
      const queue = queueOfSubject(subjectId);
      context.outbox.jobs.push(newJob('post-announcement', { announcementId: id }, { queue }));
      return id;
    },
    async refresh(subjectId, at) {
      const queue = queueOfSubject(subjectId);
      const when =
        at === undefined ? { key: `refresh:${subjectId}` } : { key: `refresh-at:${subjectId}:${at.toISOString()}`, at };
      context.outbox.jobs.push(newJob('refresh-announcements', { subjectId }, { queue, ...when }));
    },
    async mark(id, change) {
      await sendAnnouncements(context);
      const where = { id, workspaceId };
      const { count } = isUuid(id)
        ? await db.announcement.updateMany({ where, data: columns(change, context.clock.now) })
        : { count: 0 };
      if (count === 0) throw unknown(id);
    },
  };
}

function columns(change: Parameters<AnnouncementWriter['mark']>[1], now: Date) {
  if (change.state === 'attempted') return { state: change.state, attemptedAt: now };
  // Known not to have been posted: there is nothing to search for.
  if (change.state === 'waiting') return { state: change.state, attemptedAt: null };
  if (change.state === 'failed') return { state: change.state, error: change.error.slice(0, ERROR_LENGTH) };
  return { state: change.state, channel: change.channel, ts: change.ts, shown: change.shown, error: null };
}

function unknown(id: string): Error {
  return new Error(`There is no announcement ${id} in this workspace.`);
}
