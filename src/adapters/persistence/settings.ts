import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import type { Settings, SettingsRevision } from '../../domain/settings/settings.ts';
import type { RunnerSettings } from '../../domain/suite/runner-settings.ts';
import type { SettingsLayers, SettingsReader, SettingsWriter } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseFirst, parseRows } from './context.ts';
import { Endpoint } from './environments.ts';
import { Prisma } from './generated/client.ts';
import { numberCursor, pageSize, toPage } from './paging.ts';

const variable = z.union([z.string(), z.number(), z.boolean()]);
const named = <T extends z.ZodType>(value: T) => z.record(z.string(), value);
const choice = {
  provider: z.string().exactOptional(),
  model: z.string().exactOptional(),
  modelParameters: named(variable).exactOptional(),
};
const amount = z.number().exactOptional();
// What each kind needs was checked when it came in.
const runner = z.looseObject({ kind: z.string() }) as unknown as z.ZodType<RunnerSettings>;
/** As they are kept: what may be written is checked where it comes in. A field that this version does not know is left out. */
export const SettingsJson: z.ZodType<Settings> = z.object({
  ...choice,
  variables: named(variable).exactOptional(),
  secrets: named(
    z.union([
      z.object({ env: z.string() }),
      z.object({ file: z.string() }),
      z.object({ vault: z.object({ path: z.string(), key: z.string() }) }),
    ]),
  ).exactOptional(),
  steps: named(z.object(choice)).exactOptional(),
  limits: z
    .object({ timeout: amount, retries: amount, concurrency: amount, costPerRun: amount, costPerDay: amount })
    .exactOptional(),
  mcpServers: named(z.object({ url: z.string(), transport: z.enum(['http', 'sse', 'stdio']) })).exactOptional(),
  dataSources: named(named(variable)).exactOptional(),
  runner: z.union([z.string(), runner]).exactOptional(),
  channel: z.string().exactOptional(),
  webhooks: z.array(Endpoint).exactOptional(),
  masked: named(z.string()).exactOptional(),
});
const FIELDS = [
  ...['variables', 'secrets', 'provider', 'model', 'modelParameters', 'steps', 'limits', 'mcpServers', 'dataSources'],
  ...['runner', 'channel', 'webhooks', 'masked'],
] as const satisfies readonly (keyof Settings)[];
export const ManagedFields = z.array(z.enum(FIELDS));
const RevisionRow: z.ZodType<SettingsRevision> = z.object({
  id: z.string(),
  environmentId: z.string(),
  workflowId: z.string().nullable(),
  number: z.int(),
  settings: SettingsJson,
  changedBy: z.string(),
  via: z.enum(['slack', 'api', 'clock', 'file']),
  reason: z.string().nullable(),
  restores: z.int().nullable(),
  managed: ManagedFields,
  at: z.date(),
});

/** Beyond what a `towpath.yaml` of 512 KB can name. */
const MOST_LAYERS = 20_000;

const COLUMNS = Prisma.sql`
  s.id, s.environment_id AS "environmentId", s.workflow_id AS "workflowId", s.number, s.settings, s.changed_by AS "changedBy", s.via,
  s.reason, s.restores, s.managed, s.at`;

export function settingsReader({ db, workspaceId }: Context): SettingsReader {
  const newest = (environmentId: string, more: Prisma.Sql): Prisma.Sql => Prisma.sql`
    (SELECT ${COLUMNS} FROM settings_revision s
     WHERE s.workspace_id = ${workspaceId} AND s.environment_id = ${environmentId}::uuid AND ${more}
     ORDER BY s.number DESC LIMIT 1)`;
  const both = async (environmentId: string, workflowId: string, more: Prisma.Sql): Promise<SettingsLayers> => {
    if (!isUuid(environmentId) || !isUuid(workflowId)) return { environment: null, workflow: null };
    const rows = await parseRows(
      db.$queryRaw`
        ${newest(environmentId, Prisma.sql`s.workflow_id IS NULL AND ${more}`)}
        UNION ALL ${newest(environmentId, Prisma.sql`s.workflow_id = ${workflowId}::uuid AND ${more}`)}`,
      RevisionRow,
    );
    const find = (id: string | null) => rows.find((row) => row.workflowId === id) ?? null;
    return { environment: find(null), workflow: find(workflowId.toLowerCase()) };
  };
  const eachNewest = async (environmentId: string, rest: Prisma.Sql): Promise<SettingsRevision[]> => {
    if (!isUuid(environmentId)) return [];
    return parseRows(
      db.$queryRaw`
        SELECT * FROM (
          SELECT DISTINCT ON (s.workflow_id) ${COLUMNS} FROM settings_revision s
          WHERE s.workspace_id = ${workspaceId} AND s.environment_id = ${environmentId}::uuid
          ORDER BY s.workflow_id, s.number DESC
        ) AS newest ${rest}`,
      RevisionRow,
    );
  };
  return {
    current: (environmentId, workflowId) => both(environmentId, workflowId, Prisma.sql`true`),
    asOf: (environmentId, workflowId, at) => both(environmentId, workflowId, Prisma.sql`s.at <= ${at}`),
    async layer(environmentId, workflowId) {
      if (!isUuid(environmentId) || !isUuid(workflowId ?? environmentId)) return null;
      return parseFirst(db.$queryRaw`${newest(environmentId, ofLayer(workflowId))}`, RevisionRow);
    },
    layers: (environmentId, limit) =>
      eachNewest(
        environmentId,
        Prisma.sql`ORDER BY "workflowId" IS NOT NULL, number DESC LIMIT ${Math.min(limit, MOST_LAYERS)}`,
      ),
    managed: (environmentId) =>
      eachNewest(environmentId, Prisma.sql`WHERE cardinality(managed) > 0 ORDER BY number LIMIT ${MOST_LAYERS}`),
    async list(environmentId, workflowId, page) {
      const before = numberCursor(page);
      if (!isUuid(environmentId) || (workflowId !== 'any' && !isUuid(workflowId ?? environmentId)))
        return { items: [], cursor: null };
      const rows = await parseRows(
        db.$queryRaw`
          SELECT ${COLUMNS} FROM settings_revision s
          WHERE s.workspace_id = ${workspaceId} AND s.environment_id = ${environmentId}::uuid
            AND ${workflowId === 'any' ? Prisma.sql`true` : ofLayer(workflowId)}
            AND ${before === null ? Prisma.sql`true` : Prisma.sql`s.number < ${before}`}
          ORDER BY s.number DESC LIMIT ${pageSize(page.limit) + 1}`,
        RevisionRow,
      );
      return toPage(rows, page.limit, (last) => [last.number]);
    },
    async get(environmentId, number) {
      const canBe = isUuid(environmentId) && Number.isSafeInteger(number) && Math.abs(number) < 2 ** 31;
      const found = canBe
        ? await parseFirst(db.$queryRaw`${newest(environmentId, Prisma.sql`s.number = ${number}`)}`, RevisionRow)
        : null;
      if (found !== null) return found;
      throw new Refusal(
        'unknown_settings_revision',
        'Those settings are not known here. `/towpath env ENVIRONMENT` shows the present ones and their number.',
      );
    },
    async numberOf(proposalId) {
      if (!isUuid(proposalId)) return null;
      const found = await parseFirst(
        db.$queryRaw`
          SELECT s.number FROM settings_revision s
          WHERE s.workspace_id = ${workspaceId} AND s.proposal_id = ${proposalId}::uuid`,
        z.object({ number: z.int() }),
      );
      return found?.number ?? null;
    },
  };
}

function ofLayer(workflowId: string | null): Prisma.Sql {
  return workflowId === null ? Prisma.sql`s.workflow_id IS NULL` : Prisma.sql`s.workflow_id = ${workflowId}::uuid`;
}

export function settingsWriter({ db, workspaceId, clock }: Context): SettingsWriter {
  return {
    async save({ environmentId, workflowId, settings, changedBy, via, reason, proposalId, restores, managed }) {
      const locked = await parseFirst(
        db.$queryRaw`
          WITH locked AS MATERIALIZED (
            SELECT id FROM environment WHERE workspace_id = ${workspaceId} AND id = ${environmentId}::uuid FOR NO KEY UPDATE
          )
          SELECT date_trunc('milliseconds', clock_timestamp()) AS now FROM locked`,
        z.object({ now: z.date() }),
      );
      if (locked === null) throw new Error(`There is no environment ${environmentId} in this workspace.`);
      // Whoever waited for the lock is later than whoever held it, so that numbers and times have one order.
      clock.now = locked.now;
      const row = await parseFirst(
        db.$queryRaw`
          INSERT INTO settings_revision AS s
            (workspace_id, environment_id, workflow_id, number, settings, changed_by, via, reason, proposal_id, restores, managed, at)
          SELECT ${workspaceId}, ${environmentId}::uuid, ${workflowId}::uuid, COALESCE(max(before.number), 0) + 1,
            ${JSON.stringify(settings)}::jsonb, ${changedBy}, ${via}, ${reason}, ${proposalId ?? null}::uuid, ${restores ?? null}::int,
            COALESCE(${managed ?? null}::text[], (
              SELECT last.managed FROM settings_revision last
              WHERE last.workspace_id = ${workspaceId} AND last.environment_id = ${environmentId}::uuid
                AND last.workflow_id IS NOT DISTINCT FROM ${workflowId}::uuid
              ORDER BY last.number DESC LIMIT 1
            ), '{}'), ${locked.now}
          FROM settings_revision before
          WHERE before.workspace_id = ${workspaceId} AND before.environment_id = ${environmentId}::uuid
          RETURNING ${COLUMNS}`,
        RevisionRow,
      );
      if (row === null) throw new Error('Settings were not written.');
      return row;
    },
  };
}
