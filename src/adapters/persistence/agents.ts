import { z } from 'zod';
import type { Agent } from '../../domain/agent.ts';
import type { AgentReader, AgentWriter } from '../../use-cases/ports.ts';
import { type Context, parseFirst } from './context.ts';
import { after, pageSize, timeCursor, toPage } from './paging.ts';

const AgentRow: z.ZodType<Agent> = z.object({
  id: z.string(),
  environmentId: z.string(),
  name: z.string(),
  token: z.string(),
  release: z.string().nullable(),
  registeredAt: z.date(),
  lastSeenAt: z.date(),
});

export function agentReader({ db, workspaceId }: Context): AgentReader {
  return {
    async list(environmentId, page) {
      const rows = await db.agent.findMany({
        where: {
          workspaceId,
          ...(environmentId === null ? {} : { environmentId }),
          ...after('lastSeenAt', timeCursor(page)),
        },
        include: { token: { select: { name: true } } },
        orderBy: [{ lastSeenAt: 'desc' }, { id: 'desc' }],
        take: pageSize(page.limit) + 1,
      });
      const found = rows.map(({ token, ...row }) => AgentRow.parse({ ...row, token: token.name }));
      return toPage(found, page.limit, (last) => [last.lastSeenAt.toISOString(), last.id]);
    },
  };
}

export function agentWriter({ db, workspaceId, clock }: Context): AgentWriter {
  return {
    // Two new ones at the same time may both be the last that is let in: a bound, not a count.
    see: ({ environmentId, name, release, tokenId }, most) =>
      parseFirst(
        db.$queryRaw`
          WITH seen AS (
            INSERT INTO agent (workspace_id, environment_id, name, token_id, release, registered_at, last_seen_at)
            SELECT ${workspaceId}, ${environmentId}::uuid, ${name}, ${tokenId}::uuid, ${release}, ${clock.now}, ${clock.now}
            WHERE (SELECT count(*) FROM agent WHERE environment_id = ${environmentId}::uuid) < ${most}
              OR EXISTS (SELECT FROM agent WHERE environment_id = ${environmentId}::uuid AND name = ${name})
            ON CONFLICT (environment_id, name) DO UPDATE
              SET token_id = excluded.token_id, release = excluded.release, last_seen_at = excluded.last_seen_at
            RETURNING *
          )
          SELECT seen.id, seen.environment_id AS "environmentId", seen.name, t.name AS token, seen.release,
            seen.registered_at AS "registeredAt", seen.last_seen_at AS "lastSeenAt"
          FROM seen JOIN api_token t ON t.id = seen.token_id`,
        AgentRow,
      ),
    async forget(days) {
      await db.$executeRaw`
        DELETE FROM agent WHERE workspace_id = ${workspaceId} AND last_seen_at < ${clock.now}::timestamptz - make_interval(days => ${days}::int)`;
    },
  };
}
