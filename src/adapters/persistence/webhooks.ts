import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Environment, WebhookEndpoint } from '../../domain/environment.ts';
import { webhooksTold } from '../../domain/settings/webhooks-told.ts';
import type { Workflow } from '../../domain/version.ts';
import type { WebhookAttempt, WebhookDelivery, WebhookReader, WebhookWriter } from '../../use-cases/ports.ts';
import { type Context, parseRows } from './context.ts';
import { Prisma } from './generated/client.ts';
import { newJob, queueOfEndpoint } from './jobs.ts';
import { sendDeliveries } from './outbox.ts';
import { pageSize, timeCursor, toPage } from './paging.ts';
import { settingsReader } from './settings.ts';

const fields = {
  id: z.string(),
  workspaceId: z.string(),
  environmentId: z.string(),
  workflowId: z.string().nullable(),
  url: z.string(),
  type: z.string(),
  body: z.string(),
  status: z.enum(['pending', 'delivered', 'given_up']),
  attempts: z.int(),
  startedAt: z.date(),
  createdAt: z.date(),
};
const DeliveryRow: z.ZodType<WebhookDelivery> = z.object(fields);
const ListedRow = z.object({
  ...fields,
  lastAt: z.date().nullable(),
  lastStatus: z.int().nullable(),
  lastError: z.string().nullable(),
  lastDurationMs: z.int().nullable(),
});
const ID = /^msg_[0-9a-f]{32}$/;
const ERROR_LENGTH = 2000;

export function webhookReader(context: Context): WebhookReader {
  const { db, workspaceId } = context;
  return {
    async find(id) {
      await sendDeliveries(context);
      const row = await db.webhookDelivery.findFirst({ where: { id, workspaceId } });
      return row === null ? null : DeliveryRow.parse(row);
    },
    async list({ status }, page) {
      const cursor = timeCursor(page, (id) => ID.test(id));
      await sendDeliveries(context);
      const only = status === undefined ? Prisma.empty : Prisma.sql`AND d.status = ${status}`;
      const beyond =
        cursor === null ? Prisma.empty : Prisma.sql`AND (d.created_at, d.id) < (${cursor.at}, ${cursor.id})`;
      const rows = await parseRows(
        db.$queryRaw`
          SELECT d.id, d.workspace_id AS "workspaceId", d.environment_id AS "environmentId", d.workflow_id AS "workflowId",
            d.url, d.type, d.body, d.status, d.attempts, d.started_at AS "startedAt", d.created_at AS "createdAt",
            a.at AS "lastAt", a.status AS "lastStatus", a.error AS "lastError", a.duration_ms AS "lastDurationMs"
          FROM webhook_delivery d
          LEFT JOIN LATERAL (SELECT * FROM webhook_attempt WHERE delivery_id = d.id ORDER BY at DESC LIMIT 1) AS a ON true
          WHERE d.workspace_id = ${workspaceId} ${only} ${beyond}
          ORDER BY d.created_at DESC, d.id DESC LIMIT ${pageSize(page.limit) + 1}`,
        ListedRow,
      );
      return toPage(rows.map(toListed), page.limit, (last) => [last.createdAt.toISOString(), last.id]);
    },
  };
}

function toListed(row: z.infer<typeof ListedRow>): WebhookDelivery & { lastAttempt: WebhookAttempt | null } {
  const { lastAt, lastStatus, lastError, lastDurationMs, ...delivery } = row;
  const lastAttempt =
    lastAt === null ? null : { at: lastAt, status: lastStatus, error: lastError, durationMs: lastDurationMs ?? 0 };
  return { ...delivery, lastAttempt };
}

export function webhookWriter(context: Context): WebhookWriter {
  const { db, workspaceId, clock, outbox } = context;
  const layers = settingsReader(context);
  // What happens to a workflow in one act is told to the same endpoints: they are read once.
  const read = new Map<string, Promise<readonly WebhookEndpoint[]>>();
  const toldOf = (environment: Environment, workflow: Pick<Workflow, 'id'>) => {
    const key = `${environment.id} ${workflow.id}`;
    const told =
      read.get(key) ??
      layers.layer(environment.id, workflow.id).then((own) => webhooksTold(environment, own?.settings));
    read.set(key, told);
    return told;
  };
  const schedule = ({ id, url }: { id: string; url: string }, at?: Date) => {
    const options = { queue: queueOfEndpoint(url), key: `deliver:${id}`, ...(at && { at }) };
    outbox.jobs.push(newJob('deliver-webhook', { deliveryId: id }, options));
  };
  const getDelivery = async (id: string) => {
    await sendDeliveries(context);
    const delivery = await db.webhookDelivery.findFirst({
      where: { id, workspaceId },
      select: { id: true, url: true },
    });
    if (delivery === null) throw new Error(`There is no webhook delivery ${id} in this workspace.`);
    return delivery;
  };
  return {
    async publish({ environment, workflow }, type, data) {
      const urls = wanting(await toldOf(environment, workflow), type);
      if (urls.length === 0) return;
      const body = JSON.stringify({ type, timestamp: clock.now.toISOString(), data });
      for (const url of urls) {
        const id = `msg_${randomUUID().replaceAll('-', '')}`;
        const about = { environmentId: environment.id, workflowId: workflow.id };
        outbox.deliveries.push({ id, ...about, url, type, body, createdAt: clock.now });
        schedule({ id, url });
      }
    },
    async recordAttempt(id, { status, error, durationMs }, next) {
      const delivery = await getDelivery(id);
      const short = error?.slice(0, ERROR_LENGTH) ?? null;
      await db.webhookAttempt.create({ data: { deliveryId: id, at: clock.now, status, error: short, durationMs } });
      const finished = 'status' in next ? { status: next.status, finishedAt: clock.now } : {};
      await db.webhookDelivery.update({
        where: { id, workspaceId },
        data: { attempts: { increment: 1 }, ...finished },
      });
      if ('retryAt' in next) schedule(delivery, next.retryAt);
    },
    async restart(id) {
      const delivery = await getDelivery(id);
      // Only a given-up one: a second click on Redeliver, or one that comes too late, changes nothing.
      const { count } = await db.webhookDelivery.updateMany({
        where: { id, workspaceId, status: 'given_up' },
        data: { status: 'pending', attempts: 0, startedAt: clock.now, finishedAt: null },
      });
      if (count === 1) schedule(delivery);
    },
  };
}

/** In one order, so that two transactions make the same endpoints' queues without waiting for each other in a circle. */
function wanting(webhooks: readonly WebhookEndpoint[], type: string): string[] {
  const wanted = webhooks.filter(({ events }) => events.length === 0 || events.some((event) => event === type));
  return wanted.map(({ url }) => url).sort();
}
