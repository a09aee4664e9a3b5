import { z } from 'zod';
import {
  type Environment,
  type Pipeline,
  type Policy,
  WEBHOOK_EVENT_TYPES,
  type WebhookEndpoint,
} from '../../domain/environment.ts';
import { ROLES } from '../../domain/person.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { EnvironmentReader, EnvironmentWriter, NewEnvironment } from '../../use-cases/ports.ts';
import { byId, type Context, isUuid, uuidsOf } from './context.ts';
import type { Prisma } from './generated/client.ts';

const role = z.enum(ROLES);
/** Loose: a policy kept with an approval may hold more than this version knows. */
export const PolicyJson: z.ZodType<Policy> = z.looseObject({
  approvals: z.array(z.looseObject({ role, count: z.int() })),
  expireAfter: z.number(),
  rollback: z.looseObject({ role }),
});
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
    policy: PolicyJson,
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
      await db.$queryRaw`SELECT 1 FROM environment WHERE workspace_id = ${workspaceId} ORDER BY id FOR SHARE`;
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

async function holdAll({ db, workspaceId }: Context): Promise<void> {
  await db.$queryRaw`SELECT 1 FROM environment WHERE workspace_id = ${workspaceId} ORDER BY id FOR NO KEY UPDATE`;
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
