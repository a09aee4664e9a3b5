import { z } from 'zod';
import {
  type Environment,
  type Pipeline,
  WEBHOOK_EVENT_TYPES,
  type WebhookEndpoint,
} from '../../domain/environment.ts';
import { policySchema } from '../../domain/policy/policy.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { EnvironmentReader, EnvironmentWriter, NewEnvironment } from '../../use-cases/ports.ts';
import { byId, type Context, isUuid, parseFirst, uuidsOf } from './context.ts';
import { Prisma } from './generated/client.ts';

export const Endpoint: z.ZodType<WebhookEndpoint> = z.object({
  url: z.string(),
  secretVariable: z.string(),
  events: z.array(z.enum(WEBHOOK_EVENT_TYPES)),
  allowPrivate: z.boolean(),
});
const EnvironmentRow: z.ZodType<Environment> = z
  .object({
    id: z.string(),
    name: z.string(),
    rank: z.int(),
    aliases: z.array(z.string()),
    badge: z.string(),
    channel: z.string().nullable(),
    policy: policySchema,
    webhooks: z.array(Endpoint),
    runPayloads: z.boolean(),
  })
  .transform(({ runPayloads, ...environment }) => (runPayloads ? { ...environment, runPayloads } : environment));

export function environmentReader({ db, workspaceId }: Context): EnvironmentReader {
  return {
    pipeline: () => readPipeline({ db, workspaceId }),
    async get(id) {
      const row = isUuid(id) ? await db.environment.findFirst({ where: { id, workspaceId } }) : null;
      if (row === null) {
        throw new Refusal(
          'unknown_environment',
          'That environment is not known here. `/towpath status` shows which there are.',
        );
      }
      return EnvironmentRow.parse(row);
    },
    async getMany(ids) {
      const rows = await db.environment.findMany({ where: { workspaceId, id: { in: uuidsOf(ids) } } });
      return byId(rows.map((row) => EnvironmentRow.parse(row)));
    },
  };
}

export function environmentWriter(context: Context): EnvironmentWriter {
  const { db, workspaceId } = context;
  return {
    async pipelineLocked() {
      await holdAll(context, Prisma.sql`FOR SHARE`);
      // Read after the lock, not with it: what came in while this waited is seen too.
      return readPipeline(context);
    },
    async pipelineHeld() {
      await holdAll(context);
      return readPipeline(context);
    },
    async replace(environments) {
      await holdAll(context);
      const existing = await db.environment.findMany({ where: { workspaceId } });
      const ids = new Map(existing.map((row) => [row.name.toLowerCase(), row.id]));
      const kept = new Set(environments.map((environment) => environment.name.toLowerCase()));
      const dropped = existing.filter((row) => row.archivedAt === null && !kept.has(row.name.toLowerCase()));
      await db.environment.updateMany({
        where: { workspaceId, id: { in: dropped.map((row) => row.id) } },
        data: { archivedAt: context.clock.now },
      });
      for (const environment of environments) {
        const id = ids.get(environment.name.toLowerCase());
        if (id === undefined) await createEnvironment(context, environment);
        else
          await db.environment.update({
            where: { id, workspaceId },
            data: { ...columns(environment), archivedAt: null },
          });
      }
    },
  };
}

const ClockRow = z.object({ now: z.date() });

/** The clock is read when the locks are there, as with a workflow's: whoever waited is later than whoever held them. */
async function holdAll(context: Context, strength = Prisma.sql`FOR NO KEY UPDATE`): Promise<void> {
  const row = await parseFirst(
    context.db.$queryRaw`
      WITH held AS MATERIALIZED (SELECT id FROM environment WHERE workspace_id = ${context.workspaceId} ORDER BY id ${strength})
      SELECT count(*), date_trunc('milliseconds', clock_timestamp()) AS now FROM held`,
    ClockRow,
  );
  if (row !== null) context.clock.now = row.now;
}

export async function createEnvironment({ db, workspaceId }: Context, environment: NewEnvironment): Promise<void> {
  await db.environment.create({ data: { workspaceId, ...columns(environment) } });
}

async function readPipeline({ db, workspaceId }: Pick<Context, 'db' | 'workspaceId'>): Promise<Pipeline> {
  const rows = await db.environment.findMany({
    where: { workspaceId, archivedAt: null },
    orderBy: [{ rank: 'asc' }, { name: 'asc' }],
  });
  return rows.map((row) => EnvironmentRow.parse(row));
}

function columns({ name, rank, aliases, badge, channel, policy, webhooks, runPayloads }: NewEnvironment) {
  return {
    name,
    rank,
    aliases: [...aliases],
    badge,
    channel,
    policy: policy as unknown as Prisma.InputJsonObject,
    webhooks: webhooks as unknown as Prisma.InputJsonArray,
    runPayloads: runPayloads === true,
  };
}
