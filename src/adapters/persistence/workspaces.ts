import { z } from 'zod';
import { ROLES } from '../../domain/person.ts';
import type { WorkspaceReader, WorkspaceWriter } from '../../use-cases/ports.ts';
import type { Context } from './context.ts';
import { createEnvironment } from './environments.ts';

const Settings = z.object({ defaultRole: z.enum(ROLES), departments: z.array(z.string()) });

export function workspaceReader({ db, workspaceId }: Context): WorkspaceReader {
  return {
    async getSettings() {
      const row = await db.workspace.findUnique({ where: { id: workspaceId } });
      return row === null ? { defaultRole: 'member', departments: [] } : Settings.parse(row);
    },
  };
}

export function workspaceWriter(context: Context): WorkspaceWriter {
  const { db, workspaceId } = context;
  return {
    async ensure({ name, botUserId }, defaults) {
      // In one statement, so that two processes that start at once wait for each other here.
      await db.$executeRaw`
        INSERT INTO workspace (id, name, bot_user_id, created_at)
        VALUES (${workspaceId}, ${name}, ${botUserId}, ${context.clock.now})
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, bot_user_id = excluded.bot_user_id`;
      if ((await db.environment.count({ where: { workspaceId } })) > 0) return;
      for (const environment of defaults) await createEnvironment(context, environment);
    },
    async saveSettings({ defaultRole, departments }) {
      await lockWorkspace(context);
      await db.workspace.update({ where: { id: workspaceId }, data: { defaultRole, departments } });
    },
  };
}

/**
 * Keeps everybody's role as it is (`SHARE`) or is about to change somebody's: a role depends on the workspace's settings and on
 * whether an admin is named at all, so one lock stands for all of it. Taken after locks on workflows and environments and
 * before those on people, always in this order.
 */
export async function lockWorkspace({ db, workspaceId }: Context, mode: 'SHARE' | 'CHANGE' = 'CHANGE'): Promise<void> {
  if (mode === 'SHARE') await db.$queryRaw`SELECT 1 FROM workspace WHERE id = ${workspaceId} FOR SHARE`;
  else await db.$queryRaw`SELECT 1 FROM workspace WHERE id = ${workspaceId} FOR NO KEY UPDATE`;
}
