import { z } from 'zod';
import type { FileContent } from '../../domain/configuration/file-content.ts';
import type { ConfigurationFileReader, ConfigurationFileWriter } from '../../use-cases/ports.ts';
import { type Context, parseFirst } from './context.ts';
import { SettingsJson } from './settings.ts';
import { lockWorkspace } from './workspaces.ts';

const AppliedRow = z.object({ number: z.int(), hash: z.string() });
const byName = <T extends z.ZodType>(value: T) => z.record(z.string(), value);
const ContentRow: z.ZodType<{ content: FileContent }> = z.object({
  content: z.object({
    runs: z.object({ keep: z.number(), keepPayloads: z.number() }),
    workflows: byName(byName(SettingsJson)),
    operators: byName(z.unknown()),
  }),
});

export function configurationFileReader({ db, workspaceId }: Context): ConfigurationFileReader {
  return {
    newest: () =>
      parseFirst(
        db.$queryRaw`SELECT number, hash FROM configuration_file WHERE workspace_id = ${workspaceId} ORDER BY number DESC LIMIT 1`,
        AppliedRow,
      ),
    async findNumber(hash) {
      const row = await parseFirst(
        db.$queryRaw`
          SELECT number, hash FROM configuration_file WHERE workspace_id = ${workspaceId} AND hash = ${hash}
          ORDER BY number DESC LIMIT 1`,
        AppliedRow,
      );
      return row?.number ?? null;
    },
    async content() {
      const row = await parseFirst(
        db.$queryRaw`SELECT content FROM configuration_file WHERE workspace_id = ${workspaceId} AND content IS NOT NULL`,
        ContentRow,
      );
      return row?.content ?? null;
    },
  };
}

export function configurationFileWriter(context: Context): ConfigurationFileWriter {
  const { db, workspaceId, clock } = context;
  return {
    async append({ number, hash, content, forced }) {
      await db.$executeRaw`
        UPDATE configuration_file SET content = NULL WHERE workspace_id = ${workspaceId} AND content IS NOT NULL`;
      await db.$executeRaw`
        INSERT INTO configuration_file (workspace_id, number, hash, content, forced, applied_at)
        VALUES (${workspaceId}, ${number}, ${hash}, ${JSON.stringify(content)}::jsonb, ${forced}, ${clock.now})`;
    },
    async saveContent(content) {
      await db.$executeRaw`
        UPDATE configuration_file SET content = ${JSON.stringify(content)}::jsonb
        WHERE workspace_id = ${workspaceId} AND content IS NOT NULL`;
    },
    async contentHeld() {
      await lockWorkspace(context, 'SHARE');
      return configurationFileReader(context).content();
    },
  };
}
